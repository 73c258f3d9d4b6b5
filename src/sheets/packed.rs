//! What a workbook unpacks to, measured before it is read.
//!
//! Invariant: nothing reaches the reader of workbooks that would make it set aside more memory than the limits here,
//! whatever sizes the file says of itself.

use std::io::{self, Cursor, Read};

use zip::ZipArchive;

use super::SheetProblem;

/// The most bytes that the parts of a workbook may unpack to.
const MAX_UNPACKED: u64 = 100_000_000;
/// The most parts of a workbook.
const MAX_PARTS: usize = 2_000;
/// The most texts that a workbook may say it shares between its cells: room is set aside for as many as it says.
const MAX_SHARED: u64 = 2_000_000;

/// Unpacks every part once, keeping nothing, and refuses a file that is too large unpacked.
pub fn measure(bytes: &[u8]) -> Result<(), SheetProblem> {
    let mut packed = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if packed.len() > MAX_PARTS {
        return Err(too_large());
    }
    let mut left = MAX_UNPACKED;
    for part in 0..packed.len() {
        let mut part = packed.by_index(part).map_err(|_| damaged())?;
        let name = part.name().map_err(|_| damaged())?.to_lowercase();
        // One byte more than is left, so that passing the limit is told from reaching it.
        let mut limited = part.by_ref().take(left + 1);
        let unpacked = if name.ends_with("sharedstrings.xml") {
            let mut text = Vec::new();
            let unpacked = limited.read_to_end(&mut text).map_err(|_| damaged())?;
            check_shared(&text)?;
            u64::try_from(unpacked).unwrap_or(u64::MAX)
        } else {
            io::copy(&mut limited, &mut io::sink()).map_err(|_| damaged())?
        };
        left = left.checked_sub(unpacked).ok_or_else(too_large)?;
    }
    Ok(())
}

/// Refuses a part that says it has more texts than it could.
fn check_shared(part: &[u8]) -> Result<(), SheetProblem> {
    const COUNT: &[u8] = b"uniqueCount";
    // In an encoding of two bytes a letter the count would not be found.
    if part.contains(&0) {
        return Err(damaged());
    }
    let counts = part.windows(COUNT.len()).enumerate().filter(|(_, word)| *word == COUNT);
    for (at, _) in counts {
        let said = part[at + COUNT.len()..]
            .iter()
            .skip_while(|byte| !byte.is_ascii_digit())
            .take_while(|byte| byte.is_ascii_digit());
        let count = said.fold(0_u64, |count, digit| {
            count.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
        });
        if count > MAX_SHARED {
            return Err(too_large());
        }
    }
    Ok(())
}

fn too_large() -> SheetProblem {
    SheetProblem::error(
        "The workbook is too large once it is unpacked.",
        "Take out pictures and sheets that are not for the register, and rows and columns that only have a format.",
    )
}

/// What is said of a workbook that cannot be read.
pub fn damaged() -> SheetProblem {
    SheetProblem::error(
        "The file is packed like an Excel workbook (.xlsx), but is another kind of file or damaged.",
        "Open it in a spreadsheet program and save it as an Excel workbook (.xlsx) or as CSV.",
    )
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn packed(name: &str, mut write: impl FnMut(&mut dyn Write)) -> Vec<u8> {
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        write(&mut out);
        out.finish().unwrap().into_inner()
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let megabyte = vec![b' '; 1_000_000];
        let mut bomb = packed("xl/worksheets/sheet1.xml", |out| {
            (0..101).for_each(|_| out.write_all(&megabyte).unwrap());
        });
        assert!(bomb.len() < 500_000, "{}", bomb.len());
        assert_eq!(measure(&bomb), Err(too_large()));
        // Said to be four bytes, it is no smaller.
        let said = 101_000_000_u32.to_le_bytes();
        let places: Vec<usize> = (0..bomb.len() - 4).filter(|at| bomb[*at..at + 4] == said).collect();
        assert!(!places.is_empty());
        for at in places {
            bomb[at..at + 4].copy_from_slice(&4_u32.to_le_bytes());
        }
        assert!(measure(&bomb).is_err());
    }

    #[test]
    fn a_count_that_is_a_lie_is_refused() {
        let shared = |text: &str| packed("xl/sharedStrings.xml", |out| out.write_all(text.as_bytes()).unwrap());
        assert_eq!(measure(&shared("<sst count=\"3\" uniqueCount=\"3\"/>")), Ok(()));
        assert_eq!(measure(&shared("<sst uniqueCount = '99999999999'/>")), Err(too_large()));
        assert_eq!(measure(&shared("<sst u\0")), Err(damaged()));
    }

    #[test]
    fn what_is_no_zip_is_damaged() {
        assert_eq!(measure(b"PK\x03\x04 and then nothing"), Err(damaged()));
    }
}

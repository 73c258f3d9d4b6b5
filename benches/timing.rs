//! How long something took, and how much memory it had, in words.

use std::time::Duration;

/// In milliseconds.
pub fn ms(took: Duration) -> String {
    format!("{}.{} ms", took.as_millis(), took.as_micros() / 100 % 10)
}

/// So many times the other, in hundredths, without floats.
pub fn ratio(one: Duration, other: Duration) -> String {
    let percent = one.as_micros() * 100 / other.as_micros().max(1);
    format!("{}.{:02}", percent / 100, percent % 100)
}

/// The most memory that this process has had, in kB, since it was last begun anew; a database server's own is not in it.
///
/// # Errors
/// Where there is no `/proc`.
pub fn peak(anew: bool) -> Result<u64, Box<dyn std::error::Error>> {
    if anew {
        std::fs::write("/proc/self/clear_refs", "5")?;
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next()).ok_or("no VmHWM")?;
    Ok(number.parse()?)
}

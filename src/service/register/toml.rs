//! A register file as it is written: TOML, every table and every key known.
//!
//! Invariant: every fault of the file's shape is said at once, each with its line; what comes out has only known tables
//! and columns.

use countersign_domain::form::rule::did_you_mean;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::{Kind, RegisterFile, TABLES, Table};

/// More faults than this help nobody.
const MOST_FAULTS: usize = 50;

/// Reads a register file.
///
/// # Errors
/// Everything that is wrong with its shape, one fault a line, each with its place in the file.
pub fn read(text: &str) -> Result<RegisterFile, String> {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut reading = Reading {
        text,
        file: RegisterFile::default(),
        faults: Vec::new(),
    };
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        reading.fault(at, format!("{}.", error.message()));
    }
    if reading.faults.is_empty() {
        for (name, value) in document.get_ref() {
            reading.table(name.get_ref(), name.span().start, value);
        }
    }
    if reading.faults.is_empty() {
        Ok(reading.file)
    } else {
        reading.faults.sort();
        reading.faults.truncate(MOST_FAULTS);
        let said = reading
            .faults
            .into_iter()
            .map(|(line, message)| format!("line {line}: {message}"));
        Err(said.collect::<Vec<_>>().join("\n"))
    }
}

struct Reading<'a> {
    text: &'a str,
    file: RegisterFile,
    faults: Vec<(usize, String)>,
}

impl Reading<'_> {
    fn line(&self, at: usize) -> usize {
        let before = self.text.as_bytes().iter().take(at);
        before.filter(|byte| **byte == b'\n').count() + 1
    }

    fn fault(&mut self, at: usize, message: String) {
        let line = self.line(at);
        self.faults.push((line, message));
    }

    fn table(&mut self, name: &str, at: usize, value: &Spanned<DeValue>) {
        let Some(table) = TABLES.iter().find(|table| table.name == name) else {
            let help = did_you_mean(name, TABLES.iter().map(|table| table.name));
            self.fault(at, format!("There is no table `{name}` in a register. {help}"));
            return;
        };
        match value.get_ref() {
            DeValue::Table(one) => self.entry(table, value.span().start, one, None),
            DeValue::Array(entries) => {
                for entry in entries.iter() {
                    match entry.get_ref() {
                        DeValue::Table(one) => self.entry(table, entry.span().start, one, None),
                        _ => self.fault(
                            entry.span().start,
                            format!("An entry of `{name}` begins with [[{name}]]."),
                        ),
                    }
                }
            }
            _ => self.fault(at, format!("`{name}` is a table. Begin each entry with [[{name}]].")),
        }
    }

    /// One entry; `of` is the fund that it stands in, for a priority.
    fn entry(&mut self, table: &'static Table, at: usize, entry: &DeTable, of: Option<String>) {
        let mut cells: Vec<(String, Vec<String>)> =
            of.map(|fund| ("fund".to_owned(), vec![fund])).into_iter().collect();
        let mut places = vec![("", self.line(at))];
        for (name, value) in entry {
            let at = name.span().start;
            let name = name.get_ref().as_ref();
            if (table.name, name) == ("fund", "priorities") {
                self.priorities(entry, value);
                continue;
            }
            let Some(column) = table.columns.iter().find(|column| column.name == name) else {
                let help = did_you_mean(name, table.columns.iter().map(|column| column.name));
                let table = table.name;
                self.fault(at, format!("`{table}` has no `{name}`. {help}"));
                continue;
            };
            places.push((column.name, self.line(at)));
            match values(value.get_ref(), column.kind == Kind::List) {
                Some(values) => cells.push((name.to_owned(), values)),
                None if column.kind == Kind::List => {
                    self.fault(at, format!("`{name}` is a list. Write {name} = [\"…\", \"…\"]"));
                }
                None => self.fault(at, format!("`{name}` is one value. Write {name} = \"…\"")),
            }
        }
        if let Some(number) = self.file.add(table.name, cells) {
            let places = places
                .into_iter()
                .map(|(column, line)| ((table.name, number, column), line));
            self.file.lines.extend(places);
        }
    }

    /// The priorities of a fund, where they are written within it.
    fn priorities(&mut self, fund: &DeTable, value: &Spanned<DeValue>) {
        let key = fund.get("key").and_then(|key| values(key.get_ref(), false));
        let key = key.map(|key| key.join(""));
        let table = TABLES.iter().find(|table| table.name == "priority");
        let (Some(table), DeValue::Array(entries)) = (table, value.get_ref()) else {
            self.fault(
                value.span().start,
                "`priorities` is a list of { key = \"…\", title = \"…\" }.".to_owned(),
            );
            return;
        };
        for entry in entries.iter() {
            match entry.get_ref() {
                DeValue::Table(one) => self.entry(table, entry.span().start, one, key.clone()),
                _ => self.fault(
                    entry.span().start,
                    "A priority is written { key = \"…\", title = \"…\" }.".to_owned(),
                ),
            }
        }
    }
}

/// A value as text, or each of a list; none where one was wanted and the other stands there.
fn values(value: &DeValue, list: bool) -> Option<Vec<String>> {
    match value {
        DeValue::Array(several) if list => several.iter().map(|one| text(one.get_ref())).collect(),
        DeValue::Array(_) => None,
        one => text(one).map(|text| vec![text]),
    }
}

fn text(value: &DeValue) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Boolean(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        DeValue::Datetime(day) => Some(day.to_string()),
        DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_as_they_are_written_with_their_lines() {
        let file = read(
            "[fund]\nkey = \"a\"\npriorities = [\n  { key = \"p\", title = \"P\" },\n]\n\n[[holder]]\noffice = \"chair\"\n\
             from = 2018-04-01\ndeputy = true\n\n[[grant]]\namount = 400_568\n\n[[grant]]\namount = \"£1,200.50\"\n\
             [[share]]\nweight = 1.50\n[[assignment]]\ncontacts = [\"a\", \"b\"]\n",
        )
        .unwrap();
        assert_eq!(file.fund[0].key, "a");
        assert_eq!(
            (file.priority[0].fund.as_deref(), file.priority[0].key.as_str()),
            (Some("a"), "p")
        );
        assert_eq!(
            (file.holder[0].from.as_str(), file.holder[0].deputy.as_deref()),
            ("2018-04-01", Some("yes"))
        );
        assert_eq!(file.grant[0].amount.as_deref(), Some("400568"));
        assert_eq!(file.grant[1].amount.as_deref(), Some("£1,200.50"));
        assert_eq!(file.share[0].weight, "1.50");
        assert_eq!(file.assignment[0].contacts, ["a", "b"]);
        assert_eq!(file.line("holder", 0, Some("from")), Some(9));
        assert_eq!(file.line("grant", 1, Some("title")), Some(15));
        assert_eq!(file.line("priority", 0, Some("key")), Some(4));
        assert_eq!(file.line("grant", 2, None), None);
    }

    #[test]
    fn every_fault_of_the_shape_is_said_with_its_line() {
        let said = read(
            "[[grnat]]\nkey = \"x\"\n[[grant]]\nreferense = \"x\"\ntitle = [1]\n[[assignment]]\ncontacts = [[1]]\n\
             [office]\nkey = { a = 1 }\n",
        )
        .unwrap_err();
        let expected = [
            "line 1: There is no table `grnat` in a register. Did you mean `grant`?",
            "line 4: `grant` has no `referense`. Did you mean `reference`?",
            "line 5: `title` is one value. Write title = \"…\"",
            "line 7: `contacts` is a list. Write contacts = [\"…\", \"…\"]",
            "line 9: `key` is one value. Write key = \"…\"",
        ];
        assert_eq!(said.lines().collect::<Vec<_>>(), expected);
        assert!(read("key = \n").unwrap_err().starts_with("line 1: "));
        assert!(read("fund = 3").unwrap_err().contains("[[fund]]"));
    }

    #[test]
    fn every_table_has_columns_and_a_row_gives_one_value_for_each() {
        let mut file = RegisterFile::default();
        for table in TABLES {
            let cells = table
                .columns
                .iter()
                .map(|column| (column.name.to_owned(), vec![format!("a {}", column.name)]));
            assert_eq!(file.add(table.name, cells), Some(0), "{}", table.name);
            let expected: Vec<String> = table
                .columns
                .iter()
                .map(|column| format!("a {}", column.name))
                .collect();
            assert_eq!(file.rows(table.name), vec![expected], "{}", table.name);
            assert_eq!(super::super::file::table(table.name), Some(table));
        }
        assert_eq!(file.add("nothing", []), None);
        assert_eq!(
            super::super::file::table("People").map(|table| table.name),
            Some("person")
        );
        assert_eq!(
            super::super::file::table("grants").map(|table| table.name),
            Some("grant")
        );
    }
}

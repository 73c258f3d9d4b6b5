//! PDF files read back.

use lopdf::content::Content;
use lopdf::{Document, Object};

/// The words of each page, in the order in which they are written.
pub fn pages(bytes: &[u8]) -> Vec<String> {
    let read = Document::load_mem(bytes).expect("the file can be read");
    let numbers: Vec<u32> = read.get_pages().into_keys().collect();
    let words = |page: u32| read.extract_text(&[page]).expect("its text can be read");
    numbers
        .into_iter()
        .map(words)
        .map(|text| text.replace('\u{200b}', ""))
        .collect()
}

/// All the words.
pub fn text(bytes: &[u8]) -> String {
    pages(bytes).join("\n")
}

/// How far to the right each piece of text begins, in points.
pub fn places(bytes: &[u8]) -> Vec<i64> {
    let read = Document::load_mem(bytes).expect("the file can be read");
    let mut found = Vec::new();
    for page in read.get_pages().into_values() {
        let content = Content::decode(&read.get_page_content(page)).expect("it can be read");
        for operation in content.operations.iter().filter(|operation| operation.operator == "Tm") {
            found.extend(operation.operands.get(4).and_then(whole));
        }
    }
    assert!(!found.is_empty(), "no text was placed");
    found
}

fn whole(number: &Object) -> Option<i64> {
    match number {
        Object::Integer(number) => Some(*number),
        Object::Real(number) => Some(*number as i64),
        _ => None,
    }
}

//! Keys made from titles. What a plan's rows propose is tested where they are agreed.

use std::collections::BTreeSet;

use super::key_for;

#[test]
fn a_key_is_made_once_and_unlike_every_other() {
    let mut taken = BTreeSet::new();
    let mut key = |title: &str| {
        let key = key_for(title, &taken);
        taken.insert(key.clone());
        key
    };
    assert_eq!(key("Sexual violence: support"), "sexual-violence-support");
    assert_eq!(key("Sexual Violence — support!"), "sexual-violence-support-2");
    assert_eq!(key("Women’s aid"), "womens-aid");
    assert_eq!((key("…").as_str(), key("").as_str()), ("part", "part-2"));
    let long = key(&"long ".repeat(40));
    assert!(long.len() <= 40 && long.ends_with("long"), "{long}");
}

//! What is typed for each month and each refuge.
//!
//! Invariant: every box of the return is filled in on its own page, as its provider would.

use crate::outside::browser::TestBrowser;

/// A month of both refuges.
pub struct Month {
    /// The morning on which its return opens.
    pub opens: &'static str,
    pub label: &'static str,
    pub last_night: &'static str,
    refuges: [Refuge; 2],
}

/// A month of one refuge; tables are given in the order of their rows.
struct Refuge {
    key: &'static str,
    /// For each kind of room: rooms, room nights available and occupied.
    rooms: [[&'static str; 3]; 3],
    why_low: Option<&'static str>,
    vacancies: &'static str,
    /// Households, adults, children, and households on the last night.
    housed: [&'static str; 4],
    /// Received, offered, moved in.
    referrals: [&'static str; 3],
    /// By reason; nothing where everybody who was referred moved in, and nothing is asked.
    not_housed: &'static [&'static str],
    other_reason: Option<&'static str>,
    left: [&'static str; 8],
    /// Nights in all, and the longest stay.
    stays: [&'static str; 2],
    /// Staff, and the building.
    spent: [&'static str; 2],
    /// Posts that there should be, and posts filled.
    posts: [&'static str; 2],
    incidents: [&'static str; 5],
    what_was_done: Option<&'static str>,
}

const KINDS: [&str; 3] = ["single", "family", "accessible"];
const REASONS: [&str; 9] = [
    "full", "size", "access", "support", "area", "recourse", "declined", "lost", "other",
];
const DESTINATIONS: [&str; 8] = [
    "council",
    "private",
    "refuge",
    "supported",
    "family",
    "home_safe",
    "home_unsafe",
    "unknown",
];
const INCIDENTS: [&str; 5] = ["safeguarding", "found", "violence", "injury", "fire"];
const NONE: [&str; 5] = ["0"; 5];

pub const APRIL: Month = Month {
    opens: "2018-05-01 09:00",
    label: "April 2018",
    last_night: "30 April 2018",
    refuges: [
        Refuge {
            key: "quay",
            rooms: [["2", "60", "51"], ["3", "90", "85"], ["1", "30", "21"]],
            why_low: None,
            vacancies: "1",
            housed: ["7", "7", "9", "5"],
            referrals: ["9", "4", "3"],
            not_housed: &["3", "0", "0", "0", "0", "1", "0", "1", "1"],
            other_reason: Some("A place nearer to work was found first."),
            left: ["1", "1", "0", "0", "0", "0", "0", "0"],
            stays: ["143", "101"],
            spent: ["7,050.25", "2,310"],
            posts: ["6.5", "5.5"],
            incidents: ["1", "0", "0", "0", "0"],
            what_was_done: Some("A worry about a child was passed on the same day."),
        },
        Refuge {
            key: "orchard",
            rooms: [["1", "30", "20"], ["3", "90", "75"], ["0", "0", "0"]],
            why_low: Some("A family room was being repaired after a leak, and two families waited for it."),
            vacancies: "1",
            housed: ["4", "4", "6", "3"],
            referrals: ["4", "2", "1"],
            not_housed: &["0", "2", "0", "0", "0", "0", "1", "0", "0"],
            other_reason: None,
            left: ["0", "0", "1", "0", "0", "0", "0", "0"],
            stays: ["38", "38"],
            spent: ["4,333.33", "1,600"],
            posts: ["4", "4"],
            incidents: NONE,
            what_was_done: None,
        },
    ],
};

pub const MAY: Month = Month {
    opens: "2018-06-01 09:00",
    label: "May 2018",
    last_night: "31 May 2018",
    refuges: [
        Refuge {
            key: "quay",
            rooms: [["2", "62", "58"], ["3", "93", "90"], ["1", "31", "28"]],
            why_low: None,
            vacancies: "0",
            // One more than came by referral.
            housed: ["8", "8", "11", "7"],
            referrals: ["5", "2", "2"],
            not_housed: &["3", "0", "0", "0", "0", "0", "0", "0", "0"],
            other_reason: None,
            left: ["1", "0", "0", "0", "0", "0", "0", "0"],
            stays: ["96", "96"],
            spent: ["7,210.25", "2,310"],
            posts: ["6.5", "6.5"],
            incidents: NONE,
            what_was_done: None,
        },
        Refuge {
            key: "orchard",
            rooms: [["1", "31", "31"], ["3", "93", "80"], ["0", "0", "0"]],
            why_low: None,
            vacancies: "0",
            housed: ["5", "5", "7", "4"],
            referrals: ["2", "2", "2"],
            not_housed: &[],
            other_reason: None,
            left: ["0", "1", "0", "0", "0", "0", "0", "0"],
            stays: ["61", "61"],
            spent: ["4,333.33", "1,575"],
            posts: ["4", "4"],
            incidents: NONE,
            what_was_done: None,
        },
    ],
};

/// Opens the page of a section.
pub async fn open(contact: &mut TestBrowser, key: &str) {
    contact.visit(&format!("/return/section/{key}")).await;
    assert_eq!(contact.status, 200, "{}", contact.says());
}

async fn save(contact: &mut TestBrowser) {
    contact.press("Save and come back later").await;
    assert_eq!(contact.path(), "/return", "{}", contact.says());
}

/// Says which night these figures end with, like `30 April 2018`.
pub async fn last_night(contact: &mut TestBrowser, day: &str) {
    open(contact, "month").await;
    for (part, typed) in ["day", "month", "year"].into_iter().zip(day.split(' ')) {
        contact.fill(&format!("a.last_night.{part}"), typed);
    }
    save(contact).await;
}

pub async fn fill_in(contact: &mut TestBrowser, month: &Month) {
    last_night(contact, month.last_night).await;
    for refuge in &month.refuges {
        rooms(contact, refuge).await;
        households(contact, refuge).await;
        open(contact, &format!("money/{}", refuge.key)).await;
        contact.fill("a.budget.staff.spent", refuge.spent[0]);
        contact.fill("a.budget.building.spent", refuge.spent[1]);
        save(contact).await;
        staff(contact, refuge).await;
    }
    open(contact, "story").await;
    contact
        .fill(
            "A story that shows",
            "A mother slept through the night for the first time in a year, and said so at breakfast.",
        )
        .tick("I declare this");
    save(contact).await;
}

async fn rooms(contact: &mut TestBrowser, refuge: &Refuge) {
    open(contact, &format!("rooms/{}", refuge.key)).await;
    for (kind, figures) in KINDS.into_iter().zip(refuge.rooms) {
        for (column, typed) in ["units", "available", "occupied"].into_iter().zip(figures) {
            contact.fill(&format!("a.beds.{kind}.{column}"), typed);
        }
    }
    contact.fill("a.vacancies.value", refuge.vacancies);
    save(contact).await;
    if let Some(why) = refuge.why_low {
        open(contact, &format!("rooms/{}", refuge.key)).await;
        contact.fill("Why occupancy is below 85 per cent", why);
        save(contact).await;
    }
}

async fn households(contact: &mut TestBrowser, refuge: &Refuge) {
    let key = format!("households/{}", refuge.key);
    open(contact, &key).await;
    let asked = ["housed", "adults", "children", "housed_after"];
    for (question, typed) in asked.into_iter().zip(refuge.housed) {
        contact.fill(&format!("a.{question}.value"), typed);
    }
    let stages = ["received", "offered", "moved_in"];
    for (stage, typed) in stages.into_iter().zip(refuge.referrals) {
        contact.fill(&format!("a.referrals.{stage}.number"), typed);
    }
    for (destination, typed) in DESTINATIONS.into_iter().zip(refuge.left) {
        contact.fill(&format!("a.moves_on.{destination}.left"), typed);
    }
    save(contact).await;
    // These are asked because of what stands above them.
    open(contact, &key).await;
    contact.fill("a.nights_stayed.value", refuge.stays[0]);
    contact.fill("a.longest_stay.value", refuge.stays[1]);
    for (reason, typed) in REASONS.into_iter().zip(refuge.not_housed.iter().copied()) {
        contact.fill(&format!("a.not_housed.{reason}.households_refused"), typed);
    }
    save(contact).await;
    if let Some(other) = refuge.other_reason {
        open(contact, &key).await;
        contact.fill("a.other_reason.value", other);
        save(contact).await;
    }
}

async fn staff(contact: &mut TestBrowser, refuge: &Refuge) {
    let key = format!("running/{}", refuge.key);
    open(contact, &key).await;
    contact.fill("a.posts.value", refuge.posts[0]);
    contact.fill("a.filled.value", refuge.posts[1]);
    for (incident, typed) in INCIDENTS.into_iter().zip(refuge.incidents) {
        contact.fill(&format!("a.incidents.{incident}.number"), typed);
    }
    save(contact).await;
    if let Some(done) = refuge.what_was_done {
        open(contact, &key).await;
        contact.fill("What happened and what was done", done);
        save(contact).await;
    }
}

//! The quarters of the three contracts, and the year's figures as they were signed.
//!
//! Invariant: money and sessions of the four quarters come to the year's; people are counted since April, so that the
//! last quarter's are the year's.

use crate::outside::browser::TestBrowser;
use crate::outside::people::Someone;

/// By question: what is typed in each of the four quarters.
type Figures = &'static [(&'static str, [&'static str; 4])];
/// By question: so many of so many, in each of the four quarters.
type Ratios = &'static [(&'static str, [(&'static str, &'static str); 4])];

/// A provider and its year.
#[derive(Clone, Copy)]
pub struct Provider {
    pub contact: Someone,
    spent: [&'static str; 4],
    figures: Figures,
    ratios: Ratios,
}

/// Domestic abuse.
pub const PDAS: Provider = Provider {
    contact: Someone {
        name: "Demelza Rowe",
        address: "demelza.rowe@abuse-service.example.org",
    },
    spent: ["40,050", "39,800", "40,300", "40,050"],
    figures: &[
        ("supported_so_far", ["540", "1,061", "1,588", "2,067"]),
        ("idva_so_far", ["104", "215", "331", "440"]),
        ("trained_so_far", ["28", "61", "95", "124"]),
    ],
    ratios: &[
        (
            "took_up",
            [
                ("540", "645"),
                ("1,061", "1,262"),
                ("1,588", "1,889"),
                ("2,067", "2,461"),
            ],
        ),
        (
            "referred_again",
            [("22", "540"), ("43", "1,061"), ("64", "1,588"), ("83", "2,067")],
        ),
        (
            "left_as_planned",
            [("380", "424"), ("771", "858"), ("1,190", "1,323"), ("1,620", "1,800")],
        ),
    ],
};

/// Sexual violence.
pub const FIRST_LIGHT: Provider = Provider {
    contact: Someone {
        name: "Elowen Tripp",
        address: "elowen.tripp@counselling.example.org",
    },
    spent: ["6,250", "6,250", "6,250", "6,250"],
    figures: &[
        ("sessions", ["221", "233", "238", "243"]),
        ("sessions_target", ["196", "196", "196", "196"]),
        ("counselled_so_far", ["58", "109", "155", "197"]),
    ],
    ratios: &[
        ("self_harm", [("4", "6"), ("5", "8"), ("6", "8"), ("5", "7")]),
        ("harm_to_others", [("5", "6"), ("7", "8"), ("6", "8"), ("6", "7")]),
        ("harm_from_others", [("4", "6"), ("6", "8"), ("7", "8"), ("6", "7")]),
    ],
};

/// Drugs and alcohol.
pub const HARBOUR: Provider = Provider {
    contact: Someone {
        name: "Nadia Brant",
        address: "nadia.brant@treatment.example.org",
    },
    spent: ["24,625", "24,625", "24,625", "24,625"],
    figures: &[],
    ratios: &[
        (
            "contact_opiate",
            [("291", "1,219"), ("297", "1,224"), ("302", "1,227"), ("308", "1,231")],
        ),
        (
            "contact_non_opiate",
            [("13", "81"), ("12", "79"), ("12", "77"), ("11", "76")],
        ),
        (
            "contact_alcohol",
            [("33", "362"), ("31", "358"), ("30", "353"), ("29", "351")],
        ),
        ("contact_both", [("9", "131"), ("8", "129"), ("8", "127"), ("7", "125")]),
        (
            "completed_opiate",
            [("12", "291"), ("13", "297"), ("14", "302"), ("15", "308")],
        ),
        (
            "completed_non_opiate",
            [("2", "13"), ("1", "12"), ("1", "12"), ("0", "11")],
        ),
        (
            "completed_alcohol",
            [("9", "33"), ("8", "31"), ("8", "30"), ("7", "29")],
        ),
        ("completed_both", [("4", "9"), ("3", "8"), ("3", "8"), ("3", "7")]),
        ("returned_opiate", [("2", "9"), ("2", "10"), ("3", "11"), ("3", "12")]),
        ("returned_non_opiate", [("0", "1"), ("0", "1"), ("0", "0"), ("0", "0")]),
        ("returned_alcohol", [("1", "5"), ("0", "5"), ("0", "4"), ("0", "4")]),
        ("returned_both", [("0", "2"), ("0", "1"), ("0", "1"), ("0", "1")]),
    ],
};

/// What was signed for the year: the allocation, the question and its figure in words.
pub const SIGNED: [(&str, &str, &str); 40] = [
    ("domestic-abuse", "spent", "£160,200.00"),
    ("sexual-violence", "spent", "£25,000.00"),
    ("drug-and-alcohol", "spent", "£98,500.00"),
    ("healthy-relationships", "spent", "£43,500.00"),
    ("asb", "spent", "£16,486.00"),
    ("awareness", "spent", "£36,000.00"),
    ("prevent", "spent", "£10,000.00"),
    ("infrastructure", "spent", "£38,560.00"),
    ("asb", "allocated", "£16,486.00"),
    ("infrastructure", "allocated", "£38,560.00"),
    ("domestic-abuse", "share", "29.0%"),
    ("sexual-violence", "share", "33.3%"),
    ("drug-and-alcohol", "share", "5.2%"),
    ("domestic-abuse", "victims_supported", "2,067"),
    ("domestic-abuse", "idva_clients", "440"),
    ("domestic-abuse", "professionals_trained", "124"),
    ("domestic-abuse", "engagement", "84%"),
    ("domestic-abuse", "re_referral", "4%"),
    ("domestic-abuse", "planned_exits", "90%"),
    ("sexual-violence", "sessions", "935"),
    ("sexual-violence", "people_counselled", "197"),
    ("sexual-violence", "self_harm", "71% (5 of 7)"),
    ("sexual-violence", "harm_to_others", "86% (6 of 7)"),
    ("asb", "members_engaged", "122"),
    ("asb", "escalation_rate", "20%"),
    ("asb", "escalation_rate_before", "64%"),
    ("asb", "asb_change", "-4.4%"),
    ("infrastructure", "survey_responses", "466"),
    ("drug-and-alcohol", "contact_opiate", "25.0% (308 of 1,231)"),
    ("drug-and-alcohol", "contact_non_opiate", "14.5% (11 of 76)"),
    ("drug-and-alcohol", "contact_alcohol", "8.3% (29 of 351)"),
    ("drug-and-alcohol", "contact_both", "5.6% (7 of 125)"),
    ("drug-and-alcohol", "completed_opiate", "4.9% (15 of 308)"),
    ("drug-and-alcohol", "completed_non_opiate", "0.0% (0 of 11)"),
    ("drug-and-alcohol", "completed_alcohol", "24.1% (7 of 29)"),
    ("drug-and-alcohol", "completed_both", "42.9% (3 of 7)"),
    ("drug-and-alcohol", "returned_opiate", "25.0% (3 of 12)"),
    ("drug-and-alcohol", "returned_non_opiate", "Not applicable"),
    ("drug-and-alcohol", "returned_alcohol", "0.0% (0 of 4)"),
    ("drug-and-alcohol", "returned_both", "0.0% (0 of 1)"),
];

impl TestBrowser {
    /// Fills in a quarter of a provider, from 0, page by page.
    pub async fn fill_the_quarter(&mut self, provider: Provider, quarter: usize) {
        self.visit("/return/section/money").await;
        self.fill("a.spent.value", provider.spent[quarter]).save().await;
        self.visit("/return/section/work").await;
        for (question, typed) in provider.figures {
            self.fill(&format!("a.{question}.value"), typed[quarter]);
        }
        for (question, typed) in provider.ratios {
            let (of, per) = typed[quarter];
            self.fill(&format!("a.{question}.of"), of)
                .fill(&format!("a.{question}.per"), per);
        }
        self.save().await;
        self.visit("/return/section/words").await;
        self.fill("What went well and what did not", "The quarter went as planned.")
            .tick("I declare this")
            .save()
            .await;
    }
}

//! The figures that one partnership's paper printed in 2018, wrong ones included, typed into the pages.
//!
//! Invariant: a question is found by the words that the form gives it, and nothing is typed but what a person would.

use std::sync::OnceLock;

use countersign_domain::form::parse::parse;
use countersign_domain::form::schema::{Form, Kind};

use super::browser::TestBrowser;
use super::server::FORM;

/// The projects: key, title, what was allocated as the task list says it, and what was spent.
pub const PROJECTS: [(&str, &str, &str, &str); 8] = [
    (
        "domestic-abuse",
        "Domestic abuse victim service",
        "£160,200.00",
        "160,200",
    ),
    (
        "sexual-violence",
        "Sexual violence therapeutic services",
        "£25,000.00",
        "25,000",
    ),
    ("drug-and-alcohol", "Drug and alcohol contract", "£98,500.00", "98,500"),
    ("healthy-relationships", "Healthy relationships", "£43,500.00", "43,500"),
    (
        "asb",
        "Anti-social behaviour and emerging local issues",
        "£16,486.00",
        "16,486",
    ),
    ("awareness", "Awareness raising", "£36,000.00", "36,000"),
    ("prevent", "Prevent and welcoming city", "£10,000.00", "10,000"),
    ("infrastructure", "Partnership infrastructure", "£39,000.00", "38,560"),
];

const FIGURES: [(&str, &str, &str); 23] = [
    ("domestic-abuse", "share", "28%"),
    ("domestic-abuse", "victims_supported", "2,067"),
    ("domestic-abuse", "idva_clients", "440"),
    ("domestic-abuse", "professionals_trained", "124"),
    ("domestic-abuse", "engagement", "84%"),
    ("domestic-abuse", "re_referral", "4%"),
    ("domestic-abuse", "planned_exits", "90%"),
    ("sexual-violence", "share", "33%"),
    ("sexual-violence", "sessions", "935"),
    ("sexual-violence", "people_counselled", "197"),
    ("sexual-violence", "capacity_above_target", "19"),
    ("drug-and-alcohol", "share", "0.5%"),
    ("healthy-relationships", "pilot_schools", "2"),
    ("asb", "members_engaged", "122"),
    ("asb", "premises_closed", "10"),
    ("asb", "order_warnings", "35"),
    ("asb", "escalation_rate", "20"),
    ("asb", "escalation_rate_before", "64"),
    ("asb", "asb_change", "-4.4"),
    ("asb", "slavery_operations", "16"),
    ("asb", "slavery_supported", "13"),
    ("awareness", "awareness_sessions", "4"),
    ("infrastructure", "survey_responses", "466"),
];

const RATIOS: [(&str, &str, &str, &str); 16] = [
    ("sexual-violence", "self_harm", "5", "7"),
    ("sexual-violence", "harm_to_others", "6", "7"),
    ("sexual-violence", "harm_from_others", "6", "7"),
    ("drug-and-alcohol", "contact_opiate", "308", "1,231"),
    ("drug-and-alcohol", "contact_non_opiate", "11", "76"),
    ("drug-and-alcohol", "contact_alcohol", "29", "351"),
    ("drug-and-alcohol", "contact_both", "7", "125"),
    ("drug-and-alcohol", "completed_opiate", "15", "308"),
    ("drug-and-alcohol", "completed_non_opiate", "0", "11"),
    ("drug-and-alcohol", "completed_alcohol", "7", "29"),
    ("drug-and-alcohol", "completed_both", "3", "7"),
    ("drug-and-alcohol", "returned_opiate", "3", "12"),
    ("drug-and-alcohol", "returned_non_opiate", "0", "0"),
    ("drug-and-alcohol", "returned_alcohol", "0", "4"),
    ("drug-and-alcohol", "returned_both", "0", "1"),
    ("prevent", "prevent_schools", "4", "12"),
];

/// What the anti-social behaviour money was spent on: £16,535, though £16,486 was spent.
const ITEMS: [(&str, &str); 8] = [
    ("Weekly sessions", "700"),
    ("Leaflets", "134"),
    ("Door alarms", "1,322"),
    ("Mediation", "3,500"),
    ("Street work", "5,000"),
    ("Training", "1,000"),
    ("Cameras", "1,879"),
    ("Summer programme", "3,000"),
];

/// The shares, put right.
pub const SHARES: [(&str, &str); 3] = [
    ("domestic-abuse", "29.0%"),
    ("sexual-violence", "33.3%"),
    ("drug-and-alcohol", "5.2%"),
];

/// What every project achieved.
pub const OUTCOME: &str = "The project did what it set out to do.";
/// A case study.
pub const STORY: &str = "One family moved on and lives in safety.";

/// The form.
pub fn form() -> &'static Form {
    static PARSED: OnceLock<Form> = OnceLock::new();
    PARSED.get_or_init(|| parse(FORM).unwrap_or_else(|problems| panic!("{problems:#?}")))
}

/// The words of a question.
pub fn label(question: &str) -> &'static str {
    &form()
        .question(question)
        .unwrap_or_else(|| panic!("no question {question}"))
        .1
        .label
        .en
}

/// The title of a project.
pub fn title(project: &str) -> &'static str {
    PROJECTS
        .iter()
        .find(|(key, ..)| *key == project)
        .unwrap_or_else(|| panic!("no project {project}"))
        .1
}

impl TestBrowser {
    /// Opens a project's page from the task list.
    pub async fn open_project(&mut self, project: &str) {
        self.visit("/return").await;
        self.follow(title(project)).await;
    }

    /// Types an answer.
    pub fn answer(&mut self, question: &str, text: &str) -> &mut Self {
        self.fill(label(question), text)
    }

    /// Types a ratio.
    pub fn answer_ratio(&mut self, question: &str, of: &str, per: &str) -> &mut Self {
        let (_, asked) = form().question(question).expect("a question");
        let Kind::Ratio {
            of_label, per_label, ..
        } = &asked.kind
        else {
            panic!("{question} is not a ratio")
        };
        let legend = label(question);
        self.fill(&format!("{legend} > {}", of_label.en), of)
            .fill(&format!("{legend} > {}", per_label.en), per)
    }

    /// Saves the page, and stays within the return.
    pub async fn save(&mut self) {
        self.press("Save and continue").await;
        assert_eq!(self.status, 200, "{}", self.says());
    }

    /// Fills in one project as the paper had it, and saves.
    pub async fn fill_project(&mut self, project: &str) {
        self.open_project(project).await;
        let spent = PROJECTS.iter().find(|(key, ..)| *key == project).expect("a project").3;
        self.answer("spent", spent)
            .answer("outcomes", OUTCOME)
            .answer("case_study", STORY);
        for (_, question, value) in FIGURES.iter().filter(|(of, ..)| *of == project) {
            self.answer(question, value);
        }
        for (_, question, of, per) in RATIOS.iter().filter(|(key, ..)| *key == project) {
            self.answer_ratio(question, of, per);
        }
        self.save().await;
        if project == "asb" {
            self.fill_items().await;
        }
    }

    /// The eight items of anti-social behaviour, with more rows asked for until there are enough.
    async fn fill_items(&mut self) {
        self.open_project("asb").await;
        for (row, (item, amount)) in ITEMS.iter().enumerate() {
            let (item_box, amount_box) = (format!("Item {}", row + 1), format!("Amount of item {}", row + 1));
            if !self.has(&amount_box) {
                self.press("Add another item").await;
            }
            self.fill(&item_box, item).fill(&amount_box, amount);
        }
        self.save().await;
    }

    /// Fills in the whole return as the paper had it: nothing about virements or explanations.
    pub async fn fill_the_paper(&mut self) {
        for (project, ..) in PROJECTS {
            self.fill_project(project).await;
        }
        self.open_project("infrastructure").await;
        let note = "Less was needed than planned, and it covers what another project lacked.";
        self.answer("spending_note", note).save().await;
        self.visit("/return").await;
        self.follow("The year as a whole").await;
        self.answer("overview", "Eight projects ran, seven of them as planned.")
            .save()
            .await;
        self.visit("/return").await;
        self.follow("Declaration").await;
        self.tick("I declare this").save().await;
    }

    /// Puts the wrong shares right.
    pub async fn put_the_shares_right(&mut self) {
        for (project, share) in SHARES {
            self.open_project(project).await;
            self.answer("share", share).save().await;
        }
    }

    /// Explains every warning on the page that checks the answers.
    pub async fn explain_all(&mut self, why: &str) {
        self.visit("/return/check").await;
        let boxes: Vec<String> = super::browser::controls_of(self.source())
            .into_iter()
            .filter(|control| control.name.starts_with("why.") && control.value.is_empty())
            .map(|control| control.name)
            .collect();
        for name in boxes {
            self.fill(&name, why);
        }
        self.press("Save explanations").await;
    }
}

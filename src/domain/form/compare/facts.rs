//! A form taken apart into things that have an id, each with what is said of it, key by key.
//!
//! Invariant: every field of every record is named here without `..`, so that a new one is compared or does not compile.

use super::fact::{Facts, severity};
use super::kinds::of_kind;
use crate::form::schema::{
    AddUp, Audience, Benchmark, Check, Each, Every, Form, Measure, MessagePart, MoneyIs, OwedBy, Party, Plan, Question,
    Rows, Schedule, Section, Stage, StageKind, Target, Than, Words,
};

pub(super) fn of_form(form: &Form) -> Facts {
    let mut facts = Facts::default();
    facts.words("title", &form.title);
    facts.put(
        "owed_by",
        match form.owed_by {
            OwedBy::Grant => "grant",
            OwedBy::Allocation => "allocation",
            OwedBy::Provider => "provider",
        },
    );
    facts.put(
        "audience",
        match form.audience {
            Audience::Internal => "internal",
            Audience::Panel => "panel",
            Audience::Public => "public",
        },
    );
    facts
}

pub(super) fn of_schedule(schedule: &Schedule) -> Facts {
    let Schedule {
        every,
        opens,
        due,
        closes,
        remind,
        escalate,
    } = schedule;
    let mut facts = Facts::default();
    let word = match every {
        Every::Month => "month",
        Every::Quarter => "quarter",
        Every::FourMonths => "four-months",
        Every::HalfYear => "half-year",
        Every::FinancialYear => "financial-year",
        Every::Once => "once",
        Every::Dates(_) => "the periods of `dates`",
    };
    facts.put("every", word);
    if let Every::Dates(periods) = every {
        for of in periods {
            let own = [("opens", &of.opens), ("due", &of.due), ("closes", &of.closes)];
            let own = own
                .iter()
                .filter_map(|(key, rule)| Some(format!(", {key} {}", rule.as_ref()?)));
            let label = of
                .label
                .as_ref()
                .map_or_else(String::new, |label| format!(" “{}”", label.en));
            facts.put(
                &format!("period {}", of.period),
                format!("{}{label}{}", of.period, own.collect::<String>()),
            );
        }
    }
    facts.put("opens", opens);
    facts.put("due", due);
    facts.put("closes", closes);
    let list = |rules: Vec<String>| (!rules.is_empty()).then(|| rules.join(", "));
    facts.maybe("remind", list(remind.iter().map(ToString::to_string).collect()));
    let steps = escalate.iter().map(|step| format!("{} to {}", step.at, step.to));
    facts.maybe("escalate", list(steps.collect()));
    facts
}

pub(super) fn of_stage(stage: &Stage) -> Facts {
    let Stage {
        id: _,
        kind,
        by,
        not_also,
        statement,
    } = stage;
    let mut facts = Facts::default();
    facts.put(
        "kind",
        match kind {
            StageKind::Review => "review",
            StageKind::SignOff => "sign-off",
        },
    );
    facts.put("by", by);
    for party in not_also {
        let party = match party {
            Party::Preparer => "preparer",
            Party::Stage(stage) => stage,
        };
        facts.yes(&format!("not_also {party}"), true);
    }
    if let Some(statement) = statement {
        facts.words("statement", statement);
    }
    facts
}

pub(super) fn of_section(section: &Section) -> Facts {
    let Section {
        id: _,
        title,
        hint,
        each: _, // another `each` breaks, and is said as that
        rows,
        plan,
        questions: _,
    } = section;
    let mut facts = Facts::default();
    facts.words("title", title);
    if let Some(hint) = hint {
        facts.words("hint", hint);
    }
    if let Some(Rows { named_by, min, max }) = rows {
        facts.put("named_by", named_by);
        facts.put("min_rows", min);
        facts.put("max_rows", max);
    }
    if let Some(plan) = plan {
        of_plan(plan, &mut facts);
    }
    facts
}

fn of_plan(plan: &Plan, facts: &mut Facts) {
    let Plan {
        title,
        amount,
        provider,
        priorities,
        parts,
        contract_total,
        contract_ends_on,
        other_funding,
        held_back_for,
    } = plan;
    facts.put("plan title", title);
    facts.put("plan amount", amount);
    facts.maybe("plan provider", provider.as_ref());
    facts.maybe("plan priorities", priorities.as_ref());
    facts.maybe("plan parts", parts.as_ref());
    facts.maybe("plan contract_total", contract_total.as_ref());
    facts.maybe("plan contract_ends_on", contract_ends_on.as_ref());
    facts.maybe("plan other_funding", other_funding.as_ref());
    facts.maybe("plan held_back_for", held_back_for.as_ref());
}

pub(super) fn of_question(question: &Question) -> Facts {
    let Question {
        id: _,
        label,
        hint,
        kind,
        required,
        show_if,
        from,
        locked,
        may_be_approximate,
        may_be_unknown,
        may_be_inapplicable,
        same_as,
        money_is,
        roll_up,
        previous,
        total,
        decided_in,
        over_providers,
        over_time,
        target,
        benchmark,
        baseline,
    } = question;
    let mut facts = Facts::default();
    facts.words("label", label);
    if let Some(hint) = hint {
        facts.words("hint", hint);
    }
    facts.yes("required", *required);
    of_kind(kind, &mut facts);
    facts.rule("show_if", show_if.as_ref());
    facts.rule("from", from.as_ref());
    let beneath = roll_up.as_ref().map(|of| format!("returns.{}.{}", of.form, of.measure));
    facts.maybe("from returns", beneath);
    facts.yes("locked", *locked);
    facts.yes("approximately", *may_be_approximate);
    facts.yes("not_known", *may_be_unknown);
    facts.yes("not_applicable", *may_be_inapplicable);
    if let Some(same) = same_as {
        facts.rule("same_as", Some(&same.rule));
        facts.put("severity of same_as", severity(same.severity));
    }
    facts.maybe(
        "money_is",
        money_is.map(|is| match is {
            MoneyIs::Spent => "spent",
            MoneyIs::Committed => "committed",
        }),
    );
    facts.yes("previous", *previous);
    facts.yes("total", *total);
    facts.maybe("decided_in", decided_in.as_ref());
    facts.maybe("over_providers", over_providers.map(add_up));
    facts.maybe("over_time", over_time.map(add_up));
    aims(target.as_ref(), benchmark.as_ref(), baseline.as_ref(), &mut facts);
    facts
}

pub(super) fn of_measure(measure: &Measure) -> Facts {
    let Measure {
        id: _,
        title,
        section,
        table,
        of,
        per,
        places,
        previous,
        target,
        benchmark,
        baseline,
    } = measure;
    let mut facts = Facts::default();
    facts.words("title", title);
    facts.put("in", table.as_ref().unwrap_or(section));
    facts.put("of", of);
    facts.put("per", per);
    facts.places(*places);
    facts.yes("previous", *previous);
    aims(target.as_ref(), benchmark.as_ref(), baseline.as_ref(), &mut facts);
    facts
}

pub(super) fn of_check(check: &Check) -> Facts {
    let Check {
        id: _,
        section,
        table,
        rule,
        severity: of,
        at,
        message,
    } = check;
    let mut facts = Facts::default();
    facts.maybe("in", table.as_ref().or(section.as_ref()));
    facts.rule("rule", Some(rule));
    facts.put("severity", severity(*of));
    facts.put("at", at.join(", "));
    let parts = message.parts.iter().map(|part| match part {
        MessagePart::Text(text) => text.clone(),
        MessagePart::Value(rule) => format!("{{{}}}", rule.source()),
    });
    facts.put("message", format!("“{}”", parts.collect::<String>()));
    facts
}

pub(super) fn of_cohort(title: &Words) -> Facts {
    let mut facts = Facts::default();
    facts.words("title", title);
    facts
}

fn aims(target: Option<&Target>, benchmark: Option<&Benchmark>, baseline: Option<&Benchmark>, facts: &mut Facts) {
    let sign = |than: Than| match than {
        Than::AtLeast => ">=",
        Than::AtMost => "<=",
        Than::Below => "<",
        Than::Above => ">",
        Than::Exactly => "=",
    };
    facts.maybe("target", target.map(|of| format!("{} {}", sign(of.than), of.value)));
    let named = |of: &Benchmark| format!("{} “{}”", of.value, of.name.en);
    facts.maybe("benchmark", benchmark.map(named));
    facts.maybe("baseline", baseline.map(named));
}

fn add_up(way: AddUp) -> &'static str {
    match way {
        AddUp::Sum => "sum",
        AddUp::Last => "last",
        AddUp::Max => "max",
        AddUp::List => "list",
    }
}

/// Whether what a section is asked for is found again by the same keys.
pub(super) fn same_subjects(old: &Section, new: &Section) -> bool {
    old.each == new.each && (old.each != Each::Row || old.id == new.id)
}

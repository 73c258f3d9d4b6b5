//! virements: money that was moved between the allocations of a grant, with both of its ends.
//!
//! Invariant: what is not decided yet, or was refused, has moved nothing and says so.

use countersign_domain::answers::format;
use countersign_domain::calendar::local_date;
use countersign_domain::document::{Block, Cell, Column, Row, Table};

use super::super::adding::money;
use super::Telling;
use super::options::Options;
use super::table::{text, text_column};
use crate::wording::report::{Call, Returned};

impl Telling<'_> {
    pub(super) fn virements(&self, call: &Call) -> Result<Returned, String> {
        let options = Options::of(call, 0, &["title"])?;
        let material = self.material;
        let title = |id| material.allocation(id).map_or_else(String::new, |of| of.title.clone());
        let mut rows = Vec::new();
        for grant in self.grants() {
            for virement in material.virements.iter().filter(|virement| virement.grant == grant.id) {
                let (stands, by, on) = match &virement.decision {
                    Some(decision) => (
                        if decision.approved { "Approved" } else { "Refused" },
                        material.person(decision.by).to_owned(),
                        format::date(local_date(decision.at)),
                    ),
                    None => ("Not decided yet", String::new(), String::new()),
                };
                rows.push(Row {
                    cells: vec![
                        text(grant.reference.clone()),
                        text(title(virement.from)),
                        text(title(virement.to)),
                        Cell::Figure {
                            figure: money(virement.amount),
                        },
                        text(virement.reason.clone()),
                        text(stands.to_owned()),
                        text(by),
                        text(on),
                    ],
                    total: false,
                });
            }
        }
        let notes = match rows.is_empty() {
            true => vec!["No money was moved between allocations.".to_owned()],
            false => Vec::new(),
        };
        let mut columns = ["Grant", "From", "To", "Amount", "Why", "Stands", "By", "On"]
            .map(text_column)
            .to_vec();
        columns[3] = Column {
            title: "Amount".to_owned(),
            numeric: true,
        };
        Ok(Returned::Blocks(vec![Block::Table(Table {
            caption: options.text("title")?.unwrap_or("Virements").to_owned(),
            columns,
            rows,
            coverage: None,
            notes,
        })]))
    }
}

//! TEMPORARY
use crate::document::*;
use crate::form::schema::Audience;
use crate::measure::suppress::Policy;
use serde::{Serialize,Deserialize};
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Released { pub atoms: Vec<String>, pub low: i64, pub high: i64 }
#[derive(Debug, Clone)]
pub struct Showed { pub document: Document<Shown>, pub released: Vec<Released>, pub hidden: usize }
pub fn show(d: Document<Raw>, audience: Audience, _policy: Option<Policy>, _e: &[Released], watermark: Option<String>) -> Showed {
  fn f(r: Raw) -> Shown { Shown { text: format!("{:?}", r.told), exact: None, marks: vec![], from: r.from } }
  fn run(r: Run<Raw>) -> Run<Shown> { match r { Run::Text{text}=>Run::Text{text}, Run::Strong{text}=>Run::Strong{text}, Run::Emphasis{text}=>Run::Emphasis{text}, Run::Figure{figure}=>Run::Figure{figure:f(figure)}, Run::Break=>Run::Break } }
  fn cell(c: Cell<Raw>) -> Cell<Shown> { match c { Cell::Text{text}=>Cell::Text{text}, Cell::Figure{figure}=>Cell::Figure{figure:f(figure)} } }
  fn table(t: Table<Raw>) -> Table<Shown> { Table { caption: t.caption, columns: t.columns, rows: t.rows.into_iter().map(|r| Row { cells: r.cells.into_iter().map(cell).collect(), total: r.total }).collect(), coverage: t.coverage, notes: t.notes } }
  let blocks = d.blocks.into_iter().map(|b| match b {
    Block::Heading{level,text}=>Block::Heading{level,text},
    Block::Paragraph{runs}=>Block::Paragraph{runs: runs.into_iter().map(run).collect()},
    Block::List{ordered,items}=>Block::List{ordered,items: items.into_iter().map(|i| i.into_iter().map(run).collect()).collect()},
    Block::Story{title,text,source}=>Block::Story{title,text,source},
    Block::Facts{facts}=>Block::Facts{facts: facts.into_iter().map(|x| Fact{name:x.name,value:cell(x.value)}).collect()},
    Block::Table(t)=>Block::Table(table(t)),
    Block::Chart(c)=>Block::Chart(Chart{drawn:c.drawn,title:c.title,series:c.series,table:table(c.table)}),
  }).collect();
  Showed { document: Document { title: d.title, subtitle: d.subtitle, audience, watermark, dated: d.dated, blocks, definitions: d.definitions }, released: vec![], hidden: 0 }
}

//! Charts that are easy, charts that are not, and what of them can be read back.

use rust_decimal::Decimal;

use super::super::{Cell, Chart, Column, Drawn, Exact, Mark, Role, Row, Series, Shown, Table, Unit};
use super::{Canvas, NOTHING, description, svg};

/// A figure in a table: its number, or the mark in its place.
fn figure(typed: &str) -> Cell<Shown> {
    let mark = match typed {
        "[c]" => Some(Mark::Hidden),
        "[x]" => Some(Mark::NotKnown),
        "[z]" => Some(Mark::NotApplicable),
        "[w]" => Some(Mark::Blank),
        _ => None,
    };
    let number: Option<Decimal> = typed.parse().ok();
    Cell::Figure {
        figure: Shown {
            text: typed.to_owned(),
            exact: number.map(|number| Exact {
                number,
                unit: Unit::Count,
            }),
            marks: mark.into_iter().collect(),
            from: None,
        },
    }
}

/// A chart of rows: a name, then a figure for each series.
fn chart(drawn: Drawn, series: &[(&str, Role)], rows: &[(&str, &[&str])]) -> Chart<Shown> {
    let mut columns = vec![Column {
        title: "Project".to_owned(),
        numeric: false,
    }];
    columns.extend(series.iter().map(|(title, _)| Column {
        title: (*title).to_owned(),
        numeric: true,
    }));
    let row = |(name, figures): &(&str, &[&str])| {
        let mut cells = vec![Cell::Text {
            text: (*name).to_owned(),
        }];
        cells.extend(figures.iter().map(|typed| figure(typed)));
        Row { cells, total: false }
    };
    Chart {
        drawn,
        title: "A chart".to_owned(),
        series: (1..)
            .zip(series)
            .map(|(column, (_, role))| Series { column, role: *role })
            .collect(),
        table: Table {
            caption: "A table".to_owned(),
            columns,
            rows: rows.iter().map(row).collect(),
            coverage: None,
            notes: vec![],
        },
    }
}

const FIGURES: (&str, Role) = ("Spent", Role::Figures);
const TARGET: (&str, Role) = ("Target", Role::Target);
const BENCHMARK: (&str, Role) = ("Others", Role::Benchmark);

/// The texts of a chart that are drawn, read with a parser of XML: what it refuses is not well-formed.
fn texts(svg: &str) -> Vec<String> {
    let read = roxmltree::Document::parse(svg).expect("the chart is well-formed");
    let drawn = read.descendants().filter(|node| node.has_tag_name("text"));
    drawn.map(|node| node.text().unwrap_or_default().to_owned()).collect()
}

/// The places of a chart, which must all lie within it.
fn within(svg: &str) {
    let read = roxmltree::Document::parse(svg).expect("the chart is well-formed");
    let tenths = |text: &str| {
        let number: Decimal = text.parse().expect("a place is a number");
        number * Decimal::TEN
    };
    let size = |name| tenths(read.root_element().attribute(name).expect("the chart has a size"));
    for node in read
        .descendants()
        .filter(|node| !node.ancestors().any(|above| above.has_tag_name("defs")))
    {
        for (names, most) in [
            (["x", "x1", "x2", "cx"], size("width")),
            (["y", "y1", "y2", "cy"], size("height")),
        ] {
            for place in names.iter().filter_map(|name| node.attribute(*name)) {
                let place = tenths(place);
                assert!(place >= Decimal::ZERO && place <= most, "{place} of {most}: {svg}");
            }
        }
    }
}

fn every_kind() -> Vec<Chart<Shown>> {
    let series = [FIGURES, TARGET, BENCHMARK];
    let tables: Vec<Vec<(&str, &[&str])>> = vec![
        vec![],
        vec![("Hub", &["12", "20", "18"])],
        vec![("Hub", &["[c]", "[x]", "[z]"])],
        vec![
            ("Hub", &["12", "20", "18"]),
            ("Quay", &["[c]", "20", "[w]"]),
            ("Pier", &["30", "20", "18"]),
        ],
        vec![("Hub", &["-12.5", "20", "-18"]), ("Quay", &["-0.001", "0", "1"])],
        vec![(
            "Hub",
            &[
                "79228162514264337593543950335",
                "-79228162514264337593543950335",
                "0.0000001",
            ],
        )],
        vec![("Hub", &["0", "0", "0"]), ("Quay", &["0", "0", "0"])],
        vec![(
            "A hub with a name that goes on and on, as names of partnerships do, over more than two lines of a phone",
            &["1", "2", "3"],
        )],
        vec![("<b>&\"'\u{1}\u{ffff}", &["1", "2", "3"]), ("", &["4", "5"])],
    ];
    let kinds = [Drawn::Bars, Drawn::Lines, Drawn::Stacked];
    let all = tables
        .iter()
        .flat_map(|rows| kinds.map(|drawn| chart(drawn, &series, rows)));
    all.collect()
}

#[test]
fn every_chart_is_well_formed_stays_within_its_bounds_and_says_what_it_shows() {
    for chart in every_kind() {
        for canvas in [Canvas::Screen, Canvas::Page] {
            let drawn = svg(&chart, canvas, "c<1>");
            within(&drawn);
            let read = roxmltree::Document::parse(&drawn).unwrap();
            let root = read.root_element();
            assert_eq!(root.attribute("role"), Some("img"));
            assert_eq!(root.attribute("aria-labelledby"), Some("c1-title c1-desc"));
            let said = read
                .descendants()
                .find(|node| node.attribute("id") == Some("c1-desc"))
                .unwrap();
            assert!(said.text().unwrap().len() > 10);
            // What is shown at 375 px is no smaller than 12 px.
            let size: Decimal = root.attribute("font-size").unwrap().parse().unwrap();
            assert!(size >= Decimal::from(12) && !drawn.contains("style="));
        }
    }
}

#[test]
fn a_chart_without_a_number_says_so() {
    for drawn in [Drawn::Bars, Drawn::Lines, Drawn::Stacked] {
        for rows in [&[][..], &[("Hub", &["[c]"][..])]] {
            let chart = chart(drawn, &[FIGURES], rows);
            assert_eq!(texts(&svg(&chart, Canvas::Screen, "c")), [NOTHING]);
            assert_eq!(description(&chart), format!("{NOTHING}."));
        }
    }
}

#[test]
fn bars_print_every_figure_and_mark_what_is_held_back() {
    let rows: [(&str, &[&str]); 3] = [
        ("Hub", &["12", "20"]),
        ("Quay", &["[c]", "20"]),
        ("Pier", &["-3", "20"]),
    ];
    let drawn = svg(&chart(Drawn::Bars, &[FIGURES, TARGET], &rows), Canvas::Screen, "c");
    let expected = [
        "Spent",
        "Target",
        "Hub",
        "12",
        "20",
        "Quay",
        "[c] held back",
        "20",
        "Pier",
        "-3",
        "20",
    ];
    assert_eq!(texts(&drawn), expected);
    assert_eq!(drawn.matches("stroke-dasharray=\"3 3\"").count(), 1, "one gap");
}

#[test]
fn a_bar_is_as_long_as_its_figure() {
    let rows: [(&str, &[&str]); 3] = [("Hub", &["100"]), ("Quay", &["50"]), ("Pier", &["0"])];
    let drawn = svg(&chart(Drawn::Bars, &[FIGURES], &rows), Canvas::Screen, "c");
    let read = roxmltree::Document::parse(&drawn).unwrap();
    let bars = read.descendants().filter(|node| node.has_tag_name("rect"));
    let widths: Vec<Decimal> = bars
        .map(|bar| bar.attribute("width").unwrap().parse().unwrap())
        .collect();
    assert_eq!(widths.len(), 2, "nought has no bar");
    // Drawn to the tenth of a pixel.
    let beyond = (widths[0] - widths[1] * Decimal::TWO).abs();
    assert!(beyond <= Decimal::new(2, 1), "{widths:?}");
}

#[test]
fn a_line_breaks_where_a_figure_is_held_back() {
    let rows: [(&str, &[&str]); 5] = [
        ("Q1", &["1"]),
        ("Q2", &["2"]),
        ("Q3", &["[c]"]),
        ("Q4", &["4"]),
        ("Q5", &["5"]),
    ];
    let drawn = svg(&chart(Drawn::Lines, &[FIGURES], &rows), Canvas::Page, "c");
    assert_eq!(
        (drawn.matches("<path").count(), drawn.matches(" L").count()),
        (2, 2),
        "two lines of two points"
    );
    assert!(texts(&drawn).contains(&"[c]".to_owned()));
    let said = "Lines over points, by Project: 5 points. Spent: lowest 1 (Q1), highest 5 (Q5), last 5 (Q5); not drawn: \
                Q3 [c] held back.";
    assert_eq!(description(&chart(Drawn::Lines, &[FIGURES], &rows)), said);
}

#[test]
fn a_part_that_has_no_room_is_told_beneath() {
    let rows: [(&str, &[&str]); 1] = [("Q1", &["900", "1", "[c]"])];
    let series = [
        ("On time", Role::Figures),
        ("Late", Role::Figures),
        ("Missing", Role::Figures),
    ];
    let drawn = svg(&chart(Drawn::Stacked, &series, &rows), Canvas::Screen, "c");
    assert_eq!(texts(&drawn)[3..], ["Q1", "900", "Late: 1; Missing: [c] held back"]);
}

#[test]
fn a_part_of_nought_is_left_to_the_table_unless_all_are() {
    let rows: [(&str, &[&str]); 2] = [("Q1", &["3", "0"]), ("Q2", &["0", "0"])];
    let series = [("On time", Role::Figures), ("Late", Role::Figures)];
    let drawn = svg(&chart(Drawn::Stacked, &series, &rows), Canvas::Page, "c");
    assert_eq!(texts(&drawn)[2..], ["Q1", "3", "Q2", "On time: 0; Late: 0"]);
}

#[test]
fn every_point_of_a_line_has_its_name_or_as_many_as_are_evenly_apart() {
    let quarters = [
        "April to June 2017",
        "July to September 2017",
        "October to December 2017",
        "January to March 2018",
    ];
    let rows: Vec<(&str, &[&str])> = quarters.iter().map(|name| (*name, &["5"] as &[&str])).collect();
    for canvas in [Canvas::Screen, Canvas::Page] {
        let drawn = svg(&chart(Drawn::Lines, &[FIGURES], &rows), canvas, "c");
        let words = texts(&drawn).join(" ");
        assert!(quarters.iter().all(|name| words.contains(name)), "{words}");
        within(&drawn);
    }
    let names: Vec<String> = (1..=11).map(|month| format!("Month-{month:02}-of-all")).collect();
    let rows: Vec<(&str, &[&str])> = names.iter().map(|name| (&**name, &["5"] as &[&str])).collect();
    let drawn = svg(&chart(Drawn::Lines, &[FIGURES], &rows), Canvas::Page, "c");
    let said: Vec<usize> = (0..11).filter(|at| texts(&drawn).contains(&names[*at])).collect();
    assert!(said.len() > 2 && said.len() < 11, "{said:?}");
    assert!(
        said.windows(2).all(|two| two[1] - two[0] == said[1] - said[0]),
        "{said:?}"
    );
    assert_eq!((said[0], said[said.len() - 1]), (0, 10));
}

#[test]
fn more_points_than_there_is_room_for_are_counted() {
    let many: Vec<(&str, &[&str])> = vec![("Hub", &["1", "2"]); 60];
    for drawn in [Drawn::Bars, Drawn::Stacked] {
        let drawn = svg(
            &chart(drawn, &[FIGURES, ("Left", Role::Figures)], &many),
            Canvas::Page,
            "c",
        );
        let texts = texts(&drawn);
        let points = texts.iter().filter(|text| *text == "Hub").count();
        let expected = format!("{} of 60 are not drawn here; they are in the table.", 60 - points);
        assert_eq!(texts.last(), Some(&expected));
        within(&drawn);
    }
}

#[test]
fn what_was_typed_is_text() {
    let chart = chart(
        Drawn::Bars,
        &[("<script>alert(1)</script>", Role::Figures)],
        &[("\"/><a href=\"x\">", &["1"])],
    );
    let drawn = svg(&chart, Canvas::Screen, "\"><script>");
    let read = roxmltree::Document::parse(&drawn).unwrap();
    assert!(
        !read
            .descendants()
            .any(|node| node.has_tag_name("script") || node.has_tag_name("a"))
    );
    assert!(texts(&drawn).contains(&"\"/><a href=\"x\">".to_owned()));
}

#[test]
fn a_row_that_adds_up_others_is_no_point() {
    let mut chart = chart(Drawn::Bars, &[FIGURES], &[("Hub", &["1"]), ("All", &["1"])]);
    chart.table.rows[1].total = true;
    assert_eq!(texts(&svg(&chart, Canvas::Screen, "c")), ["Hub", "1"]);
}

#[test]
fn drawn_as_it_was() {
    let quarters: [(&str, &[&str]); 3] = [
        ("Quarter 1", &["12", "20", "18"]),
        ("Quarter 2", &["[c]", "20", "18"]),
        ("Quarter 3", &["-4", "20", "18"]),
    ];
    for drawn in [Drawn::Bars, Drawn::Lines, Drawn::Stacked] {
        let chart = chart(drawn, &[FIGURES, TARGET, BENCHMARK], &quarters);
        let shown = svg(&chart, Canvas::Screen, "c").replace("><", ">\n<");
        insta::assert_snapshot!(format!("{drawn:?}").to_lowercase(), shown);
    }
}

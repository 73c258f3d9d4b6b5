//! Figures to their last digit: signs, roundings, and values that are not what their name says.

use super::*;

#[test]
fn nought_has_no_sign() {
    let given = given(pence(0));
    for source in [
        "-(people - 7)",
        "(people - 7) * -1",
        "(people - 7) / -3",
        "round(-0.4, 0)",
        "-0.0000000000000000000000000001 * 0.0000000000000000000000000001",
        "-0.0000000000000000000000000001 * 0.1",
        "-0.0000000000000000000000000001 / people",
        "-people + people",
        "-sum(project, spent - spent)",
        "-min(project, spent)",
        "-£0",
        "round(-£0.40, 0)",
        "round(-£0.04, 1)",
        "round(-£0.01 / 10, 2)",
    ] {
        let (RuleValue::Number(figure) | RuleValue::Money(figure)) = eval(source, &given) else {
            panic!("{source} is not a figure");
        };
        assert!(
            figure.is_zero() && !figure.to_string().contains('-'),
            "{source} is {figure}"
        );
    }
}

#[test]
fn pounds_are_rounded_once() {
    let nothing = Given::default();
    // A hair under the half: brought to pounds first, it would be rounded up to the half, and then up again.
    for (source, value) in [
        ("round(£0.05 - £0.01 * 0.0000000000000000000000000001, 1)", pence(0)),
        ("round(£0.05, 1)", pence(10)),
        ("round(-£0.05, 1)", pence(-10)),
        ("round(£0.50 - £0.01 * 0.000000000000000000000000001, 0)", pence(0)),
        ("round(-£10.50, 0)", pence(-1_100)),
        ("round(£10.49, 0)", pence(1_000)),
        (
            "round(£792281625142643375935439503.35, 0)",
            RuleValue::Money("79228162514264337593543950300".parse().expect("pence")),
        ),
        ("round(£792281625142643375935439503.35, 1)", RuleValue::Blank),
    ] {
        assert_eq!(eval(source, &nothing), value, "{source}");
    }
}

#[test]
fn a_value_of_another_type_than_its_name_is_blank() {
    let mut wrong = given(RuleValue::Truth(true));
    wrong.values.insert(question("carried_in"), number("5"));
    wrong
        .values
        .insert(question("people"), RuleValue::Text("seven".to_owned()));
    for source in [
        "carried_in",
        "carried_in + £1",
        "if confirmed then people else 1",
        "min(project, spent)",
        "sum(project, spent)",
    ] {
        assert_eq!(eval(source, &wrong), RuleValue::Blank, "{source}");
    }
}

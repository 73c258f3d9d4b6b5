//! What a virement makes of two allocations, who holds an office on a day, and which addresses are one person's.

use uuid::Uuid;

use super::*;

fn pounds(pounds: i64) -> Money {
    Money::pounds(pounds).unwrap()
}

fn allocation(number: u128, approved: Money, uncovered: Money) -> Allocation {
    Allocation {
        id: AllocationId::from(Uuid::from_u128(number)),
        grant: GrantId::from(Uuid::from_u128(1)),
        key: format!("allocation-{number}"),
        title: format!("Allocation {number}"),
        project: None,
        project_title: None,
        provider: OrganisationId::from(Uuid::from_u128(1)),
        provider_name: "A provider".to_owned(),
        proposed: None,
        approved,
        uncovered,
        contract_total: None,
        contract_ends_on: None,
        other_funding: None,
        priorities: vec![],
        position: 1,
    }
}

#[test]
fn a_virement_moves_money_and_covers_what_was_entered_ahead_of_it() {
    // Pounds: approved from, approved to, entered ahead in to, amount; then what becomes of each.
    for (from, to, ahead, amount, expected) in [
        (39_000, 16_046, 440, 440, Some((38_560, 16_486, 0))),
        (39_000, 16_046, 0, 440, Some((38_560, 16_486, 0))),
        (39_000, 16_046, 440, 400, Some((38_600, 16_446, 40))),
        (39_000, 16_046, 440, 1_000, Some((38_000, 17_046, 0))),
        (440, 0, 440, 440, Some((0, 440, 0))),
        (439, 16_046, 440, 440, None),
        (0, 0, 0, 1, None),
        (39_000, 16_046, 440, 0, None),
        (39_000, 16_046, 440, -440, None),
    ] {
        let (from, to) = (
            allocation(1, pounds(from), pounds(0)),
            allocation(2, pounds(to), pounds(ahead)),
        );
        let became = after_virement(&from, &to, pounds(amount));
        let found = became
            .as_ref()
            .map(|(from, to)| (from.approved, to.approved, to.uncovered));
        let expected = expected.map(|(from, to, ahead)| (pounds(from), pounds(to), pounds(ahead)));
        assert_eq!(found, expected, "{amount} from {} to {}", from.approved, to.approved);
    }
}

#[test]
fn the_440_of_2017_18_brings_eight_allocations_to_what_is_available() {
    let amounts = [160_200, 25_000, 98_500, 43_500, 16_046, 36_000, 10_000, 39_000];
    let mut allocations: Vec<Allocation> = amounts
        .into_iter()
        .zip(1..)
        .map(|(amount, number)| allocation(number, pounds(amount), pounds(if number == 5 { 440 } else { 0 })))
        .collect();
    let total = |allocations: &[Allocation]| {
        Money::checked_sum(allocations.iter().flat_map(|known| [known.approved, known.uncovered])).unwrap()
    };
    assert_eq!(total(&allocations), pounds(428_686));
    let (from, to) = after_virement(&allocations[7], &allocations[4], pounds(440)).unwrap();
    (allocations[7], allocations[4]) = (from, to);
    assert_eq!(total(&allocations), pounds(400_568 + 27_678));
    assert_eq!(allocations[4].approved, pounds(16_486));
    assert_eq!(allocations[7].approved, pounds(38_560));
}

#[test]
fn money_does_not_come_from_moving_it_to_where_it_was() {
    let one = allocation(1, pounds(1_000), pounds(0));
    assert_eq!(after_virement(&one, &one, pounds(10)), None);
}

#[test]
fn money_does_not_leave_its_grant() {
    let mut other = allocation(2, pounds(1_000), pounds(0));
    other.grant = GrantId::from(Uuid::from_u128(2));
    assert_eq!(
        after_virement(&allocation(1, pounds(1_000), pounds(0)), &other, pounds(10)),
        None
    );
}

#[test]
fn amounts_too_large_to_add_are_refused() {
    let (from, to) = (
        allocation(1, Money::pence(i64::MAX), pounds(0)),
        allocation(2, Money::pence(1), pounds(0)),
    );
    assert_eq!(after_virement(&from, &to, Money::pence(i64::MAX)), None);
}

#[test]
fn addresses_of_one_person_have_one_key() {
    for (given, key) in [
        ("jo.marsh@example.org", "jo.marsh@example.org"),
        ("Jo.Marsh@Example.ORG", "jo.marsh@example.org"),
        ("  jo.marsh@example.org\n", "jo.marsh@example.org"),
        ("jo.marsh+returns@example.org", "jo.marsh@example.org"),
        ("JO.MARSH+a+b@example.org", "jo.marsh@example.org"),
        ("jo.marsh+@example.org", "jo.marsh@example.org"),
        ("jomarsh@example.org", "jomarsh@example.org"),
        ("jo.marsh@example.com", "jo.marsh@example.com"),
        ("jo.marsh@a+b.example", "jo.marsh@a+b.example"),
        ("+one@example.org", "+one@example.org"),
        ("+two@example.org", "+two@example.org"),
        ("\"a@b\"@example.org", "\"a@b\"@example.org"),
        ("nobody", "nobody"),
        ("", ""),
    ] {
        assert_eq!(address_key(given), key, "{given:?}");
        assert_eq!(address_key(&address_key(given)), key, "{given:?} twice");
    }
}

#[test]
fn an_office_is_held_on_its_first_and_its_last_day() {
    let date = |text: &str| text.parse::<NaiveDate>().unwrap();
    let mut holder = Holder {
        office: OfficeId::from(Uuid::from_u128(1)),
        office_key: "partnership.chair".to_owned(),
        office_title: "Chair".to_owned(),
        fund: FundId::from(Uuid::from_u128(1)),
        person: PersonId::from(Uuid::from_u128(1)),
        from: date("2018-04-01"),
        to: Some(date("2018-04-30")),
        deputy: false,
    };
    for (day, held) in [
        ("2018-03-31", false),
        ("2018-04-01", true),
        ("2018-04-15", true),
        ("2018-04-30", true),
        ("2018-05-01", false),
    ] {
        assert_eq!(holder.holds_on(date(day)), held, "{day}");
    }
    holder.to = None;
    assert!(holder.holds_on(date("2099-01-01")));
    assert!(!holder.holds_on(date("2018-03-31")));
}

#[test]
fn a_person_is_not_written_into_a_log() {
    let person = Person {
        id: PersonId::from(Uuid::from_u128(1)),
        name: "Jo Marsh".to_owned(),
        email: "jo.marsh@example.org".to_owned(),
        organisation: OrganisationId::from(Uuid::from_u128(1)),
        totp_secret: Some(b"secret".to_vec()),
        totp_last_step: None,
    };
    let written = format!("{person:?}");
    assert!(
        !written.contains("Jo") && !written.contains("example") && !written.contains("115"),
        "{written}"
    );
}

//! Figures found: those of a paper, and those under one of its numbers; nothing that was not asked for.

use countersign::store::{Page, figures};
use countersign_domain::document::Source;
use countersign_domain::period::Period;

use crate::fixture::{FORM, day, id, world};
use crate::lots::{OTHER, assignment, figure, last_year, lots, money, returned, told, two_years};

both!(figures_are_found_by_form_and_time_signed_or_provisional, |db| {
    let w = world(&db.store).await;
    let (one, other) = (
        assignment(&db.store, &w, FORM).await,
        assignment(&db.store, &w, OTHER).await,
    );
    for (of, nth, pence, sign) in [
        (&one, 3, 1, true),
        (&one, 4, 2, true),
        (&one, 5, 3, false),
        (&other, 4, 4, true),
    ] {
        let spent = [figure("spent", "over", None, money(pence))];
        returned(&db.store, &w, of, nth, &spent, sign).await;
    }
    let c = db.store.read();
    let within = async |forms: &[&str], window| figures::within(&c, w.fund.id, forms, window).await.unwrap();
    let both = within(&[FORM, OTHER], last_year()).await;
    assert_eq!(both.len(), 2, "{both:?}");
    assert_eq!(told(&within(&[FORM], last_year()).await), [("spent", money(2))]);
    assert_eq!(
        told(&within(&[FORM], two_years()).await),
        [("spent", money(1)), ("spent", money(2))]
    );
    assert_eq!(told(&within(&[OTHER], two_years()).await), [("spent", money(4))]);
    assert_eq!(within(&[], two_years()).await, vec![]);
    assert_eq!(figures::within(&c, id(), &[FORM], two_years()).await.unwrap(), vec![]);
    let provisional = figures::provisional(&c, w.fund.id, &[FORM, OTHER], two_years())
        .await
        .unwrap();
    assert_eq!(told(&provisional), [("spent", money(3))]);
    let earlier = Period::new(day("2016-04-01"), day("2017-03-31")).unwrap();
    assert_eq!(
        figures::provisional(&c, w.fund.id, &[FORM], earlier).await.unwrap(),
        vec![]
    );
});

both!(a_number_is_traced_to_its_figures_page_by_page, |db| {
    let w = world(&db.store).await;
    let of = assignment(&db.store, &w, FORM).await;
    let mut owed = Vec::new();
    for nth in 1..6 {
        owed.push(returned(&db.store, &w, &of, nth, &lots(nth), true).await);
    }
    let c = db.store.read();
    let source = Source {
        fund: w.fund.id,
        other_funds: vec![],
        form: FORM.to_owned(),
        measure: "users".to_owned(),
        within: two_years(),
        ret: None,
        grant: None,
        allocations: vec![],
        provider: None,
        row: None,
    };
    let all = Page { from: 0, size: 100 };
    let many = async |of: Source| {
        let (rows, total) = figures::traced(&c, &of, all).await.unwrap();
        assert_eq!(u64::try_from(rows.len()).unwrap(), total);
        total
    };
    assert_eq!(many(source.clone()).await, 15);
    for (other_funds, found) in [(vec![], 0), (vec![w.fund.id], 15)] {
        let of = Source {
            fund: id(),
            other_funds,
            ..source.clone()
        };
        assert_eq!(many(of).await, found);
    }
    assert_eq!(
        many(Source {
            row: Some("b".to_owned()),
            ..source.clone()
        })
        .await,
        5
    );
    assert_eq!(
        many(Source {
            ret: Some(owed[2].id),
            ..source.clone()
        })
        .await,
        3
    );
    assert_eq!(
        many(Source {
            within: last_year(),
            ..source.clone()
        })
        .await,
        6
    );
    assert_eq!(
        many(Source {
            grant: Some(w.grant.id),
            ..source.clone()
        })
        .await,
        15
    );
    assert_eq!(
        many(Source {
            grant: Some(id()),
            ..source.clone()
        })
        .await,
        0
    );
    assert_eq!(
        many(Source {
            provider: Some(w.commissioner.id),
            ..source.clone()
        })
        .await,
        0
    );
    assert_eq!(
        many(Source {
            allocations: vec![w.over.id],
            ..source.clone()
        })
        .await,
        0
    );
    assert_eq!(
        many(Source {
            allocations: vec![w.over.id, w.under.id],
            ..source.clone()
        })
        .await,
        15
    );
    assert_eq!(
        many(Source {
            form: OTHER.to_owned(),
            ..source.clone()
        })
        .await,
        0
    );
    let (whole, _) = figures::traced(&c, &source, all).await.unwrap();
    let mut paged = Vec::new();
    for from in (0..20).step_by(4) {
        let (rows, total) = figures::traced(&c, &source, Page { from, size: 4 }).await.unwrap();
        assert_eq!(total, 15);
        paged.extend(rows);
    }
    assert_eq!(paged, whole);
});

//! Leases: one owner at a time.

use chrono::TimeDelta;
use countersign::store::lease;

use crate::fixture::at;

const NOW: &str = "2018-04-01T09:00:00.000500Z";

both!(a_lease_has_one_owner_until_its_time_is_up, |db| {
    let store = &db.store;
    let (now, minute) = (at(NOW), TimeDelta::minutes(1));
    let end = now + minute;
    let instant = TimeDelta::microseconds(1);
    assert!(lease::take(store, "tick", "a", now, minute).await.unwrap());
    assert!(!lease::take(store, "tick", "b", now, minute).await.unwrap());
    assert!(lease::take(store, "other", "b", now, minute).await.unwrap());
    assert!(
        !lease::take(store, "tick", "b", end, minute).await.unwrap(),
        "held to its last moment"
    );
    assert!(
        lease::take(store, "tick", "a", end, minute).await.unwrap(),
        "its owner goes on"
    );
    assert!(!lease::take(store, "tick", "b", end + instant, minute).await.unwrap());
    assert!(
        lease::take(store, "tick", "b", end + minute + instant, minute)
            .await
            .unwrap()
    );
    assert!(
        !lease::take(store, "tick", "a", end + minute + instant, minute)
            .await
            .unwrap()
    );
    lease::release(store, "tick", "a").await.unwrap();
    assert!(
        !lease::take(store, "tick", "a", end + minute + instant, minute)
            .await
            .unwrap(),
        "not a's to give up"
    );
    lease::release(store, "tick", "b").await.unwrap();
    assert!(
        lease::take(store, "tick", "a", end + minute + instant, minute)
            .await
            .unwrap()
    );
});

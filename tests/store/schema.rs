//! The tables: up, down and up again; two servers at once; a newer database left alone; every constraint under its name.

use std::collections::BTreeSet;

use countersign::store::{Constraint, Store, StoreError};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use crate::fixture::world;
use crate::support::postgres::TestDatabase;

async fn column(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .unwrap();
    rows.iter()
        .map(|row| row.try_get_by_index::<String>(0).unwrap())
        .collect()
}

async fn everything(db: &DatabaseConnection) -> BTreeSet<String> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => {
            "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = 'public' union all
             select t.tgname::text from pg_trigger t where not t.tgisinternal union all
             select p.proname::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
             where n.nspname = 'public'"
        }
        _ => "select name from sqlite_master where name not like 'sqlite_%'",
    };
    column(db, sql)
        .await
        .into_iter()
        .filter(|name| !name.starts_with("seaql_migrations"))
        .collect()
}

both!(the_tables_go_up_and_down_and_up, |db| {
    assert_eq!(db.store.pending_migrations().await.unwrap(), 0);
    assert_eq!(db.store.migrate().await.unwrap(), 0, "nothing is left to do");
    let behind = db.behind_the_store().await;
    let all = everything(&behind).await;
    assert!(
        all.contains("returns") && all.contains("tr_revisions_update"),
        "{all:?}"
    );
    world(&db.store).await;
    db.store.undo_migrations().await.unwrap();
    assert_eq!(everything(&behind).await, BTreeSet::new());
    let pending = db.store.pending_migrations().await.unwrap();
    assert_eq!(usize::try_from(pending).unwrap(), countersign_migrations::names().len());
    assert_eq!(db.store.migrate().await.unwrap(), pending);
    assert_eq!(everything(&behind).await, all);
    world(&db.store).await;
    behind.close().await.unwrap();
});

both!(a_database_of_a_newer_version_is_left_alone, |db| {
    let behind = db.behind_the_store().await;
    let newer = "insert into seaql_migrations (version, applied_at) values ('m29990101_000001_later', 0)";
    behind.execute_unprepared(newer).await.unwrap();
    behind
        .execute_unprepared("delete from seaql_migrations where version like '%ledger'")
        .await
        .unwrap();
    behind.close().await.unwrap();
    for refused in [db.store.migrate().await, db.store.pending_migrations().await] {
        match refused {
            Err(StoreError::Newer { name }) => assert_eq!(name, "m29990101_000001_later"),
            other => panic!("{other:?}"),
        }
    }
});

async fn migrate_at_once(database: TestDatabase) {
    let all = u32::try_from(countersign_migrations::names().len()).unwrap();
    let mut servers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let url = database.url.clone();
        servers.spawn(async move {
            let store = Store::open(&url).await.unwrap();
            let applied = store.migrate().await.unwrap();
            store.close().await;
            applied
        });
    }
    let mut applied = servers.join_all().await;
    applied.sort_unstable();
    assert_eq!(applied, vec![0, 0, 0, all]);
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_start_at_once_migrate_once_on_sqlite() {
    migrate_at_once(TestDatabase::empty_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_start_at_once_migrate_once_on_postgres() {
    migrate_at_once(TestDatabase::empty_postgres().await).await;
}

both!(every_constraint_is_in_the_tables_under_its_name, |db| {
    let behind = db.behind_the_store().await;
    for (constraint, name, table, columns) in Constraint::named() {
        let there = match behind.get_database_backend() {
            DbBackend::Postgres => {
                let sql = format!(
                    "select a.attname::text from pg_constraint k
                     cross join lateral unnest(k.conkey) with ordinality as u(num, place)
                     join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num
                     where k.conname = '{name}' and k.conrelid = '{table}'::regclass order by u.place"
                );
                vec![column(&behind, &sql).await]
            }
            _ => {
                let indexes = format!("select name from pragma_index_list('{table}') where \"unique\" = 1");
                let mut there = Vec::new();
                for index in column(&behind, &indexes).await {
                    there.push(
                        column(
                            &behind,
                            &format!("select name from pragma_index_info('{index}') order by seqno"),
                        )
                        .await,
                    );
                }
                // A whole number as the key is the row's own place, which has no index.
                let key = format!("select name from pragma_table_info('{table}') where pk > 0 order by pk");
                there.push(column(&behind, &key).await);
                there
            }
        };
        let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
        assert!(there.contains(&columns), "{constraint:?} {name}: {there:?}");
    }
    behind.close().await.unwrap();
});

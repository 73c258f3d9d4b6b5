//! The rows of the tables, one module for each table.
//!
//! Invariant: nothing here leaves the store; what a row means is for the module beside it that reads it.

/// A table's row, without the relations that the library would have: joins say what they join where they are made.
macro_rules! table {
    ($(#[$doc:meta])* $name:ident, $table:tt, { $($fields:tt)* }) => {
        $(#[$doc])*
        pub mod $name {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                $($fields)*
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

pub mod access;
pub mod decisions;
pub mod ledger;
pub mod notices;
pub mod papers;
pub mod register;
pub mod returns;
pub mod revisions;

//! The identities of rows: one type for each thing that has one, so that a grant's identity
//! cannot be passed where a return's is meant. None is made here; randomness is given from outside.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The bare UUID, for the store and for addresses.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A fund: a pot with rules.
    FundId;
    /// A round: one opening of a fund.
    RoundId;
    /// A grant: money awarded to one organisation from a fund.
    GrantId;
    /// An allocation: the part of a grant given to one project.
    AllocationId;
    /// A budget line: a part of an allocation.
    LineId;
    /// An organisation: a commissioner, a partnership or a provider.
    OrganisationId;
    /// A person, whether a contact at a provider or somebody with an account.
    PersonId;
    /// An office: a named post that a person holds between dates, and that signs.
    OfficeId;
    /// An assignment: this form, owed by this organisation, for this grant or allocation.
    AssignmentId;
    /// A return: the obligation for one period.
    ReturnId;
    /// A link mailed to one person for one return.
    LinkId;
    /// A session begun from a link or a sign-in.
    SessionId;
    /// A notice in the outbox.
    NoticeId;
    /// A reviewer's query against a question.
    QueryId;
    /// A signature over one revision.
    SignatureId;
    /// A virement: money moved between allocations or lines.
    VirementId;
    /// A file that was uploaded.
    UploadId;
    /// A paper: one instance of a report, for a fund and a period.
    PaperId;
    /// A publication: one edition of a paper.
    PublicationId;
    /// A one-time code sent or shown to a person.
    CodeId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_its_uuid_in_text_and_in_json() {
        let uuid = Uuid::from_u128(0x1234_5678_9abc_4def_8123_4567_89ab_cdef);
        let id = ReturnId::from(uuid);
        assert_eq!(id.to_string(), "12345678-9abc-4def-8123-456789abcdef");
        assert_eq!(id.to_string().parse::<ReturnId>().unwrap(), id);
        assert_eq!(id.uuid(), uuid);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"12345678-9abc-4def-8123-456789abcdef\"");
        assert_eq!(serde_json::from_str::<ReturnId>(&json).unwrap(), id);
        assert!("not an id".parse::<GrantId>().is_err());
    }
}

//! What somebody may do.

use kernel::{Error, Kind, Result};

/// Who somebody is at the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Answers customers.
    Agent,
    /// Also changes how the shop looks, speaks and is connected.
    Manager,
    /// Also decides who works here.
    Owner,
}

/// Something that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See customers, orders and messages, and answer for the shop.
    Serve,
    /// Change how the shop looks, speaks and is connected.
    Configure,
    /// Make and revoke keys of the API.
    ManageKeys,
    /// Read who changed what.
    ReadAudit,
    /// Invite and remove people.
    ManageTeam,
}

impl Permission {
    /// The role that may least and still has it.
    fn least(self) -> Role {
        match self {
            Permission::Serve => Role::Agent,
            Permission::Configure => Role::Manager,
            Permission::ManageKeys | Permission::ReadAudit | Permission::ManageTeam => Role::Owner,
        }
    }

    /// Who can help somebody who lacks it.
    pub fn whom_to_ask(self) -> &'static str {
        match self.least() {
            Role::Agent => "Ask somebody who works at the shop.",
            Role::Manager => "Ask a manager or an owner.",
            Role::Owner => "Ask an owner.",
        }
    }
}

impl Role {
    /// Every role, from the one that may least.
    pub const ALL: [Role; 3] = [Role::Agent, Role::Manager, Role::Owner];

    /// The word used in rows, on pages and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Agent => "agent",
            Role::Manager => "manager",
            Role::Owner => "owner",
        }
    }

    /// What it means, in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Role::Agent => "Sees customers, orders and messages, and answers them.",
            Role::Manager => {
                "Everything an agent does, and changes how the shop looks, speaks and is connected."
            }
            Role::Owner => {
                "Everything: also makes API keys, reads the audit log, and decides who works here."
            }
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Result<Self> {
        let known = Role::ALL.into_iter().find(|role| role.as_str() == word);
        known.ok_or_else(|| Error::field("/role", "unknown_role", "A role is owner, manager or agent."))
    }

    /// Whether this role may do it.
    pub fn may(self, permission: Permission) -> bool {
        self >= permission.least()
    }

    /// Refuses whoever may not, and says who may.
    pub fn require(self, permission: Permission) -> Result<()> {
        if self.may(permission) {
            return Ok(());
        }
        let words = format!("Your role does not allow this. {}", permission.whom_to_ask());
        Err(Error::new(Kind::Forbidden, "not_allowed", words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_the_one_below_may() {
        use Permission::{Configure, ManageKeys, ManageTeam, ReadAudit, Serve};
        let may = |role: Role| {
            [Serve, Configure, ManageKeys, ReadAudit, ManageTeam].map(|permission| role.may(permission))
        };
        assert_eq!(may(Role::Agent), [true, false, false, false, false]);
        assert_eq!(may(Role::Manager), [true, true, false, false, false]);
        assert_eq!(may(Role::Owner), [true, true, true, true, true]);
    }

    #[test]
    fn who_may_not_is_told_whom_to_ask() {
        assert!(Role::Manager.require(Permission::Configure).is_ok());
        let refused = Role::Agent.require(Permission::Configure).unwrap_err();
        assert_eq!((refused.kind(), refused.code()), (Kind::Forbidden, "not_allowed"));
        assert!(refused.words().ends_with("Ask a manager or an owner."), "{refused}");
        assert!(
            Role::Manager.require(Permission::ManageKeys).unwrap_err().words().ends_with("Ask an owner.")
        );
    }

    #[test]
    fn a_role_is_one_of_three_words() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()).unwrap(), role);
        }
        assert!(Role::parse("Owner").is_err() && Role::parse("").is_err());
    }
}

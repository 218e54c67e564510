//! What somebody may do.

use kernel::{Error, Result};

/// Who somebody is at the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Answers customers.
    Agent,
    /// Also makes files, writes to many, and changes how the shop speaks.
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
    /// Take what is known of customers out of the shop, in a file.
    Export,
    /// Say something to many people at once.
    ReachMany,
    /// Invite and remove people.
    ManageTeam,
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
                "Everything an agent does, makes files, writes to many, and changes how the shop looks and speaks."
            }
            Role::Owner => "Everything, and decides who works here.",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Result<Self> {
        let known = Role::ALL.into_iter().find(|role| role.as_str() == word);
        known.ok_or_else(|| Error::field("/role", "unknown_role", "A role is owner, manager or agent."))
    }

    /// Whether this role may do it.
    pub fn may(self, permission: Permission) -> bool {
        let least = match permission {
            Permission::Serve => Role::Agent,
            Permission::Configure | Permission::Export | Permission::ReachMany => Role::Manager,
            Permission::ManageTeam => Role::Owner,
        };
        self >= least
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_the_one_below_may() {
        use Permission::{Configure, Export, ManageTeam, ReachMany, Serve};
        let may = |role: Role| {
            [Serve, Configure, Export, ReachMany, ManageTeam].map(|permission| role.may(permission))
        };
        assert_eq!(may(Role::Agent), [true, false, false, false, false]);
        assert_eq!(may(Role::Manager), [true, true, true, true, false]);
        assert_eq!(may(Role::Owner), [true, true, true, true, true]);
    }

    #[test]
    fn a_role_is_one_of_three_words() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()).unwrap(), role);
        }
        assert!(Role::parse("Owner").is_err() && Role::parse("").is_err());
    }
}

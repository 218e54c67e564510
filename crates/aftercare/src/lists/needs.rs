//! What waits for a person and is no room's own: a function each, asked by the staff's first page.

use admin::{FindNeed, Need, Needs};
use db::Read;
use kernel::Result;
use staff::{Permission, Role};

use crate::Config;
use crate::checks::{self, Check};
use crate::doctor::sender;

/// The page about mail that arrives, or does not.
const DOMAINS: &str = "/a/domains";

/// The list, for those who may open the page that helps.
pub fn needs(config: &Config) -> Needs {
    let domain = sender::is_worth_asking(config).then(|| sender::domain(config).to_owned());
    let domain: FindNeed = Box::new(move |r, role| sending_domain(r, role, domain.as_deref()));
    let mail: FindNeed = Box::new(mail_that_does_not_arrive);
    Needs(vec![domain, mail])
}

/// The domain that mail comes from, as it stood when somebody last looked.
fn sending_domain(r: &mut Read<'_>, role: Role, domain: Option<&str>) -> Result<Option<Need>> {
    let Some(domain) = domain.filter(|_| role.may(Permission::Configure)) else { return Ok(None) };
    let things = match checks::crosses(r, Check::Domains)?.unwrap_or_default() {
        0 => return Ok(None),
        1 => "1 thing".to_owned(),
        many => format!("{many} things"),
    };
    let what = format!("Mail comes from {domain}, which has {things} to mend before servers believe it");
    Ok(Some(Need { tone: "bad", word: "Mend", what, href: DOMAINS.to_owned() }))
}

fn mail_that_does_not_arrive(r: &mut Read<'_>, role: Role) -> Result<Option<Need>> {
    if !role.may(Permission::Configure) {
        return Ok(None);
    }
    let worst = checks::beyond_limits(r)?;
    Ok(worst.map(|(tone, what)| Need { tone, word: "Look", what, href: DOMAINS.to_owned() }))
}

//! `aftercare staff`, and the link by which the first owner gets in.

use std::collections::BTreeMap;
use std::process::ExitCode;

use kernel::{Email, Result};
use staff::Role;

use crate::cli::ConfigArgs;
use crate::commands::{block_on, opened};
use crate::house::House;
use crate::log;

/// `aftercare staff add`.
pub fn add(email: &str, role: &str, args: &ConfigArgs, env: &BTreeMap<String, String>) -> Result<ExitCode> {
    log::init();
    let (email, role) = (Email::parse(email)?, Role::parse(role)?);
    let house = opened(args, env)?;
    let token = block_on(house.db.write("staff.add", move |w| staff::invite(w, role, Some(&email), None)))?;
    println!("{}", link(&house, &token));
    eprintln!("The link works once, for three days.");
    Ok(ExitCode::SUCCESS)
}

/// A link for the first owner; `None` once somebody works here.
pub async fn first_owners_link(house: &House) -> Result<Option<String>> {
    if house.db.read("staff.anybody", staff::is_anybody_here).await? {
        return Ok(None);
    }
    let token = house.db.write("staff.first", |w| staff::invite(w, Role::Owner, None, None)).await?;
    Ok(Some(link(house, &token)))
}

fn link(house: &House, token: &str) -> String {
    format!("{}/a/welcome/{token}", house.config.public_url)
}

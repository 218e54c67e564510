//! Everything that can be set on a page, in the order of `/a/settings`: a row each, which says how it stands.

use admin::{Setting, Settings, Standing};
use db::Read;
use kernel::Result;
use staff::Permission::{Configure, ManageKeys, ManageTeam, ReadAudit, Serve};

use crate::checks::{self, Check};

/// No more are counted than are worth counting.
const MOST_COUNTED: i64 = 1_001;

/// The list. Settings of one group stand together.
pub fn settings() -> Settings {
    Settings(vec![
        Setting {
            group: "Where orders come from",
            name: "Connections",
            href: "/a/connections",
            about: "The shops that send their orders here, and which of their own mails to switch off.",
            needs: Configure,
            state: connections,
        },
        Setting {
            group: "Where orders come from",
            name: "API keys",
            href: "/a/keys",
            about: "Which programs may send orders and read them.",
            needs: ManageKeys,
            state: keys,
        },
        Setting {
            group: "Where orders come from",
            name: "Webhooks",
            href: "/a/webhooks",
            about: "Which programs are told what happens here.",
            needs: Configure,
            state: webhooks,
        },
        Setting {
            group: "How messages arrive",
            name: "Domains",
            href: "/a/domains",
            about: "The DNS records by which servers believe that mail is yours.",
            needs: Configure,
            state: domains,
        },
        Setting {
            group: "People",
            name: "Team",
            href: "/a/team",
            about: "Who works here, and as what.",
            needs: ManageTeam,
            state: team,
        },
        Setting {
            group: "People",
            name: "Audit log",
            href: "/a/audit",
            about: "Who changed what, and when.",
            needs: ReadAudit,
            state: audit,
        },
        Setting {
            group: "Running it",
            name: "Parked work",
            href: "/a/parked",
            about: "What could not be done, to be tried again or given up.",
            needs: Serve,
            state: parked,
        },
        Setting {
            group: "Running it",
            name: "System",
            href: "/a/system",
            about: "Version, database, work, what the doctor says, and how to keep copies.",
            needs: Configure,
            state: system,
        },
    ])
}

fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    }
}

fn connections(r: &mut Read<'_>) -> Result<Standing> {
    let shops = platforms::list_connections(r)?;
    let ill = shops.iter().filter(|shop| shop.paused_at.is_none() && !shop.health.is_well()).count();
    Ok(match (shops.len(), ill) {
        (0, _) => Standing::new("info", "No shop yet"),
        (all, 0) => Standing::new("ok", counted(all, "shop", "shops")),
        (_, ill) => Standing::new("bad", counted(ill, "shop in trouble", "shops in trouble")),
    })
}

fn keys(r: &mut Read<'_>) -> Result<Standing> {
    let count = api::count_keys(r, MOST_COUNTED)? as usize;
    Ok(match count {
        0 => Standing::new("info", "No key yet"),
        _ => Standing::new("ok", counted(count, "key", "keys")),
    })
}

fn webhooks(r: &mut Read<'_>) -> Result<Standing> {
    let endpoints = api::webhooks::list_endpoints(r)?;
    let failing =
        endpoints.iter().filter(|one| one.disabled_at.is_none() && one.failing_since.is_some()).count();
    Ok(match (endpoints.len(), failing) {
        (0, _) => Standing::new("info", "Nobody is told"),
        (all, 0) => Standing::new("ok", counted(all, "endpoint", "endpoints")),
        (_, failing) => Standing::new("bad", counted(failing, "endpoint fails", "endpoints fail")),
    })
}

fn domains(r: &mut Read<'_>) -> Result<Standing> {
    looked_at(r, Check::Domains)
}

fn system(r: &mut Read<'_>) -> Result<Standing> {
    looked_at(r, Check::System)
}

fn looked_at(r: &mut Read<'_>, check: Check) -> Result<Standing> {
    Ok(match checks::crosses(r, check)? {
        None => Standing::new("info", "Not looked at yet"),
        Some(0) => Standing::new("ok", "All is well"),
        Some(crosses) => Standing::new("bad", counted(crosses, "thing to mend", "things to mend")),
    })
}

fn team(r: &mut Read<'_>) -> Result<Standing> {
    let people = staff::accounts(r)?.len();
    Ok(Standing::new("ok", counted(people, "person", "people")))
}

fn audit(r: &mut Read<'_>) -> Result<Standing> {
    let last = staff::audited(r, 1)?;
    Ok(match last.first() {
        None => Standing::new("info", "Nothing yet"),
        Some(entry) => Standing::new("info", entry.action.replace(['.', '_'], " ")),
    })
}

fn parked(r: &mut Read<'_>) -> Result<Standing> {
    let count = admin::count_parked(r, MOST_COUNTED)? as usize;
    Ok(match count {
        0 => Standing::new("ok", "Nothing is parked"),
        _ => Standing::new("warn", counted(count, "piece waits", "pieces wait")),
    })
}

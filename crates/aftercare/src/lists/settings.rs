//! Everything that can be set on a page, in the order of `/a/settings`: a row each, which says how it stands.

use admin::{Setting, Settings, Standing};
use db::Read;
use kernel::{Brand, Result, Shop};
use messaging::Wording;
use settings::{Section, Step};
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
            group: "How messages look and arrive",
            name: "Brand",
            href: "/a/settings/brand",
            about: "Name, logo, colour, contacts and profiles: every mail, page and text wears them.",
            needs: Configure,
            state: brand,
        },
        Setting {
            group: "How messages look and arrive",
            name: "Templates",
            href: "/a/templates",
            about: "What each message says, and in which order.",
            needs: Serve,
            state: templates,
        },
        Setting {
            group: "How messages look and arrive",
            name: "Languages and wording",
            href: "/a/settings/wording",
            about: "Every sentence a customer reads, in your words.",
            needs: Configure,
            state: wording,
        },
        Setting {
            group: "How messages look and arrive",
            name: "Rules for messages",
            href: "/a/settings/rules",
            about: "Quiet hours, how much is enough for one person, and which channel counts.",
            needs: Configure,
            state: rules,
        },
        Setting {
            group: "How messages look and arrive",
            name: "Channels",
            href: "/a/settings/channels",
            about: "What carries mail and texts, and a test of it.",
            needs: Configure,
            state: channels,
        },
        Setting {
            group: "How messages look and arrive",
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

fn brand(r: &mut Read<'_>) -> Result<Standing> {
    let is_ours = r.wired::<Shop>()?.brand.name == Brand::default().name;
    set_or_not(r, Section::Brand, if is_ours { "Not set yet" } else { "From aftercare.toml" })
}

fn rules(r: &mut Read<'_>) -> Result<Standing> {
    set_or_not(r, Section::Policy, "From aftercare.toml, or as it came")
}

/// A section that was set here is said to be; otherwise the words for one that was not.
fn set_or_not(r: &mut Read<'_>, section: Section, otherwise: &str) -> Result<Standing> {
    let stored = settings::find::<serde_json::Value>(r, section)?;
    Ok(match stored.value {
        Some(_) => Standing::new("ok", "Set here"),
        None => Standing::new("info", otherwise),
    })
}

fn wording(r: &mut Read<'_>) -> Result<Standing> {
    let own = r.wired::<Wording>()?.own().len();
    Ok(match own {
        0 => Standing::new("info", "As it came"),
        _ => Standing::new("ok", counted(own, "sentence of yours", "sentences of yours")),
    })
}

fn templates(r: &mut Read<'_>) -> Result<Standing> {
    Ok(match messaging::design::is_any_changed(r)? {
        true => Standing::new("ok", "Some in your words"),
        false => Standing::new("info", "As they came"),
    })
}

fn channels(r: &mut Read<'_>) -> Result<Standing> {
    Ok(match settings::reached(r)?.contains(&Step::TestMail) {
        true => Standing::new("ok", "A test mail was taken"),
        false => Standing::new("warn", "Not tried yet"),
    })
}

fn connections(r: &mut Read<'_>) -> Result<Standing> {
    let all = platforms::list_connections(r)?;
    let ill = all.iter().filter(|shop| shop.paused_at.is_none() && !shop.health.is_well()).count();
    let shops = all.iter().filter(|shop| shop.health.platform.is_shop()).count();
    Ok(match (shops, ill) {
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

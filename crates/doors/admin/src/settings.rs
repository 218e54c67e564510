//! `/a/settings`: what can be set, each with its state, for whoever looks for it.
//!
//! The pages belong to the crates whose matter they are; the binary lists them, and each says how it stands.

use axum::Extension;
use axum::extract::State;
use db::Read;
use kernel::Result;
use serde::Serialize;
use staff::{Member, Permission, Role};
use web::{Failure, HtmlPage};

use crate::door::Door;

/// Everything that can be set, in the order it is shown. Wired into the database handle.
pub struct Settings(pub Vec<Setting>);

/// A page on which something is set.
pub struct Setting {
    /// The heading it stands under; settings of one group stand together.
    pub group: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// Its page.
    pub href: &'static str,
    /// What can be set there, in a sentence.
    pub about: &'static str,
    /// What somebody has to have who opens it.
    pub needs: Permission,
    /// How it stands.
    pub state: fn(&mut Read<'_>) -> Result<Standing>,
}

/// How something stands, in a tone and words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// `ok`, `warn`, `bad` or `info`.
    pub tone: &'static str,
    /// In a few words.
    pub words: String,
}

impl Standing {
    /// A standing of this tone, in these words.
    pub fn new(tone: &'static str, words: impl Into<String>) -> Self {
        Standing { tone, words: words.into() }
    }
}

#[derive(Debug, Serialize)]
struct SettingsPage {
    groups: Vec<Group>,
}

#[derive(Debug, Serialize)]
struct Group {
    name: &'static str,
    rows: Vec<SettingRow>,
}

#[derive(Debug, Serialize)]
struct SettingRow {
    name: &'static str,
    /// None for whoever may not open it.
    href: Option<&'static str>,
    about: &'static str,
    tone: &'static str,
    words: String,
}

/// `GET /a/settings`.
pub(crate) async fn show(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
) -> Result<HtmlPage, Failure> {
    let page = door.db.read("staff.settings", move |r| page(r, member.role)).await?;
    Ok(door.page("admin/settings.html", "Settings", &page)?)
}

fn page(r: &mut Read<'_>, role: Role) -> Result<SettingsPage> {
    let settings = r.wired_arc::<Settings>()?;
    let mut groups: Vec<Group> = Vec::new();
    for setting in &settings.0 {
        let row = row(r, role, setting)?;
        match groups.last_mut().filter(|group| group.name == setting.group) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { name: setting.group, rows: vec![row] }),
        }
    }
    Ok(SettingsPage { groups })
}

/// Whoever may not open it is told whom to ask, and not how it stands.
fn row(r: &mut Read<'_>, role: Role, setting: &Setting) -> Result<SettingRow> {
    let may = role.may(setting.needs);
    let standing = match may {
        true => (setting.state)(r)?,
        false => Standing::new("info", setting.needs.whom_to_ask()),
    };
    let Standing { tone, words } = standing;
    Ok(SettingRow {
        name: setting.name,
        href: may.then_some(setting.href),
        about: setting.about,
        tone,
        words,
    })
}

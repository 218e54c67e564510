//! `/a/settings/wording`: every sentence a customer reads, and the merchant's own in its place.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::Read;
use kernel::words::Arg;
use kernel::{Error, Kind, Locale, Result, Shop};
use messaging::Wording;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use settings::Section;
use staff::{Member, Permission};
use web::{Failure, Form, HtmlPage};

use super::version_of;
use crate::door::{Door, fault_of, see_other};

/// Sentences on one page of the list.
const PER_PAGE: usize = 50;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    q: Option<String>,
    language: Option<String>,
    after: Option<String>,
    saved: Option<String>,
}

/// What `admin/set-wording.html` is given as `page`.
#[derive(Debug, Serialize)]
struct ListPage {
    q: String,
    language: String,
    languages: Vec<String>,
    rows: Vec<SentenceRow>,
    older: Option<String>,
    newest: Option<String>,
    is_saved: bool,
}

#[derive(Debug, Serialize)]
struct SentenceRow {
    key: String,
    href: String,
    /// What is said.
    said: String,
    is_own: bool,
}

/// What `admin/set-sentence.html` is given as `page`.
#[derive(Debug, Serialize)]
struct SentencePage {
    key: String,
    language: String,
    languages: Vec<String>,
    ours: String,
    placeholders: Vec<String>,
    text: String,
    is_own: bool,
    version: i64,
    fault: Option<String>,
}

/// `GET /a/settings/wording`.
pub(crate) async fn list(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Query(asked): Query<Asked>,
) -> Result<HtmlPage, Failure> {
    member.role.require(Permission::Configure)?;
    let page = door.db.read("settings.wording", move |r| list_page(r, &asked)).await?;
    Ok(door.page("admin/set-wording.html", "Wording", &page)?)
}

fn list_page(r: &mut Read<'_>, asked: &Asked) -> Result<ListPage> {
    let wording = r.wired::<Wording>()?;
    let language = language(r, asked.language.as_deref())?;
    let q = asked.q.as_deref().unwrap_or_default().trim().to_owned();
    let mut rows: Vec<_> = matching(wording, &language, &q, asked.after.as_deref())
        .take(PER_PAGE + 1)
        .map(|(key, said, is_own)| SentenceRow {
            href: format!("/a/settings/wording/{key}?language={language}"),
            key: key.to_owned(),
            said,
            is_own,
        })
        .collect();
    let is_more = rows.len() > PER_PAGE;
    rows.truncate(PER_PAGE);
    let here =
        format!("/a/settings/wording?language={language}&q={}", utf8_percent_encode(&q, NON_ALPHANUMERIC));
    let older = rows.last().filter(|_| is_more).map(|row| format!("{here}&after={}", row.key));
    Ok(ListPage {
        languages: languages(wording),
        newest: asked.after.as_ref().map(|_| here),
        is_saved: asked.saved.is_some(),
        q,
        language,
        rows,
        older,
    })
}

/// The sentences after a key that hold what is looked for: key, what is said, and whether the merchant says it.
fn matching<'a>(
    wording: &'a Wording,
    language: &'a str,
    q: &str,
    after: Option<&'a str>,
) -> impl Iterator<Item = (&'a str, String, bool)> {
    let q = q.to_lowercase();
    let later = move |key: &&String| after.is_none_or(|after| key.as_str() > after);
    let sentence = move |key: &'a String| {
        let own = own(wording, key, language);
        let said = own.cloned().unwrap_or_else(|| ours(wording, key, language));
        (key.as_str(), said, own.is_some())
    };
    let fits = move |(key, said, _): &(&str, String, bool)| {
        q.is_empty() || key.contains(&q) || said.to_lowercase().contains(&q)
    };
    wording.sentences().keys().filter(later).map(sentence).filter(fits)
}

/// The languages everything can be said in.
fn languages(wording: &Wording) -> Vec<String> {
    let catalogue = wording.catalogue();
    let spoken = |tag: &&str| Locale::parse(tag).is_ok_and(|locale| catalogue.speaks(&locale));
    catalogue.languages().filter(spoken).map(str::to_owned).collect()
}

/// The language that is asked for, else the shop's own, else the first.
fn language(r: &Read<'_>, asked: Option<&str>) -> Result<String> {
    let languages = languages(r.wired::<Wording>()?);
    let own = r.wired::<Shop>()?.locale.language();
    let wanted = [asked, Some(own.as_str())].into_iter().flatten();
    let found = wanted.into_iter().find_map(|wanted| languages.iter().find(|one| *one == wanted));
    Ok(found.or(languages.first()).cloned().unwrap_or_default())
}

/// Our own sentence with its placeholders as a merchant writes them.
fn ours(wording: &Wording, key: &str, language: &str) -> String {
    let names: Vec<_> = wording.sentences().get(key).into_iter().flatten().collect();
    let shown: Vec<String> = names.iter().map(|name| format!("{{{{{name}}}}}")).collect();
    let args: Vec<(&str, Arg<'_>)> =
        names.iter().zip(&shown).map(|(name, shown)| (name.as_str(), Arg::from(shown))).collect();
    let locale = Locale::parse(language).unwrap_or_default();
    wording.catalogue().say(&locale, key, &args)
}

/// The merchant's sentence for this very language. One without a language is shown where it is used.
fn own<'a>(wording: &'a Wording, key: &str, language: &str) -> Option<&'a String> {
    wording.own().get(&format!("{key}@{language}")).or_else(|| wording.own().get(key))
}

/// `GET /a/settings/wording/{key}`.
pub(crate) async fn show(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<HtmlPage, Failure> {
    member.role.require(Permission::Configure)?;
    let page = door.db.read("settings.sentence", move |r| {
        let language = language(r, asked.language.as_deref())?;
        sentence_page(r, &key, &language)
    });
    Ok(door.page("admin/set-sentence.html", "Wording", &page.await?)?)
}

fn sentence_page(r: &mut Read<'_>, key: &str, language: &str) -> Result<SentencePage> {
    let version = settings::find::<BTreeMap<String, String>>(r, Section::Wording)?.version;
    let wording = r.wired::<Wording>()?;
    let placeholders = wording.sentences().get(key).ok_or_else(no_sentence)?;
    let own = own(wording, key, language);
    Ok(SentencePage {
        key: key.to_owned(),
        languages: languages(wording),
        ours: ours(wording, key, language),
        placeholders: placeholders.iter().map(|name| format!("{{{{{name}}}}}")).collect(),
        text: own.cloned().unwrap_or_else(|| ours(wording, key, language)),
        is_own: own.is_some(),
        language: language.to_owned(),
        version,
        fault: None,
    })
}

/// `POST /a/settings/wording/{key}`: says it in the merchant's words, or in ours again.
pub(crate) async fn change(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(key): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let asked = form.text("language").to_owned();
    let (wanted, version) = (form.text("text").replace("\r\n", "\n"), version_of(form.text("version")));
    let is_ours = form.text("do") == "ours";
    let (typed, at) = (wanted.clone(), key.clone());
    let saved = door.db.write("settings.save_wording", move |w| {
        let language = language(w, Some(&asked))?;
        let wording = w.wired_arc::<Wording>()?;
        let name = format!("{key}@{language}");
        let stored = settings::find::<BTreeMap<String, String>>(w, Section::Wording)?;
        let mut own = stored.value.unwrap_or_else(|| wording.own().clone());
        if is_ours {
            wording.sentences().get(&key).ok_or_else(no_sentence)?;
            own.remove(&name);
            own.remove(&key);
        } else {
            wording.check(&name, &wanted)?;
            own.insert(name, wanted.clone());
        }
        settings::save(w, Section::Wording, &own, version, &member.id)?;
        Ok(language)
    });
    let error = match saved.await {
        Ok(language) => {
            return Ok(see_other(&format!("/a/settings/wording?language={language}&saved=1"), None)?);
        }
        Err(error) => error,
    };
    let (status, fault) = match error.kind() {
        Kind::Conflict => (StatusCode::CONFLICT, error.words().to_owned()),
        _ => (StatusCode::UNPROCESSABLE_ENTITY, fault_of(error)?),
    };
    let language = form.text("language").to_owned();
    let page = door.db.read("settings.sentence", move |r| {
        let language = self::language(r, Some(&language))?;
        sentence_page(r, &at, &language)
    });
    // What they typed stays, and is saved next over what they have seen.
    let page = SentencePage { text: typed, fault: Some(fault), ..page.await? };
    Ok(door.page("admin/set-sentence.html", "Wording", &page)?.status(status).into_response())
}

#[track_caller]
fn no_sentence() -> Error {
    Error::not_found("There is no such sentence.")
}

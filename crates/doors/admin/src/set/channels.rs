//! `/a/settings/channels`: what carries messages away, and trying it.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::Write;
use kernel::{Channel, Email, Kind, Phone, Result, Shop};
use messaging::trial::{self, Trial};
use serde::Serialize;
use settings::Step;
use staff::{Member, Permission};
use web::{Failure, Form, HtmlPage};

use crate::door::{Door, fault_of};

/// What `admin/set-channels.html` is given as `page`.
#[derive(Debug, Serialize)]
struct ChannelsPage {
    channels: Vec<ChannelView>,
    from: String,
    result: Option<ResultView>,
}

#[derive(Debug, Serialize)]
struct ChannelView {
    name: &'static str,
    value: &'static str,
    /// What carries it; none where nothing does.
    carrier: Option<&'static str>,
    /// What to know about it.
    about: &'static str,
    typed: String,
    fault: Option<String>,
}

#[derive(Debug, Serialize)]
struct ResultView {
    tone: &'static str,
    heading: String,
    /// The provider's own words.
    words: String,
    /// What to do now.
    next: &'static str,
}

/// `GET /a/settings/channels`.
pub(crate) async fn show(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
) -> Result<HtmlPage, Failure> {
    member.role.require(Permission::Configure)?;
    Ok(door.page("admin/set-channels.html", "Channels", &page(&door, &member)?)?)
}

fn page(door: &Door, member: &Member) -> Result<ChannelsPage> {
    let from = door.db.wiring().get_arc::<Shop>()?.mail_from.clone();
    Ok(ChannelsPage {
        channels: vec![
            channel(door, Channel::Email, "Mail", member.email.clone()),
            channel(door, Channel::Sms, "Texts", String::new()),
        ],
        from: format!("{} <{}>", from.name, from.address.as_str()),
        result: None,
    })
}

fn channel(door: &Door, channel: Channel, name: &'static str, typed: String) -> ChannelView {
    let carrier = door.providers.of(channel).map(|provider| provider.name());
    let about = match (channel, carrier) {
        (_, Some("inbox" | "inbox of texts")) => {
            "Kept in the built-in inbox, where everybody who runs the program can read it. No customer gets it."
        }
        (Channel::Email, Some(_)) => "Leaves by the mail server named in AFTERCARE_MAIL_URL.",
        (Channel::Sms, Some(_)) => "Leaves by the gateway named in AFTERCARE_SMS_URL.",
        (Channel::Email, None) => "Name a mail server in AFTERCARE_MAIL_URL, and start the program again.",
        (Channel::Sms, None) => {
            "Nothing carries texts. Name a gateway in AFTERCARE_SMS_URL, and start the program again."
        }
    };
    ChannelView { name, value: channel.as_str(), carrier, about, typed, fault: None }
}

/// `POST /a/settings/channels/test`.
pub(crate) async fn test(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let channel = Channel::parse(form.text("channel"))?;
    let typed = form.text("address").to_owned();
    let mut page = page(&door, &member)?;
    let address = match address(channel, &typed) {
        Ok(address) => address,
        Err(error) => {
            put(&mut page, channel, typed, Some(fault_of(error)?));
            return Ok(answer(&door, &page, StatusCode::UNPROCESSABLE_ENTITY)?);
        }
    };
    let sent = allowed(&door, &member).await;
    let tried = match sent {
        Ok(()) => trial::send(&door.db, &door.providers, channel, &address).await?,
        Err(error) if error.kind() == Kind::TooMany => {
            put(&mut page, channel, typed, Some(error.words().to_owned()));
            return Ok(answer(&door, &page, StatusCode::TOO_MANY_REQUESTS)?);
        }
        Err(error) => return Err(error.into()),
    };
    note(&door, member, channel, &tried).await?;
    page.result = Some(told(&tried, &address));
    put(&mut page, channel, typed, None);
    Ok(answer(&door, &page, StatusCode::OK)?)
}

fn address(channel: Channel, typed: &str) -> Result<String> {
    match channel {
        Channel::Email => Email::parse(typed).map(|email| email.as_str().to_owned()),
        Channel::Sms => Phone::parse(typed).map(|phone| phone.as_str().to_owned()),
    }
}

fn put(page: &mut ChannelsPage, channel: Channel, typed: String, fault: Option<String>) {
    if let Some(view) = page.channels.iter_mut().find(|view| view.value == channel.as_str()) {
        view.typed = typed;
        view.fault = fault;
    }
}

fn answer(door: &Door, page: &ChannelsPage, status: StatusCode) -> Result<Response> {
    Ok(door.page("admin/set-channels.html", "Channels", page)?.status(status).into_response())
}

async fn allowed(door: &Door, member: &Member) -> Result<()> {
    let by = member.id.clone();
    door.db.read("settings.tests", move |r| trial::allowed(r, &by)).await
}

async fn note(door: &Door, member: Member, channel: Channel, tried: &Trial) -> Result<()> {
    let (outcome, is_through) = (tried.as_str(), matches!(tried, Trial::Accepted { .. }));
    let write = move |w: &mut Write<'_>| {
        if is_through && channel == Channel::Email {
            settings::reach(w, Step::TestMail)?;
        }
        staff::note(w, Some(&member.id), trial::TESTED[0], ("channel", channel.as_str()), None, Some(outcome))
    };
    door.db.write("settings.tested", write).await
}

fn told(tried: &Trial, address: &str) -> ResultView {
    match tried {
        Trial::Accepted { words } => ResultView {
            tone: "ok",
            heading: format!("It was taken for {address}"),
            words: words.clone(),
            next: "Look whether it arrived, and where: in a folder for spam nobody sees it.",
        },
        Trial::Refused { words } => ResultView {
            tone: "bad",
            heading: format!("It was not taken for {address}"),
            words: words.clone(),
            next: "These are the provider’s own words. Most often the address of the server, the password or the sender is wrong.",
        },
        Trial::Unknown { words } => ResultView {
            tone: "warn",
            heading: format!("Nobody knows whether it arrived at {address}"),
            words: words.clone(),
            next: "The provider took it in hand and did not answer. Look whether it arrived before you try again.",
        },
        Trial::NotConnected => ResultView {
            tone: "bad",
            heading: "Nothing carries messages on this channel".to_owned(),
            words: String::new(),
            next: "Connect it in the configuration, and start the program again.",
        },
    }
}

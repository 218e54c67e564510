//! How somebody looks at a draft: the language, the way it is shown, and what it is filled with. It stands in the
//! address, so that a look can be shared and gone back to.

use kernel::{Error, Locale, MessageId, Result};
use serde::Deserialize;

use crate::design::preview::Spoken;

/// The ways to see a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    Desktop,
    Phone,
    Dark,
    Text,
    Sms,
}

impl View {
    pub(super) const ALL: [View; 5] = [View::Desktop, View::Phone, View::Dark, View::Text, View::Sms];

    pub(super) fn name(self) -> &'static str {
        match self {
            View::Desktop => "desktop",
            View::Phone => "phone",
            View::Dark => "dark",
            View::Text => "text",
            View::Sms => "sms",
        }
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            View::Desktop => "Desktop",
            View::Phone => "Phone",
            View::Dark => "Dark",
            View::Text => "Plain text",
            View::Sms => "Text message",
        }
    }

    fn of_name(name: &str) -> View {
        View::ALL.into_iter().find(|view| view.name() == name).unwrap_or(View::Desktop)
    }
}

/// What a preview is filled with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum With {
    /// The newest message of the template; the sample while there is none.
    Newest,
    /// The order that comes with the program.
    Sample,
    /// One message.
    Message(MessageId),
}

impl With {
    pub(super) fn parse(word: &str) -> Result<With> {
        Ok(match word {
            "" | "newest" => With::Newest,
            "sample" => With::Sample,
            id => With::Message(MessageId::parse(id)?),
        })
    }

    pub(super) fn as_str(&self) -> &str {
        match self {
            With::Newest => "newest",
            With::Sample => "sample",
            With::Message(id) => id.as_str(),
        }
    }
}

/// What an address or a form says of it.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub language: String,
    #[serde(default)]
    pub view: String,
    #[serde(default)]
    pub with: String,
    /// Which saved version to show instead of the draft; for frames.
    pub version: Option<u32>,
    /// The press that led here, to say what it did.
    #[serde(default)]
    pub did: String,
}

/// A look.
#[derive(Clone, Debug)]
pub(super) struct Looks {
    /// The language's tag.
    pub language: String,
    /// Its reader.
    pub locale: Locale,
    pub view: View,
    pub with: With,
}

impl Looks {
    /// A language that is not spoken is the shop's own.
    pub(super) fn of(asked: &Asked, languages: &[Spoken]) -> Result<Looks> {
        let spoken = languages.iter().find(|spoken| spoken.tag == asked.language).or(languages.first());
        let spoken = spoken.ok_or_else(|| Error::internal("a shop that speaks no language"))?;
        Ok(Looks {
            language: spoken.tag.clone(),
            locale: spoken.locale.clone(),
            view: View::of_name(&asked.view),
            with: With::parse(&asked.with)?,
        })
    }

    /// The query of an address with this look.
    pub(super) fn query(&self) -> String {
        format!("language={}&view={}&with={}", self.language, self.view.name(), self.with.as_str())
    }

    pub(super) fn with_language(&self, language: &str) -> Looks {
        Looks { language: language.to_owned(), ..self.clone() }
    }

    pub(super) fn with_view(&self, view: View) -> Looks {
        Looks { view, ..self.clone() }
    }

    pub(super) fn filled_with(&self, with: With) -> Looks {
        Looks { with, ..self.clone() }
    }
}

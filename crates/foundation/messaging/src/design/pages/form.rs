//! The editor's form: what was typed, and which button was pressed.

use kernel::Result;
use web::Form;

use super::looks::{Asked, Looks, View, With};
use crate::design::edit::{self, Edit};
use crate::design::source::Design;

/// What was pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Press {
    /// Keep what was typed and show it.
    Keep,
    /// Another language, way to see it, or order to fill it with.
    Look(Turn),
    /// Another order of blocks.
    Edit(Edit),
    /// Use it.
    Save,
    /// Use it although somebody else saved a version meanwhile, which was shown.
    SaveOver,
    /// Give the draft up.
    Drop,
    /// Go on writing, on top of what somebody else saved meanwhile.
    GoOn,
    /// Send a test by mail.
    TestMail,
    /// Send a test by text.
    TestText,
}

/// What of the look is turned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Language(String),
    View(String),
    With(String),
}

impl Press {
    pub(super) fn parse(value: &str) -> Press {
        let turned = value.split_once(':').and_then(|(what, to)| match what {
            "language" => Some(Turn::Language(to.to_owned())),
            "view" => Some(Turn::View(to.to_owned())),
            "with" => Some(Turn::With(to.to_owned())),
            _ => None,
        });
        match value {
            "save" => Press::Save,
            "save-over" => Press::SaveOver,
            "drop" => Press::Drop,
            "go-on" => Press::GoOn,
            "test-mail" => Press::TestMail,
            "test-text" => Press::TestText,
            _ => match (turned, Edit::parse(value)) {
                (Some(turn), _) => Press::Look(turn),
                (None, Some(edit)) => Press::Edit(edit),
                // A button that an older page had keeps what was typed, which is what matters.
                (None, None) => Press::Keep,
            },
        }
    }
}

/// The look that a form was shown in.
pub(super) fn asked(form: &Form) -> Asked {
    let text = |name: &str| form.text(name).to_owned();
    Asked { language: text("language"), view: text("view"), with: text("with"), ..Asked::default() }
}

/// The look after a press.
pub(super) fn turned(looks: Looks, turn: &Turn) -> Result<Looks> {
    Ok(match turn {
        Turn::Language(tag) if tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') => {
            looks.with_language(tag)
        }
        Turn::Language(_) => looks,
        Turn::View(name) => {
            let view = View::ALL.into_iter().find(|view| view.name() == name);
            looks.with_view(view.unwrap_or(View::Desktop))
        }
        Turn::With(word) => looks.filled_with(With::parse(word)?),
    })
}

/// The version a form was begun from.
pub(super) fn base(form: &Form) -> u32 {
    form.text("base").parse().unwrap_or_default()
}

/// The design with what was typed in it.
pub(super) fn typed(design: &mut Design, language: &str, form: &Form) {
    edit::typed(design, language, |field| form.has(field).then(|| form.text(field)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::edit::Kind;

    #[test]
    fn each_button_means_one_thing() {
        let up = Press::Edit(Edit::Up("items".into()));
        let cases = [
            ("", Press::Keep),
            ("nonsense", Press::Keep),
            ("save", Press::Save),
            ("save-over", Press::SaveOver),
            ("up:items", up),
            ("add-text:own-1", Press::Edit(Edit::Add(Kind::Text, "own-1".into()))),
            ("add-video:own-1", Press::Keep),
            ("language:de", Press::Look(Turn::Language("de".into()))),
            ("view:dark", Press::Look(Turn::View("dark".into()))),
            ("with:sample", Press::Look(Turn::With("sample".into()))),
        ];
        for (value, press) in cases {
            assert_eq!(Press::parse(value), press, "{value}");
        }
    }
}

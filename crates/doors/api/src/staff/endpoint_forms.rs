//! What somebody typed about a webhook endpoint.

use kernel::{Error, Result};
use web::Form;

use crate::webhooks::kinds::KINDS;
use crate::webhooks::{EndpointChange, NewEndpoint};

/// A form as it is shown again after it was refused.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub url: String,
    pub description: String,
    /// The kinds that are ticked; none for every kind.
    pub kinds: Vec<String>,
    pub wants_all: bool,
    pub fault: Option<String>,
}

impl Typed {
    /// What was typed; kinds that don't exist are nobody's wish.
    pub fn of(form: &Form) -> Self {
        Typed {
            url: form.text("url").to_owned(),
            description: form.text("description").to_owned(),
            kinds: form.all("kind").filter(|kind| KINDS.contains(kind)).map(str::to_owned).collect(),
            wants_all: form.text("wants") == "all",
            fault: None,
        }
    }
}

/// An endpoint to be made.
pub(super) fn new(form: &Form) -> Result<NewEndpoint> {
    let url = form.text("url").to_owned();
    Ok(NewEndpoint { url, kinds: kinds(form)?, description: description(form) })
}

/// What is to be changed of one: the whole form, so that a field that was emptied is meant to be empty.
pub(super) fn change(form: &Form) -> Result<EndpointChange> {
    let (url, description) = (Some(form.text("url").to_owned()), description(form));
    let forgets_description = description.is_none();
    Ok(EndpointChange { url, kinds: Some(kinds(form)?), description, forgets_description, disabled: None })
}

fn description(form: &Form) -> Option<String> {
    Some(form.text("description")).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// An empty list means every kind, so none that is ticked has to be a fault.
fn kinds(form: &Form) -> Result<Vec<String>> {
    if form.text("wants") == "all" {
        return Ok(Vec::new());
    }
    let kinds: Vec<String> = form.all("kind").map(str::to_owned).collect();
    match kinds.is_empty() {
        true => Err(Error::field("/kinds", "empty", "Tick at least one event, or choose every event.")),
        false => Ok(kinds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<NewEndpoint> {
        new(&Form::parse(text.as_bytes()).unwrap())
    }

    #[test]
    fn nothing_ticked_is_not_everything() {
        assert!(read("url=https://a.example&wants=some").is_err());
        assert!(read("url=https://a.example&wants=all&kind=order.placed").unwrap().kinds.is_empty());
        let some = read("url=https://a.example&wants=some&kind=order.placed&kind=order.paid").unwrap();
        assert_eq!(some.kinds, ["order.placed", "order.paid"]);
        assert_eq!(some.description, None);
    }
}

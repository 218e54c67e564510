//! What somebody typed about a shop, read field by field.

use kernel::{Error, Result};
use serde::Serialize;
use web::Form;

use crate::connections::NewConnection;
use crate::manage::Change;
use crate::platform::Platform;

/// A form as it is shown: what was typed, and what is wrong with it. Secrets and keys are typed again.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Typed {
    pub name: String,
    pub api_url: String,
    /// The field that is wrong: `name`, `secret`, `api_url` or `api_key`.
    pub wrong: String,
    pub fault: Option<String>,
}

impl Typed {
    /// The form after it was refused; anything but a wrong field is not its matter.
    pub fn refused(form: &Form, error: Error) -> Result<Self> {
        let wrong = error.fields().first().map(|field| field.pointer.trim_start_matches('/').to_owned());
        Ok(Typed {
            name: form.text("name").to_owned(),
            api_url: form.text("api_url").to_owned(),
            wrong: wrong.unwrap_or_default(),
            fault: Some(web::fault_of(error)?),
        })
    }
}

/// A shop to be connected.
pub(super) fn new(form: &Form, platform: Platform) -> Result<NewConnection> {
    let (api_url, api_key) = api(form, platform)?.unzip();
    let name = form.text("name").to_owned();
    Ok(NewConnection { platform, name, secret: given(form, "secret"), api_url, api_key })
}

/// Another secret, which somebody has copied from the platform.
pub(super) fn secret(form: &Form) -> Result<Change> {
    let secret = given(form, "secret")
        .ok_or_else(|| Error::field("/secret", "empty", "Paste the secret that the platform shows."))?;
    Ok(Change { secret: Some(secret), api: None })
}

/// Another way to the platform's list of orders.
pub(super) fn access(form: &Form, platform: Platform) -> Result<Change> {
    let api = api(form, platform)?
        .ok_or_else(|| Error::field("/api_url", "empty", "Write the address of the shop’s API."))?;
    Ok(Change { secret: None, api: Some(api) })
}

/// Address and key go together: one of them alone would never be used.
fn api(form: &Form, platform: Platform) -> Result<Option<(String, String)>> {
    if !platform.is_polled() {
        return Ok(None);
    }
    match (given(form, "api_url"), given(form, "api_key")) {
        (None, None) => Ok(None),
        (Some(url), Some(key)) => Ok(Some((url, key))),
        (Some(_), None) => {
            Err(Error::field("/api_key", "empty", "Write the key, too: the address alone opens nothing."))
        }
        (None, Some(_)) => {
            Err(Error::field("/api_url", "empty", "Write the address that the key belongs to."))
        }
    }
}

fn given(form: &Form, name: &str) -> Option<String> {
    Some(form.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Form {
        Form::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn an_address_and_its_key_go_together() {
        let read = |text: &str| new(&form(text), Platform::Woocommerce);
        let whole = read("name=Tea&api_url=https://shop.example&api_key=ck:cs").unwrap();
        assert_eq!(
            (whole.api_url.as_deref(), whole.api_key.as_deref()),
            (Some("https://shop.example"), Some("ck:cs"))
        );
        assert_eq!(read("name=Tea&secret=&api_url=&api_key=").unwrap().api_url, None);
        for (text, wrong) in [("api_url=https://a.example", "/api_key"), ("api_key=ck:cs", "/api_url")] {
            assert_eq!(read(text).unwrap_err().fields()[0].pointer, wrong);
        }
        let nothing_asked = new(&form("name=Tea&api_url=https://a.example"), Platform::Generic).unwrap();
        assert_eq!(nothing_asked.api_url, None);
    }

    #[test]
    fn a_refused_form_keeps_what_is_no_secret() {
        let form = form("name=Tea&secret=hush&api_url=https://a.example");
        let fault = Error::field("/api_key", "empty", "Write the key, too.");
        let typed = Typed::refused(&form, fault).unwrap();
        assert_eq!(
            (typed.name.as_str(), typed.api_url.as_str(), typed.wrong.as_str()),
            ("Tea", "https://a.example", "api_key")
        );
        assert!(!serde_json::to_string(&typed).unwrap().contains("hush"));
        assert!(Typed::refused(&form, Error::not_found("gone")).is_err());
    }
}

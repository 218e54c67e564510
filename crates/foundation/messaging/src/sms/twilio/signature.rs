//! Twilio's signatures, both of them: over the address it called and the form it posted. Pure, and constant in time.
//!
//! The older is HMAC-SHA1 with the account's token; the newer HMAC-SHA256 with a key made for webhooks, and named by a
//! header of its own. What is not a form is signed by its address alone, which then holds the body's SHA-256.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use kernel::keys;
use url::Url;

use super::Params;

/// The header of the signature.
pub const SIGNATURE: &str = "x-twilio-signature";
/// The header that names key and algorithm of the newer signature.
pub const SETTINGS: &str = "x-twilio-webhooks-signature-settings";
/// In the address of what is not a form: the SHA-256 of the body, in hexadecimal.
const BODY_SHA256: &str = "bodySHA256";

/// A request as it came, with the address that the public knows it by.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// The whole address, scheme and query included.
    pub url: &'a str,
    /// The form; empty when the body is none.
    pub params: &'a Params,
    /// The body, when it is not a form.
    pub body: Option<&'a [u8]>,
    /// The signature.
    pub signature: &'a str,
    /// What the settings header says, if it is there.
    pub settings: Option<&'a str>,
}

/// The secrets that signatures are made with.
#[derive(Clone, Copy)]
pub struct Secrets<'a> {
    /// The account's token.
    pub token: &'a str,
    /// The key for webhooks; the token when none was made.
    pub webhook_key: &'a str,
}

/// Whether the request is the account's.
pub fn is_right(signed: &Signed<'_>, secrets: Secrets<'_>) -> bool {
    if let Some(body) = signed.body
        && !names_body(signed.url, body)
    {
        return false;
    }
    let Some(sha256) = is_sha256(signed.settings) else { return false };
    // Twilio is of two minds about the port, so either form is right.
    let forms = [with_port(signed.url), without_port(signed.url)];
    forms.iter().flatten().chain(std::iter::once(&signed.url.to_owned())).any(|url| {
        let said = said(url, signed.params);
        let made = if sha256 {
            BASE64_STANDARD.encode(keys::hmac_sha256(secrets.webhook_key.as_bytes(), said.as_bytes()))
        } else {
            BASE64_STANDARD.encode(keys::hmac_sha1(secrets.token.as_bytes(), said.as_bytes()))
        };
        keys::same(made.as_bytes(), signed.signature.trim().as_bytes())
    })
}

/// Which of the two; `None` for one that we don't know.
fn is_sha256(settings: Option<&str>) -> Option<bool> {
    let parts = settings.unwrap_or_default().split(',');
    let named = parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.trim() == "algorithm");
    match named.map(|(_, value)| value.trim().to_ascii_uppercase()).as_deref() {
        None | Some("" | "HMAC_SHA1") => Some(false),
        Some("HMAC_SHA256") => Some(true),
        Some(_) => None,
    }
}

/// The address, and each name with its value, by name and then by value.
fn said(url: &str, params: &Params) -> String {
    let mut pairs: Vec<&(String, String)> = params.0.iter().collect();
    pairs.sort();
    pairs.dedup();
    pairs.iter().fold(url.to_owned(), |said, (name, value)| said + name + value)
}

fn names_body(url: &str, body: &[u8]) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let named = url.query_pairs().find(|(name, _)| name == BODY_SHA256).map(|(_, value)| value.into_owned());
    named.is_some_and(|named| keys::same(named.as_bytes(), keys::hex(&keys::sha256(body)).as_bytes()))
}

/// The authority and what is around it, as written: a parsed URL would drop a usual port.
fn parts(url: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    Some((scheme, &rest[..end], &rest[end..]))
}

fn has_port(authority: &str) -> bool {
    let after_host = authority.rsplit(']').next().unwrap_or(authority);
    after_host.contains(':')
}

fn with_port(url: &str) -> Option<String> {
    let (scheme, authority, rest) = parts(url)?;
    let port = if scheme == "https" { 443 } else { 80 };
    (!has_port(authority)).then(|| format!("{scheme}://{authority}:{port}{rest}"))
}

fn without_port(url: &str) -> Option<String> {
    let (scheme, authority, rest) = parts(url)?;
    let (host, _) = authority.rsplit_once(':').filter(|_| has_port(authority))?;
    Some(format!("{scheme}://{host}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const FILES: [&str; 5] = [
        include_str!("payloads/twilio_status_delivered.json"),
        include_str!("payloads/twilio_status_undelivered.json"),
        include_str!("payloads/twilio_inbound_sms_stop.json"),
        include_str!("payloads/twilio_inbound_sms_optouttype.json"),
        include_str!("payloads/twilio_inbound_sms_sha256.json"),
    ];

    struct Case {
        url: String,
        params: Params,
        signature: String,
        settings: Option<String>,
        secret: String,
    }

    fn case(file: &str) -> Case {
        let json: Value = serde_json::from_str(file).unwrap();
        let text = |pointer: &str| json.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        Case {
            url: text("/request/url").unwrap(),
            params: Params::of_form(text("/request/body_raw").unwrap().as_bytes()),
            signature: text("/request/headers/X-Twilio-Signature").unwrap(),
            settings: text("/request/headers/X-Twilio-Webhooks-Signature-Settings"),
            secret: text("/signature/secret").unwrap(),
        }
    }

    fn holds(case: &Case) -> bool {
        let signed = Signed {
            url: &case.url,
            params: &case.params,
            body: None,
            signature: &case.signature,
            settings: case.settings.as_deref(),
        };
        is_right(&signed, Secrets { token: &case.secret, webhook_key: &case.secret })
    }

    /// Signed by Twilio's own library for Python.
    #[test]
    fn what_twilio_signed_is_right_and_one_changed_byte_is_not() {
        for file in FILES {
            assert!(holds(&case(file)), "{file}");
            let mut other = case(file);
            other.params.0[0].1.push('x');
            assert!(!holds(&other), "a field");
            let mut other = case(file);
            other.url.push_str("&x=1");
            assert!(!holds(&other), "the address");
            assert!(!holds(&Case { secret: "12346".into(), ..case(file) }), "the secret");
            assert!(
                !holds(&Case { settings: Some("algorithm=HMAC_MD5".into()), ..case(file) }),
                "the algorithm"
            );
        }
    }

    #[test]
    fn either_form_of_a_usual_port_is_right() {
        let with_port = case(FILES[0]).url.replace("hooks.example.test", "hooks.example.test:443");
        assert!(holds(&Case { url: with_port, ..case(FILES[0]) }));
    }

    #[test]
    fn a_body_that_is_no_form_is_held_by_the_address() {
        let body = br#"{"MessageSid":"SM1"}"#;
        let url = format!("https://t.example/h?bodySHA256={}", keys::hex(&keys::sha256(body)));
        let none = Params::default();
        let signature = BASE64_STANDARD.encode(keys::hmac_sha1(b"token", url.as_bytes()));
        let is_right = |url: &str, body: &[u8]| {
            let signed =
                Signed { url, params: &none, body: Some(body), signature: &signature, settings: None };
            is_right(&signed, Secrets { token: "token", webhook_key: "token" })
        };
        assert!(is_right(&url, body));
        assert!(!is_right(&url, b"{}"));
        assert!(!is_right("https://t.example/h", body), "without the hash nothing holds the body");
    }
}

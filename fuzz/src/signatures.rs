//! Signatures: what we sign is right, whatever was bent is not, and what a stranger wrote is right only when it is,
//! byte for byte, what we would have written.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use kernel::keys;
use kernel::webhooks::{self, Headers, Secret};
use messaging::sms::twilio::Params;
use messaging::sms::twilio::signature::{Secrets, Signed, is_right};

use crate::input::{Fields, now};

/// Secret, identifier, time, body and somebody's signature.
pub fn signatures(bytes: &[u8]) {
    let mut fields = Fields::of(bytes);
    let (secret, id, timestamp) = (fields.text(), fields.text(), fields.text());
    let (body, given) = (fields.bytes(), fields.text());
    standard(&id, &timestamp, body, &given);
    platforms(&secret, body, &given);
    twilio(&secret, &id, body, &given);
    if let Ok(secret) = Secret::parse(&secret) {
        assert_eq!(
            Secret::parse(&secret.text()).ok().as_ref(),
            Some(&secret),
            "a secret reads as it is written"
        );
    }
}

fn standard(id: &str, timestamp: &str, body: &[u8], given: &str) {
    let secret = Secret::parse("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=").expect("a secret");
    let tolerance = Duration::from_secs(300);
    let verify = |headers: &Headers<'_>, body: &[u8]| {
        webhooks::verify(std::slice::from_ref(&secret), headers, body, now(), tolerance).is_ok()
    };
    assert!(!verify(&Headers { id, timestamp, signature: given }, body), "a stranger can't sign");
    let signature = webhooks::sign(&secret, id, now(), body);
    let stamp = webhooks::timestamp_header(now());
    let ours = Headers { id, timestamp: &stamp, signature: &signature };
    let is_id = !id.is_empty() && id.len() <= 200 && !id.contains('.');
    assert_eq!(verify(&ours, body), is_id, "what we sign is right");
    let later = webhooks::timestamp_header(now() + Duration::from_secs(1));
    assert!(!verify(&Headers { timestamp: &later, ..ours }, body));
    assert!(!verify(&Headers { timestamp, ..ours }, body) || timestamp == stamp);
    assert!(!verify(&ours, &[body, b" "].concat()));
    assert!(!verify(&Headers { id: &format!("{id}x"), ..ours }, body));
}

fn platforms(secret: &str, body: &[u8], given: &str) {
    let mac = keys::hmac_sha256(secret.as_bytes(), body);
    let ours = BASE64_STANDARD.encode(mac);
    let is_ours = |text: &str| BASE64_STANDARD.decode(text.trim()).is_ok_and(|bytes| bytes == mac);
    assert!(platforms::shopify::verify(secret.as_bytes(), body, &ours));
    assert_eq!(platforms::shopify::verify(secret.as_bytes(), body, given), is_ours(given));
    assert!(platforms::woocommerce::verify(secret, body, &ours));
    assert!(!platforms::woocommerce::verify(secret, &[body, b" "].concat(), &ours));
}

fn twilio(token: &str, url: &str, body: &[u8], given: &str) {
    let params = Params::of_form(body);
    let secrets = Secrets { token, webhook_key: "a key that nobody knows" };
    let sha256 = Some("algorithm=HMAC_SHA256");
    let signed = Signed { url, params: &params, body: None, signature: given, settings: sha256 };
    assert!(!is_right(&signed, secrets), "a stranger can't sign");
    let said = said(url, &params);
    let ours = BASE64_STANDARD.encode(keys::hmac_sha256(secrets.webhook_key.as_bytes(), said.as_bytes()));
    assert!(is_right(&Signed { signature: &ours, ..signed }, secrets), "what the service signs is right");
    let other = format!("{url}x");
    assert!(!is_right(&Signed { signature: &ours, url: &other, ..signed }, secrets));
    let as_json = Signed { signature: &ours, body: Some(body), ..signed };
    assert!(
        !is_right(&as_json, secrets) || url.contains("bodySHA256"),
        "a body that no address names is nobody's"
    );
}

/// The address and the form as Twilio's rules join them.
fn said(url: &str, params: &Params) -> String {
    let mut pairs = params.0.clone();
    pairs.sort();
    pairs.dedup();
    pairs.into_iter().fold(url.to_owned(), |said, (name, value)| said + &name + &value)
}

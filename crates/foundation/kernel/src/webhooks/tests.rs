use super::*;

const NOW: Timestamp = Timestamp::from_ms(1_795_000_000_999);

fn secret(seed: u64) -> Secret {
    Secret::generate(&mut Dice::seeded(seed))
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_ms(seconds * 1_000)
}

fn check(secrets: &[Secret], id: &str, timestamp: &str, signature: &str, body: &[u8]) -> Result<()> {
    verify(secrets, &Headers { id, timestamp, signature }, body, NOW, TOLERANCE)
}

/// Made with the npm package `standardwebhooks` 1.0.0 over random ids, times, bodies and secrets of 24 to 64 bytes.
#[test]
fn what_the_official_library_signed_is_what_we_sign() {
    let vectors: Vec<serde_json::Value> = serde_json::from_str(include_str!("vectors.json")).unwrap();
    assert_eq!(vectors.len(), 200);
    for vector in vectors {
        let text = |name: &str| vector[name].as_str().unwrap();
        let secret = Secret::parse(text("secret")).unwrap();
        let timestamp = at(vector["timestamp"].as_i64().unwrap());
        assert_eq!(sign(&secret, text("id"), timestamp, text("body").as_bytes()), text("signature"));
        assert_eq!(secret.text(), text("secret"));
        let headers =
            Headers { id: text("id"), timestamp: &timestamp_header(timestamp), signature: text("signature") };
        verify(&[secret], &headers, text("body").as_bytes(), timestamp, TOLERANCE).unwrap();
    }
}

#[test]
fn any_known_secret_of_any_signature_will_do() {
    let [old, new, other] = [secret(1), secret(2), secret(3)];
    let signed_at = at(1_795_000_000);
    let (time, body) = (timestamp_header(signed_at), b"{}");
    let by_both = sign_with_all(&[new.clone(), old.clone()], "msg_1", signed_at, body);
    for known in [vec![old.clone()], vec![new.clone()], vec![other.clone(), new.clone()]] {
        check(&known, "msg_1", &time, &by_both, body).unwrap();
    }
    let unknown_schemes = format!("v1a,abc v2,xyz {}", sign(&old, "msg_1", signed_at, body));
    check(std::slice::from_ref(&old), "msg_1", &time, &unknown_schemes, body).unwrap();
    assert_eq!(check(&[other], "msg_1", &time, &by_both, body).unwrap_err().code(), "bad_signature");
    assert!(check(&[], "msg_1", &time, &by_both, body).is_err());
}

#[test]
fn one_changed_byte_anywhere_is_refused() {
    let known = [secret(1)];
    let signed_at = at(1_795_000_000);
    let good = sign(&known[0], "msg_1", signed_at, b"{\"a\":1}");
    check(&known, "msg_1", "1795000000", &good, b"{\"a\":1}").unwrap();
    let swapped = good.replace("v1,", "v2,");
    let cases: [(&str, &str, &str, &[u8]); 9] = [
        ("msg_2", "1795000000", &good, b"{\"a\":1}"),
        ("msg_1", "1795000001", &good, b"{\"a\":1}"),
        ("msg_1", "1795000000", &good, b"{\"a\":2}"),
        ("msg_1", "01795000000", &good, b"{\"a\":1}"),
        ("msg_1", "+1795000000", &good, b"{\"a\":1}"),
        ("msg_1", "", &good, b"{\"a\":1}"),
        ("", "1795000000", &good, b"{\"a\":1}"),
        ("msg_1", "1795000000", "", b"{\"a\":1}"),
        ("msg_1", "1795000000", &swapped, b"{\"a\":1}"),
    ];
    for (id, time, signature, body) in cases {
        let refused = check(&known, id, time, signature, body).unwrap_err();
        assert_eq!((refused.kind(), refused.code()), (Kind::Unauthorized, "bad_signature"), "{id} {time}");
    }
}

/// `a` at `1.2` and `a.1` at `2` would be the same bytes.
#[test]
fn a_full_stop_can_not_move_from_the_id_to_the_body() {
    let known = [secret(1)];
    let signature = sign(&known[0], "msg", at(1_795_000_000), b"1795000000.{}");
    check(&known, "msg", "1795000000", &signature, b"1795000000.{}").unwrap();
    assert!(check(&known, "msg.1795000000", "1795000000", &signature, b"{}").is_err());
}

#[test]
fn what_was_signed_more_than_five_minutes_away_is_refused() {
    let known = [secret(1)];
    for (away, is_taken) in [(0, true), (300, true), (-300, true), (301, false), (-301, false)] {
        let signed_at = at(1_795_000_000 + away);
        let signature = sign(&known[0], "msg_1", signed_at, b"{}");
        let taken = check(&known, "msg_1", &timestamp_header(signed_at), &signature, b"{}");
        assert_eq!(taken.is_ok(), is_taken, "{away}");
        assert!(is_taken || taken.unwrap_err().code() == "bad_timestamp");
    }
    let far = sign(&known[0], "msg_1", at(99_999_999_999), b"{}");
    assert!(check(&known, "msg_1", "99999999999", &far, b"{}").is_err());
}

#[test]
fn a_secret_is_24_to_64_bytes_and_never_printed() {
    let of = |bytes: usize| format!("whsec_{}", STANDARD.encode(vec![7; bytes]));
    for (bytes, is_one) in [(23, false), (24, true), (32, true), (64, true), (65, false), (0, false)] {
        assert_eq!(Secret::parse(&of(bytes)).is_ok(), is_one, "{bytes}");
    }
    let unpadded = of(32).trim_end_matches('=').to_owned();
    assert_eq!(Secret::parse(&unpadded).unwrap(), Secret::parse(&of(32)).unwrap());
    for text in ["", "whsec_", "whsec_!!!!", "hush-hush", &of(32)[6..]] {
        assert_eq!(Secret::parse(text).unwrap_err().code(), "not_a_secret");
    }
    assert_eq!(format!("{:?}", secret(1)), "Secret(…)");
    assert_eq!(Secret::parse(&secret(1).text()).unwrap(), secret(1));
}

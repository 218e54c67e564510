use ring::signature::{
    ED25519, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
};

use super::*;

const RSA: &str = include_str!("../../testdata/dkim-rsa-for-tests.pem");

/// RFC 8463 §A.2: the key, its public half, and the RSA key that signs the same message.
const RFC_SEED: &str = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
const RFC_PUBLIC: &str = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
const RFC_RSA_PUBLIC: &str = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB";
const RFC_RSA_SIGNATURE: &str = "F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2JzdA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=";
const RFC_SIGNATURE: &str =
    "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==";
/// RFC 8463 §A.3.
const RFC_MESSAGE: &str = "From: Joe SixPack <joe@football.example.com>\r\n\
    To: Suzie Q <suzie@shopping.example.net>\r\n\
    Subject: Is dinner ready?\r\n\
    Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n\
    Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\
    \r\n\
    Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n\r\n";
const RFC_NAMES: [&str; 8] = ["from", "to", "subject", "date", "message-id", "from", "subject", "date"];

fn decoded(text: &str) -> Vec<u8> {
    STANDARD.decode(text).unwrap()
}

fn rfc_key() -> SigningKey {
    let der = [&b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20"[..], &decoded(RFC_SEED)]
        .concat();
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der));
    SigningKey::from_pem(pem.as_bytes()).unwrap()
}

fn rsa_key() -> SigningKey {
    SigningKey::from_pem(RSA.as_bytes()).unwrap()
}

fn signer() -> Signer {
    let keys = vec![("a1".to_owned(), rsa_key()), ("a2".to_owned(), rfc_key())];
    Signer::new("Shop.Example", keys).unwrap()
}

fn at() -> Timestamp {
    Timestamp::parse("2026-11-20T10:00:00Z").unwrap()
}

const MESSAGE: &str = "From: \"Tea\" <tea@shop.example>\r\nTo: <ann@example.test>\r\nSubject: Hello,\r\n\tAnn\r\n\
    Date: Fri, 20 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nX-Other: not signed\r\n\r\nHello  Ann \r\n\r\n";

/// The tags of the signatures of a signed message, in their order, unfolded.
fn tags(signed: &[u8]) -> Vec<Vec<(String, String)>> {
    let (fields, _) = message::split(signed);
    let signatures = fields.iter().filter(|field| field.name == HEADER.as_bytes());
    let read = |field: &message::Field<'_>| {
        let value = String::from_utf8(field.value.to_vec()).unwrap();
        let parts = value.split(';').map(|part| part.split_whitespace().collect::<String>());
        parts.map(|part| part.split_once('=').map(|(n, v)| (n.to_owned(), v.to_owned())).unwrap()).collect()
    };
    signatures.map(read).collect()
}

fn tag(tags: &[(String, String)], name: &str) -> String {
    tags.iter().find(|(own, _)| own == name).unwrap().1.clone()
}

/// Checks signature `number` of a signed message as a verifier does.
fn verifies(signed: &[u8], number: usize, key: &SigningKey) -> bool {
    let (fields, body) = message::split(signed);
    let (ours, rest): (Vec<_>, Vec<_>) =
        fields.into_iter().partition(|field| field.name == HEADER.as_bytes());
    let tags = tags(signed);
    let names = tag(&tags[number], "h");
    let names: Vec<&str> = names.split(':').collect();
    let value = String::from_utf8(ours[number].value.to_vec()).unwrap();
    let without = value.split_at(value.rfind("b=").unwrap() + 2).0;
    let input = signing_input(&rest, &names, without.as_bytes());
    let signature = decoded(&tag(&tags[number], "b"));
    let body_is_whole = STANDARD.encode(keys::sha256(&canonical::body(body))) == tag(&tags[number], "bh");
    let valid = match key.algorithm() {
        Algorithm::Ed25519 => {
            UnparsedPublicKey::new(&ED25519, key.public()).verify(&keys::sha256(&input), &signature)
        }
        // What ring verifies with is the PKCS#1 key within: 24 bytes into the SubjectPublicKeyInfo of 2048 bits.
        Algorithm::Rsa => UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &key.public()[24..])
            .verify(&input, &signature),
    };
    body_is_whole && valid.is_ok()
}

#[test]
fn the_test_vector_of_rfc_8463_is_reproduced() {
    let (fields, body) = message::split(RFC_MESSAGE.as_bytes());
    assert_eq!(
        STANDARD.encode(keys::sha256(&canonical::body(body))),
        "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8="
    );
    let header = " v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n d=football.example.com; i=@football.example.com;\r\n \
        q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n subject : date : message-id : from : subject : date;\r\n \
        bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n b=";
    let input = signing_input(&fields, &RFC_NAMES, header.as_bytes());
    assert_eq!(STANDARD.encode(rfc_key().sign(&input).unwrap()), RFC_SIGNATURE);
    assert_eq!(rfc_key().record(), format!("v=DKIM1; k=ed25519; p={RFC_PUBLIC}"));
}

#[test]
fn the_rsa_signature_of_rfc_8463_verifies_over_our_canonical_form() {
    let (fields, _) = message::split(RFC_MESSAGE.as_bytes());
    let header = " v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n d=football.example.com; i=@football.example.com;\r\n \
        q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n date : message-id : from : subject : date;\r\n \
        bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n b=";
    let input = signing_input(&fields, &RFC_NAMES, header.as_bytes());
    let public = decoded(RFC_RSA_PUBLIC);
    let key = UnparsedPublicKey::new(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, &public[22..]);
    assert!(key.verify(&input, &decoded(RFC_RSA_SIGNATURE)).is_ok());
}

#[test]
fn each_key_signs_and_each_signature_verifies() {
    let signed = signer().signed(MESSAGE.as_bytes(), at()).unwrap();
    assert!(signed.ends_with(MESSAGE.as_bytes()), "the message itself is untouched");
    let tags = tags(&signed);
    assert_eq!(tags.len(), 2);
    for (number, (algorithm, selector)) in [("rsa-sha256", "a1"), ("ed25519-sha256", "a2")].iter().enumerate()
    {
        let tags = &tags[number];
        assert_eq!((tag(tags, "a").as_str(), tag(tags, "s").as_str()), (*algorithm, *selector));
        assert_eq!((tag(tags, "d").as_str(), tag(tags, "c").as_str()), ("shop.example", "relaxed/relaxed"));
        assert_eq!(tag(tags, "t"), "1795168800");
        assert!(tags.iter().all(|(name, _)| name != "l"));
    }
    assert!(verifies(&signed, 0, &rsa_key()) && verifies(&signed, 1, &rfc_key()));
    let folded = String::from_utf8(signed).unwrap();
    assert!(folded.lines().all(|line| line.len() <= 80), "{folded}");
}

#[test]
fn the_same_message_gives_the_same_signature_and_another_another() {
    let sign = |message: &str| signer().signed(message.as_bytes(), at()).unwrap();
    assert_eq!(sign(MESSAGE), sign(MESSAGE));
    assert_ne!(tags(&sign(MESSAGE)), tags(&sign(&MESSAGE.replace("Hello ", "Hullo "))));
}

#[test]
fn every_header_is_signed_once_more_than_it_is_there() {
    let message = MESSAGE.replace("X-Other", "To: <bea@example.test>\r\nX-Other");
    let signed = signer().signed(message.as_bytes(), at()).unwrap();
    let names = tag(&tags(&signed)[0], "h");
    let names: Vec<&str> = names.split(':').collect();
    let times = |name: &str| names.iter().filter(|own| **own == name).count();
    assert_eq!((times("From"), times("To"), times("Subject"), times("List-Unsubscribe")), (2, 3, 2, 1));
    assert_eq!(names.len(), SIGNED.len() + 6);
}

#[test]
fn what_is_added_or_changed_on_the_way_breaks_it_and_folding_does_not() {
    let signed = String::from_utf8(signer().signed(MESSAGE.as_bytes(), at()).unwrap()).unwrap();
    let cases = [
        (signed.replace("Hello  Ann", "Hello Ann "), true),
        (signed.replace("Subject: Hello,\r\n\tAnn", "subject:  Hello,  Ann"), true),
        (signed.replace("not signed", "changed"), true),
        (signed.replace("Hello  Ann", "Hello  Anm"), false),
        (signed.replace("Hello,", "Hello;"), false),
        (signed.replace("X-Other", "Subject: You have won\r\nX-Other"), false),
        (signed.replace("X-Other", "List-Unsubscribe: <https://x.test>\r\nX-Other"), false),
        (format!("{signed}More\r\n"), false),
    ];
    for (message, holds) in cases {
        for (number, key) in [rsa_key(), rfc_key()].iter().enumerate() {
            assert_eq!(verifies(message.as_bytes(), number, key), holds, "{message}");
        }
    }
}

#[test]
fn an_empty_body_and_a_message_without_headers_are_signed_too() {
    for message in ["From: <a@b.test>\r\n\r\n", "From: <a@b.test>\r\n\r\n\r\n\r\n", "\r\nbody"] {
        let signed = signer().signed(message.as_bytes(), at()).unwrap();
        assert!(verifies(&signed, 0, &rsa_key()) && verifies(&signed, 1, &rfc_key()), "{message:?}");
    }
}

#[test]
fn keys_are_read_or_refused_with_what_to_do() {
    let pem = new_ed25519_pem(&mut kernel::Dice::seeded(8));
    assert_eq!(SigningKey::from_pem(pem.as_bytes()).unwrap().algorithm(), Algorithm::Ed25519);
    assert_eq!((rsa_key().algorithm(), rsa_key().bits()), (Algorithm::Rsa, 2048));
    let elliptic = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIAAA\n-----END EC PRIVATE KEY-----\n";
    for (pem, words) in [
        ("", "no private key"),
        ("hello", "no private key"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "no private key"),
        (
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
            "without a password",
        ),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "neither an RSA key"),
        (elliptic, "neither an RSA key"),
        (TOO_SHORT, "shorter than 2048 bits"),
    ] {
        let error = SigningKey::from_pem(pem.as_bytes()).unwrap_err();
        assert!(error.words().contains(words), "{error}");
    }
}

/// RFC 8463 §A.2: 1024 bits.
const TOO_SHORT: &str = "-----BEGIN RSA PRIVATE KEY-----
MIICXQIBAAKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi
Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqM
KrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB
AoGAH0cxOhFZDgzXWhDhnAJDw5s4roOXN4OhjiXa8W7Y3rhX3FJqmJSPuC8N9vQm
6SVbaLAE4SG5mLMueHlh4KXffEpuLEiNp9Ss3O4YfLiQpbRqE7Tm5SxKjvvQoZZe
zHorimOaChRL2it47iuWxzxSiRMv4c+j70GiWdxXnxe4UoECQQDzJB/0U58W7RZy
6enGVj2kWF732CoWFZWzi1FicudrBFoy63QwcowpoCazKtvZGMNlPWnC7x/6o8Gc
uSe0ga2xAkEA8C7PipPm1/1fTRQvj1o/dDmZp243044ZNyxjg+/OPN0oWCbXIGxy
WvmZbXriOWoSALJTjExEgraHEgnXssuk7QJBALl5ICsYMu6hMxO73gnfNayNgPxd
WFV6Z7ULnKyV7HSVYF0hgYOHjeYe9gaMtiJYoo0zGN+L3AAtNP9huqkWlzECQE1a
licIeVlo1e+qJ6Mgqr0Q7Aa7falZ448ccbSFYEPD6oFxiOl9Y9se9iYHZKKfIcst
o7DUw1/hz2Ck4N5JrgUCQQCyKveNvjzkkd8HjYs0SwM0fPjK16//5qDZ2UiDGnOe
uEzxBDAr518Z8VFbR41in3W4Y3yCDgQlLlcETrS+zYcL
-----END RSA PRIVATE KEY-----
";

#[test]
fn the_older_form_of_an_rsa_key_is_the_same_key() {
    let lines: String = RSA.lines().filter(|line| !line.starts_with("---")).collect();
    // PKCS#8 of 2048 bits is 26 bytes around PKCS#1.
    let inner = STANDARD.encode(&decoded(&lines)[26..]);
    let pem = format!("-----BEGIN RSA PRIVATE KEY-----\n{inner}\n-----END RSA PRIVATE KEY-----\n");
    assert_eq!(SigningKey::from_pem(pem.as_bytes()).unwrap().record(), rsa_key().record());
}

#[test]
fn a_key_file_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let path = std::env::temp_dir().join(format!("aftercare-dkim-{}.pem", std::process::id()));
    std::fs::write(&path, RSA).unwrap();
    for (mode, is_read) in [(0o600, true), (0o640, true), (0o644, false), (0o602, false)] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let read = SigningKey::from_file(&path);
        assert_eq!(read.is_ok(), is_read, "{mode:o}");
        if let Err(error) = read {
            assert!(error.words().contains("chmod 600"), "{error}");
        }
    }
    std::fs::remove_file(&path).unwrap();
    assert!(SigningKey::from_file(&path).unwrap_err().words().contains("can't be read"));
}

#[test]
fn a_signer_is_a_domain_and_a_selector_for_each_key() {
    for (domain, selectors, words) in [
        ("shop", &["a"][..], "domain"),
        ("shop example.test", &["a"], "domain"),
        ("shop..test", &["a"], "domain"),
        ("shop.test", &[], "needs a key"),
        ("shop.test", &["a;b"], "selector"),
        ("shop.test", &[""], "selector"),
        ("shop.test", &["a", "A"], "two selectors"),
    ] {
        let keys = selectors.iter().map(|selector| ((*selector).to_owned(), rfc_key())).collect();
        let error = Signer::new(domain, keys).unwrap_err();
        assert!(error.words().to_lowercase().contains(words), "{domain} {selectors:?}: {error}");
    }
}

#[test]
fn a_published_record_is_compared_with_the_key() {
    let (rsa, ed) = (rsa_key(), rfc_key());
    let data = STANDARD.encode(rsa.public());
    let spaced = format!("v=DKIM1 ; k = rsa ; p = {} {} ;", &data[..100], &data[100..]);
    let cases = [
        (rsa.record(), Published::Same),
        (format!("p={data}"), Published::Same),
        (spaced, Published::Same),
        (format!("v=DKIM1; h=sha1:sha256; s=email; n=ours; p={data}"), Published::Same),
        (format!("v=DKIM1; t=y; p={data}"), Published::Testing),
        (format!("v=DKIM1; t=s:y; p={data}"), Published::Testing),
        (format!("v=DKIM1; t=s; p={data}"), Published::Same),
        (format!("v=DKIM1; h=sha1; p={data}"), Published::NotForThis),
        (format!("v=DKIM1; s=tlsrpt; p={data}"), Published::NotForThis),
        ("v=DKIM1; p=".to_owned(), Published::Revoked),
        (ed.record(), Published::Other),
        (format!("v=DKIM1; k=ed25519; p={data}"), Published::Other),
        (format!("v=DKIM1; p={}", STANDARD.encode(&rsa.public()[24..])), Published::Other),
        (format!("v=DKIM2; p={data}"), Published::Unreadable),
        (format!("p={data}; v=DKIM1"), Published::Unreadable),
        ("v=DKIM1; k=rsa".to_owned(), Published::Unreadable),
        ("v=DKIM1; p=!!!".to_owned(), Published::Unreadable),
        (format!("p={data}; p={data}"), Published::Unreadable),
        ("v=spf1 -all".to_owned(), Published::Unreadable),
        (String::new(), Published::Unreadable),
    ];
    for (text, expected) in cases {
        assert_eq!(published(&text, &rsa), expected, "{text}");
    }
    assert_eq!(published(&ed.record(), &ed), Published::Same);
}

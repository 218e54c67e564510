use axum::body::{Body, to_bytes};
use axum::extract::Request;
use kernel::brand::{Contact, SocialProfile};
use kernel::shop::Sender;
use kernel::{Brand, Catalogue, Currency, Dice, Email, Error, Keys, Kind, Locale, Policy, Shop, Zone};
use tower::ServiceExt;
use web::Pages;
use web::markup::assert_html;

use super::*;

fn shop(brand: Brand, locale: &str) -> Shop {
    Shop {
        brand,
        public_url: "http://127.0.0.1:4080".into(),
        keys: Keys::parse(&Keys::generate(&mut Dice::seeded(1))).unwrap(),
        locale: Locale::parse(locale).unwrap(),
        zone: Zone::utc(),
        currency: Currency::parse("GBP").unwrap(),
        policy: Policy::default(),
        mail_from: Sender { name: "Tea".into(), address: Email::parse("tea@example.test").unwrap() },
    }
}

fn full() -> Brand {
    Brand {
        name: "Tea & <Co>".into(),
        logo_url: Some("https://tea.example/logo.png".into()),
        postal_address: Some("1 Leaf Lane, Leeds".into()),
        site_url: Some("https://tea.example".into()),
        faq_url: Some("https://tea.example/faq".into()),
        contact: Contact {
            email: Some("hello@tea.example".into()),
            phone: Some("+44 113 496 0000".into()),
            hours: Some("Monday to Friday, 9 to 5".into()),
            url: Some("https://tea.example/contact".into()),
        },
        social: vec![SocialProfile { name: "Instagram".into(), url: "https://instagram.com/tea".into() }],
        ..Brand::default()
    }
}

async fn front_of(brand: Brand, locale: &str) -> String {
    let pages = Arc::new(Pages::new(&[crate::templates()]).unwrap());
    let words = Arc::new(Catalogue::new(&[crate::WORDS]).unwrap());
    let portal = Portal::new(pages, words, Arc::new(shop(brand, locale)));
    let router: Router =
        web::failures_painted(router(portal.clone()).fallback(web::error::no_such_page), portal.painter());
    let response = router.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 200);
    String::from_utf8(to_bytes(response.into_body(), 100_000).await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn the_front_says_whose_shop_it_is_and_how_to_get_help() {
    let html = front_of(full(), "en-GB").await;
    assert_html("front", &html);
    for text in [
        "Tea &amp; &lt;Co&gt;",
        "mailto:hello@tea.example",
        "tel:+441134960000",
        "Questions and answers",
        "Instagram",
        "1 Leaf Lane",
    ] {
        assert!(html.contains(text), "{text}");
    }
    assert!(!html.contains("noindex"));
}

#[tokio::test]
async fn a_shop_that_has_told_us_nothing_still_has_a_whole_page() {
    let html = front_of(Brand::default(), "en-GB").await;
    assert_html("front", &html);
    assert!(!html.contains("Need a hand?") && !html.contains("none"), "{html}");
}

#[tokio::test]
async fn a_language_without_words_gets_english_that_says_so() {
    let html = front_of(full(), "ar-EG").await;
    assert!(html.contains("lang=\"en-GB\" dir=\"ltr\""));
}

#[test]
fn every_kind_of_failure_is_a_whole_page_in_words() {
    let pages = Arc::new(Pages::new(&[crate::templates()]).unwrap());
    let words = Arc::new(Catalogue::new(&[crate::WORDS]).unwrap());
    let painter = Portal::new(pages, words, Arc::new(shop(full(), "en-GB"))).painter();
    let kinds = [
        Kind::Invalid,
        Kind::Forbidden,
        Kind::NotFound,
        Kind::TooLarge,
        Kind::TooMany,
        Kind::Unavailable,
        Kind::OutcomeUnknown,
        Kind::Internal,
    ];
    for kind in kinds {
        let error = Error::new(kind, "some_code", "A sentence for people.")
            .detail("for the operator")
            .retry_after_s(90);
        let response = painter(&error, web::status_of(kind), &web::RequestId::default());
        assert_eq!(response.status(), web::status_of(kind));
        assert_eq!(response.headers()["x-robots-tag"], "noindex");
        let body = text_of(to_bytes(response.into_body(), 100_000));
        assert_html(&format!("{kind:?}"), &body);
        assert!(!body.contains("error-") && !body.contains("operator"), "{kind:?}: {body}");
        assert_eq!(body.contains("req_unobserved"), kind != Kind::NotFound, "{kind:?}");
    }
}

fn text_of(body: impl Future<Output = Result<axum::body::Bytes, axum::Error>>) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    String::from_utf8(runtime.block_on(body).unwrap().to_vec()).unwrap()
}

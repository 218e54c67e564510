//! Who is recognised as whom.

use stories::stage::Stage;
use stories::stories;
use world::samples::{Bend, order};

async fn customer_of(stage: &Stage, order: orders::incoming::IncomingOrder) -> kernel::CustomerId {
    let taken = stage.take(&order).await;
    stage.order(&taken.order).await.customer
}

async fn known(stage: &Stage, id: &kernel::CustomerId) -> customers::Person {
    let id = id.clone();
    stage.house.db.read("story.person", move |r| customers::person(r, &id)).await.expect("a person")
}

async fn count(stage: &Stage) -> i64 {
    stage.house.db.read("story.count", customers::count).await.expect("a number")
}

fn email(text: &str) -> Option<kernel::Email> {
    kernel::Email::parse(text).ok()
}

fn from(number: u32, stage: &Stage, source: &str, customer: Option<&str>) -> orders::incoming::IncomingOrder {
    let mut order = order(number, stage.now()).paid();
    order.source = source.into();
    order.customer.external_id = customer.map(str::to_owned);
    order
}

stories! {
    async fn a_guest_is_recognised_by_email_whatever_its_case(stage: &Stage) {
        let account = customer_of(stage, from(1, stage, "web", Some("c1"))).await;
        let mut guest = from(2, stage, "web", None);
        guest.customer.email = email("Amina@Example.test");
        assert_eq!(customer_of(stage, guest).await, account);
    }

    async fn a_guest_who_makes_an_account_stays_the_same_person(stage: &Stage) {
        let guest = customer_of(stage, from(1, stage, "web", None)).await;
        assert_eq!(customer_of(stage, from(2, stage, "web", Some("c1"))).await, guest);
        let mut other_address = from(3, stage, "web", Some("c1"));
        other_address.customer.email = email("new@example.test");
        assert_eq!(customer_of(stage, other_address).await, guest, "the source's own id counts");
    }

    async fn two_accounts_on_one_mailbox_stay_two_people(stage: &Stage) {
        let first = customer_of(stage, from(1, stage, "web", Some("c1"))).await;
        let second = customer_of(stage, from(2, stage, "web", Some("c2"))).await;
        assert_ne!(first, second);
        assert_eq!(customer_of(stage, from(3, stage, "web", Some("c2"))).await, second);
    }

    async fn two_known_people_are_never_merged_by_phone(stage: &Stage) {
        let known = customer_of(stage, from(1, stage, "web", Some("c1"))).await;
        let mut by_phone = from(2, stage, "till", None);
        by_phone.customer.email = None;
        let stranger = customer_of(stage, by_phone.clone()).await;
        assert_ne!(stranger, known, "the number belongs to somebody known by more");
    }

    async fn another_email_on_an_order_stays_with_its_customer(stage: &Stage) {
        let first = from(1, stage, "web", None).without_consent();
        let amina = customer_of(stage, first.clone()).await;
        let mut corrected = from(1, stage, "web", None);
        corrected.customer.email = email("new@example.test");
        corrected.customer.name = Some("Amina K.".into());
        corrected.version.updated_at = stage.now() + std::time::Duration::from_secs(1);
        assert_eq!(customer_of(stage, corrected).await, amina);
        assert_eq!(count(stage).await, 1, "nobody is made up");
        let person = known(stage, &amina).await;
        assert_eq!(person.name.as_deref(), Some("Amina K."));
        assert_eq!(person.consents.len(), 2, "what was agreed to is hers");
        assert!(person.contact_points.iter().any(|point| point.address == "new@example.test"));
        let mut next = from(2, stage, "web", None);
        next.customer.email = email("new@example.test");
        assert_eq!(customer_of(stage, next).await, amina, "she is recognised by it");
    }

    async fn an_order_changed_to_somebody_elses_email_takes_nothing_from_them(stage: &Stage) {
        let mut other = from(1, stage, "web", Some("c2"));
        other.customer.email = email("ben@example.test");
        let ben = customer_of(stage, other.clone()).await;
        let mut first = from(2, stage, "web", Some("c1"));
        let amina = customer_of(stage, first.clone()).await;
        first.customer.external_id = Some("c2".into());
        first.customer.email = email("ben@example.test");
        first.version.updated_at = stage.now() + std::time::Duration::from_secs(1);
        assert_eq!(customer_of(stage, first).await, amina);
        assert_eq!(count(stage).await, 2);
        other.external_id = "another".into();
        assert_eq!(customer_of(stage, other).await, ben);
    }

    async fn an_order_handed_to_another_account_does_not_melt_the_two(stage: &Stage) {
        let mut first = from(1, stage, "web", Some("c1"));
        let amina = customer_of(stage, first.clone()).await;
        first.customer.external_id = Some("c2".into());
        first.customer.email = email("ben@example.test");
        first.version.updated_at = stage.now() + std::time::Duration::from_secs(1);
        assert_eq!(customer_of(stage, first).await, amina);
        let mut own = from(2, stage, "web", Some("c2"));
        own.customer.email = email("ben@example.test");
        assert_ne!(customer_of(stage, own).await, amina);
    }

    async fn what_a_shop_writes_freely_stays_with_the_personal_data(stage: &Stage) {
        let mut first = from(1, stage, "web", Some("c1"));
        first.tags = vec!["for Amina Khan".into()];
        let mut gone = world::shopping::cancelled(&first, stage.now(), true);
        let reason = Some("amina@example.test bought it twice".to_owned());
        gone.cancellation = Some(orders::incoming::Cancellation { at: stage.now(), reason });
        let taken = stage.take(&gone).await;
        stage.settle().await;
        stories::personal::assert_personal_data_is_at_home(&stage.house.db).await;
        let stored = stage.order(&taken.order).await.order;
        assert_eq!((stored.tags, stored.cancellation), (gone.tags, gone.cancellation));
    }

    async fn no_source_can_speak_for_the_customers_of_another(stage: &Stage) {
        let mut theirs = from(1, stage, "shopify:con_x", Some("7001"));
        theirs.customer.email = email("ann@example.test");
        let ann = customer_of(stage, theirs).await;
        assert_ne!(customer_of(stage, from(2, stage, "shopify", Some("con_x:7001"))).await, ann);
    }

    async fn a_phone_without_an_email_is_recognised_again(stage: &Stage) {
        let mut call = from(1, stage, "till", None).by_phone_only();
        let first = customer_of(stage, call.clone()).await;
        call.external_id = "another".into();
        call.number = "#77".into();
        assert_eq!(customer_of(stage, call).await, first);
    }
}

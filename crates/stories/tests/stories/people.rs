//! Who is recognised as whom.

use stories::stage::Stage;
use stories::stories;
use world::samples::{Bend, order};

async fn customer_of(stage: &Stage, order: orders::incoming::IncomingOrder) -> kernel::CustomerId {
    let taken = stage.take(&order).await;
    stage.order(&taken.order).await.customer
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
        guest.customer.email = kernel::Email::parse("Amina@Example.test").ok();
        assert_eq!(customer_of(stage, guest).await, account);
    }

    async fn a_guest_who_makes_an_account_stays_the_same_person(stage: &Stage) {
        let guest = customer_of(stage, from(1, stage, "web", None)).await;
        assert_eq!(customer_of(stage, from(2, stage, "web", Some("c1"))).await, guest);
        let mut other_address = from(3, stage, "web", Some("c1"));
        other_address.customer.email = kernel::Email::parse("new@example.test").ok();
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

    async fn a_phone_without_an_email_is_recognised_again(stage: &Stage) {
        let mut call = from(1, stage, "till", None).by_phone_only();
        let first = customer_of(stage, call.clone()).await;
        call.external_id = "another".into();
        call.number = "#77".into();
        assert_eq!(customer_of(stage, call).await, first);
    }
}

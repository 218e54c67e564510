//! `/you/updates`: what a person decides about our messages, from the link at the foot of any mail.

use axum::http::{StatusCode, header};
use customers::Consent;
use kernel::{Channel, CustomerId, Purpose};
use messaging::decide::Why;
use stories::letters::{LATER, OFFER, QUESTION, TIP};
use stories::stage::{Answer, Stage};
use stories::stories;
use world::samples::{Bend, order};

use crate::held::amina;
use crate::kit::{form, path_in, rows};

/// The page, from the newest mail.
async fn own_page(stage: &Stage) -> String {
    path_in(stage.mails().await.last().expect("a mail"), "/you/updates/")
}

/// Sends a form of the page and follows where it leads.
async fn send(stage: &Stage, path: &str, which: &str, body: &str) -> Answer {
    let answer = stage.http(form(&format!("{path}/{which}"), "", body)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    stage.settle().await;
    stage.get(answer.header(header::LOCATION)).await
}

async fn last_reason(stage: &Stage) -> String {
    stage.messages().await.pop().expect("a message").reason
}

async fn answers(stage: &Stage, customer: &CustomerId) -> Vec<(Channel, bool, Option<String>, String)> {
    let customer = customer.clone();
    let read = stage.house.db.read("story.consents", move |r| customers::consents(r, &customer));
    let standing = read.await.expect("the ledger can be read").into_iter();
    standing
        .map(|answer| {
            let Consent { channel, granted, wording, .. } = answer.consent;
            (channel, granted, wording, answer.source)
        })
        .collect()
}

fn checked(page: &Answer, value: &str) -> bool {
    page.body.contains(&format!("value=\"{value}\" checked"))
}

stories! {
    async fn the_page_says_how_and_why_and_looking_changes_nothing(stage: &Stage) {
        amina(stage).await;
        let path = own_page(stage).await;
        let before = rows(stage).await;
        let page = stage.get(&path).await;
        assert_eq!(page.status, StatusCode::OK);
        web::markup::assert_html("how we reach you", &page.body);
        for said in ["We write to you by email", "You asked for it.", "a…@example.test", "What stays on"] {
            assert!(page.body.contains(said), "{said} in {}", page.body);
        }
        assert!(!page.body.contains("amina@") && !page.body.contains("Amina"), "{}", page.body);
        assert!(checked(&page, "tips") && checked(&page, "feedback") && checked(&page, "news"));
        assert_eq!(page.headers["x-robots-tag"], "noindex");
        assert_eq!(rows(stage).await, before);
    }

    async fn who_stated_nothing_reads_that_it_is_the_shops_way(stage: &Stage) {
        stage.take(&order(7, stage.now()).paid().by("ben@example.test", "Ben").without_consent()).await;
        stage.settle().await;
        let page = stage.get(&own_page(stage).await).await;
        assert!(page.body.contains("everybody who has not said otherwise"), "{}", page.body);
        assert!(!checked(&page, "news"), "nobody ticks that box for him");
    }

    async fn a_topic_is_switched_off_and_on_again(stage: &Stage) {
        let customer = amina(stage).await;
        let path = own_page(stage).await;
        let page = send(stage, &path, "topics", "topic=feedback&topic=news").await;
        assert!(page.body.contains("Saved. This is what we write about"), "{}", page.body);
        assert!(!checked(&page, "tips") && checked(&page, "feedback"));
        stage.say(&customer, TIP, "a tip").await;
        assert_eq!(last_reason(stage).await, Why::TopicOff.words());
        stage.say(&customer, QUESTION, "a question").await;
        let page = send(stage, &path, "topics", "topic=tips&topic=feedback&topic=news").await;
        assert!(checked(&page, "tips"));
        stage.say(&customer, TIP, "another tip").await;
        assert_eq!(stage.subjects().await.split_off(1), ["a question", "another tip"]);
    }

    async fn ticking_news_is_a_yes_in_the_words_beside_the_box(stage: &Stage) {
        let taken =
            stage.take(&order(7, stage.now()).paid().by("ben@example.test", "Ben").without_consent()).await;
        stage.settle().await;
        let ben = stage.order(&taken.order).await.customer;
        stage.say(&ben, OFFER, "an offer").await;
        assert_eq!(last_reason(stage).await, Why::NotOptedIn.words());
        let path = own_page(stage).await;
        send(stage, &path, "topics", "topic=tips&topic=feedback&topic=news").await;
        let words = "News and offers: What is new at Northwind Tea".to_owned();
        let yes = (Channel::Email, true, Some(words), "you_updates".to_owned());
        assert_eq!(answers(stage, &ben).await, [yes]);
        stage.say(&ben, OFFER, "another offer").await;
        assert_eq!(stage.subjects().await.pop().expect("a mail"), "another offer");
        stage.pass(std::time::Duration::from_secs(60)).await;
        send(stage, &path, "topics", "topic=tips&topic=feedback").await;
        assert!(answers(stage, &ben).await.iter().all(|(_, granted, _, _)| !granted));
        let events = stage.events().await;
        let told = |kind: &str| events.iter().filter(|told| *told == kind).count();
        assert_eq!((told("consent.given"), told("consent.withdrawn")), (1, 1));
    }

    async fn one_button_stops_all_but_the_purchase_and_can_be_taken_back(stage: &Stage) {
        let customer = amina(stage).await;
        let path = own_page(stage).await;
        let page = send(stage, &path, "stop", "").await;
        assert!(page.body.contains("You hear from us about your orders and nothing else"), "{}", page.body);
        assert!(!page.body.contains("/stop\""), "there is nothing left to stop");
        for (template, said) in [(TIP, "a tip"), (QUESTION, "a question"), (OFFER, "an offer")] {
            stage.say(&customer, template, said).await;
            assert_eq!(last_reason(stage).await, Why::TopicOff.words());
        }
        stage.say(&customer, LATER, "your order").await;
        stage.take(&order(1043, stage.now()).paid()).await;
        stage.settle().await;
        assert_eq!(stage.mails().await.len(), 3, "what belongs to the purchase goes on");
        let page = send(stage, &path, "topics", "topic=tips").await;
        assert!(checked(&page, "tips") && !checked(&page, "feedback") && !checked(&page, "news"));
        stage.say(&customer, TIP, "another tip").await;
        assert_eq!(stage.subjects().await.pop().expect("a mail"), "another tip");
        stage.say(&customer, QUESTION, "another question").await;
        assert_eq!(last_reason(stage).await, Why::TopicOff.words(), "what they did not take back stays off");
    }

    async fn a_way_that_is_closed_can_not_be_chosen(stage: &Stage) {
        // Whether or not this shop sends texts: there is no number.
        let taken = stage.take(&order(1042, stage.now()).paid().by_email_only()).await;
        stage.settle().await;
        let customer = stage.order(&taken.order).await.customer;
        let path = own_page(stage).await;
        let page = stage.get(&path).await;
        assert!(!page.body.contains("type=\"radio\""), "one way is no choice: {}", page.body);
        let page = send(stage, &path, "channel", "channel=sms").await;
        assert!(page.body.contains("That way is closed"), "{}", page.body);
        let read = stage.house.db.read("story.person", move |r| customers::person(r, &customer));
        assert_eq!(read.await.expect("a person").preferred_channel, Some(Channel::Email));
        let nonsense = stage.http(form(&format!("{path}/channel"), "", "channel=pigeon")).await;
        assert_eq!(nonsense.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_link_nobody_signed_leads_nowhere_and_a_strangers_form_does_nothing(stage: &Stage) {
        amina(stage).await;
        let path = own_page(stage).await;
        let before = rows(stage).await;
        for forged in ["/you/updates/x".to_owned(), format!("{}x", &path[..path.len() - 1]), "/you/updates/%FF".into()] {
            assert_eq!(stage.get(&forged).await.status, StatusCode::NOT_FOUND, "{forged}");
            let answer = stage.http(form(&format!("{forged}/stop"), "", "")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
        }
        let mut foreign = form(&format!("{path}/stop"), "", "");
        foreign.headers_mut().insert("Sec-Fetch-Site", "cross-site".parse().expect("a header"));
        assert_eq!(stage.http(foreign).await.status, StatusCode::FORBIDDEN);
        assert_eq!(rows(stage).await, before);
    }

    async fn what_does_not_change_anything_is_no_decision(stage: &Stage) {
        let customer = amina(stage).await;
        let path = own_page(stage).await;
        let before = rows(stage).await;
        send(stage, &path, "topics", "topic=tips&topic=feedback&topic=news&topic=nonsense").await;
        send(stage, &path, "channel", "channel=email").await;
        assert_eq!(rows(stage).await, before);
        assert_eq!(answers(stage, &customer).await.len(), 2);
    }

    async fn a_german_reads_german_where_the_shell_does_and_is_told_in_their_own_words(stage: &Stage) {
        let german = order(7, stage.now()).paid().by("uwe@example.test", "Uwe").in_language("de-DE");
        stage.take(&german).await;
        stage.settle().await;
        let page = stage.get(&own_page(stage).await).await;
        let is_german = page.body.contains("lang=\"de");
        assert_eq!(page.body.contains("Wir schreiben Ihnen per E-Mail"), is_german, "{}", page.body);
        assert_eq!(page.body.contains("We write to you by email"), !is_german, "{}", page.body);
    }

    async fn what_a_person_chose_is_not_undone_by_an_old_order_told_again(stage: &Stage) {
        let first = order(1042, stage.now()).paid().preferring(Channel::Sms);
        let taken = stage.take(&first).await;
        let customer = stage.order(&taken.order).await.customer;
        stage.pass(std::time::Duration::from_secs(60)).await;
        let id = customer.clone();
        let choose = stage.house.db.write("story.choose", move |w| {
            customers::prefer_channel(w, &id, Some(Channel::Email), messaging::you::YOU_UPDATES)
        });
        assert!(choose.await.expect("it is kept"));
        stage.take(&world::shopping::changed_quantity(&first, stage.now(), 0, 3)).await;
        let preferred = |stage: &Stage| {
            let id = customer.clone();
            let db = stage.house.db.clone();
            async move { db.read("story.person", move |r| customers::person(r, &id)).await.expect("a person").preferred_channel }
        };
        assert_eq!(preferred(stage).await, Some(Channel::Email));
        stage.take(&order(1043, stage.now()).paid().preferring(Channel::Sms)).await;
        assert_eq!(preferred(stage).await, Some(Channel::Sms), "with a new order it is said anew");
    }

    async fn a_list_brings_nobody_back_who_said_no(stage: &Stage) {
        let customer = amina(stage).await;
        let path = own_page(stage).await;
        send(stage, &path, "stop", "").await;
        let before = answers(stage, &customer).await;
        assert!(before.iter().all(|(_, granted, _, _)| !granted));
        let (id, at) = (customer.clone(), stage.now() + std::time::Duration::from_secs(3_600));
        let import = stage.house.db.write("story.import", move |w| {
            for channel in Channel::ALL {
                let yes = Consent { channel, purpose: Purpose::Marketing, granted: true, wording: None, said_at: at };
                customers::record_consent(w, &id, &yes, customers::IMPORT)?;
            }
            Ok(())
        });
        import.await.expect("the list is read");
        assert_eq!(answers(stage, &customer).await, before);
        stage.say(&customer, OFFER, "an offer").await;
        assert_eq!(stage.mails().await.len(), 1);
        let events = stage.events().await;
        let given = events.iter().filter(|kind| *kind == "consent.given").count();
        assert_eq!(given, 1, "with the order, and never by the list: {events:?}");
    }
}

//! `[wording]`: whatever a customer reads, the merchant can say in their own words.

use stories::stage::Stage;
use stories::stories;

use crate::held::amina;
use crate::kit::{page_in, path_in};

/// One sentence of each place that shows words.
const OWN: [(&str, &str); 7] = [
    ("mail-confirmation-subject", "Thanks for {{number}}"),
    ("page-items", "In your parcel"),
    ("you-channel-heading", "Letters or texts"),
    ("shell-help-heading", "Stuck? We help"),
    ("front-lead", "Lost something? {{shop}} helps"),
    ("error-404-heading", "Nothing here"),
    ("error-404-next", "Ask us"),
];

stories! {
    async fn the_merchants_words_stand_in_mail_and_on_every_page(stage: &Stage) {
        let stage = Stage::worded(stage.house.db.engine(), &OWN).await;
        amina(&stage).await;
        let mail = stage.mails().await.pop().expect("a mail");
        assert!(mail.subject.starts_with("Thanks for #"), "{}", mail.subject);
        let shell = "Stuck? We help";
        let pages = [
            (page_in(&mail), vec!["In your parcel", shell]),
            (path_in(&mail, "/you/updates/"), vec!["Letters or texts", shell]),
            ("/".to_owned(), vec!["Lost something? Northwind Tea helps", shell]),
            ("/nothing".to_owned(), vec!["Nothing here", "Ask us", shell]),
        ];
        for (path, sentences) in pages {
            let page = stage.get(&path).await;
            for sentence in sentences {
                assert!(page.body.contains(sentence), "{sentence} on {path}: {}", page.body);
            }
        }
        stage.end().await;
    }
}

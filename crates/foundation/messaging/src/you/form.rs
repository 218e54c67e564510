//! What the form of topics sends, read. Pure.
//!
//! `topic=news` says that a topic is wanted; `by=news.` that its ways were shown, and `by=news.email` that this one was
//! ticked; `pace-news=7` how often it may come.

use kernel::Channel;
use web::Form;

use crate::topics::{self, Topic};

/// How often a topic may come: at most once in so many days.
pub(super) const PACES: [u32; 3] = [0, 7, 30];
/// For how many days somebody may be left in peace.
pub(super) const SPANS: [u32; 3] = [30, 60, 90];

/// A way of a topic, as the form has it.
pub(super) fn way_value(topic: &Topic, channel: Channel) -> String {
    format!("{}.{}", topic.id, channel.as_str())
}

/// That the ways of a topic were shown.
pub(super) fn ways_shown(topic: &Topic) -> String {
    format!("{}.", topic.id)
}

/// What is wanted of one topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Whether it is.
    pub is_on: bool,
    /// The ways that were ticked, when any were shown.
    pub by: Option<Vec<Channel>>,
    /// How often it may come, when that was shown.
    pub every_days: Option<u32>,
}

/// Reads what is wanted of a topic.
pub(super) fn wanted(form: &Form, topic: &Topic) -> Wanted {
    let is_ticked = form.all("topic").any(|id| id == topic.id);
    let said = |value: &str| form.all("by").any(|by| by == value);
    let ticked = |channel: &Channel| said(&way_value(topic, *channel));
    let by: Option<Vec<Channel>> =
        said(&ways_shown(topic)).then(|| Channel::ALL.into_iter().filter(ticked).collect());
    // A topic that may come no way at all is not wanted.
    let is_on = is_ticked && by.as_ref().is_none_or(|by| !by.is_empty());
    let every_days = form.text(&format!("pace-{}", topic.id)).parse().ok();
    let every_days = every_days.filter(|days| PACES.contains(days) && topic.can_wait());
    Wanted { is_on, by: by.filter(|_| is_on), every_days }
}

/// What a button has just stopped, to be brought back by another: in the address of the page that says so. An address that
/// somebody made up brings nothing back by itself: it fills a form, which says what it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brought(Vec<(&'static Topic, Vec<Channel>)>);

impl Brought {
    /// These topics, each with the ways it came.
    pub fn of(topics: impl Iterator<Item = (&'static Topic, Vec<Channel>)>) -> Self {
        Brought(topics.collect())
    }

    /// Reads them from an address.
    pub fn read(text: &str) -> Self {
        let mut read: Vec<(&'static Topic, Vec<Channel>)> = Vec::new();
        for part in text.split('.').take(topics::TOPICS.len()) {
            let mut words = part.split('-');
            let Some(topic) = words.next().and_then(topics::switch_named) else { continue };
            let said: Vec<&str> = words.collect();
            let by = Channel::ALL.into_iter().filter(|channel| said.contains(&channel.as_str())).collect();
            if !read.iter().any(|(known, _)| *known == topic) {
                read.push((topic, by));
            }
        }
        Brought(read)
    }

    /// As it stands in an address.
    pub fn text(&self) -> String {
        let part = |(topic, by): &(&'static Topic, Vec<Channel>)| {
            std::iter::once(topic.id).chain(by.iter().map(|by| by.as_str())).collect::<Vec<_>>().join("-")
        };
        self.0.iter().map(part).collect::<Vec<_>>().join(".")
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The topics.
    pub fn topics(&self) -> impl Iterator<Item = &'static Topic> {
        self.0.iter().map(|(topic, _)| *topic)
    }

    /// The fields of the form of topics that want them.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = Vec::new();
        for (topic, by) in &self.0 {
            fields.push(("topic", topic.id.to_owned()));
            if !by.is_empty() {
                fields.push(("by", ways_shown(topic)));
            }
            fields.extend(by.iter().map(|channel| ("by", way_value(topic, *channel))));
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topics::{FEEDBACK, NEWS, TIPS};

    #[test]
    fn what_a_form_says_is_what_is_wanted() {
        let read = |body: &str, topic: &Topic| {
            let Wanted { is_on, by, every_days } = wanted(&Form::parse(body.as_bytes()).unwrap(), topic);
            (is_on, by, every_days)
        };
        assert_eq!(read("topic=news", &NEWS), (true, None, None), "nothing was shown of ways");
        assert_eq!(read("topic=tips", &NEWS), (false, None, None));
        let both = "topic=news&by=news.&by=news.email&by=news.sms&pace-news=7";
        assert_eq!(read(both, &NEWS), (true, Some(Channel::ALL.to_vec()), Some(7)));
        let one = "topic=news&by=news.&by=news.email&pace-news=30";
        assert_eq!(read(one, &NEWS), (true, Some(vec![Channel::Email]), Some(30)));
        assert_eq!(read("topic=news&by=news.", &NEWS), (false, None, None), "no way at all is a no");
        for nonsense in ["1", "-7", "999999999999", "x", ""] {
            let body = format!("topic=tips&pace-tips={nonsense}");
            assert_eq!(read(&body, &TIPS).2, None, "{nonsense}");
        }
        assert_eq!(read("topic=feedback&pace-feedback=7", &FEEDBACK).2, None, "it can't wait");
    }

    #[test]
    fn what_was_stopped_is_read_back_and_nothing_else() {
        let was = Brought::of([(&TIPS, Vec::new()), (&NEWS, vec![Channel::Sms])].into_iter());
        assert_eq!(was.text(), "tips.news-sms");
        assert_eq!(Brought::read(&was.text()), was);
        assert_eq!(was.fields().len(), 4);
        assert!(Brought::read("orders.codes.<b>.-email").is_empty());
        assert_eq!(Brought::read(&"news.".repeat(500)).topics().count(), 1);
    }
}

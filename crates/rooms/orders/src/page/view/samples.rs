//! Order pages in many states, said in the shipped words of any language: for tests, for pictures, and for whoever
//! writes the words.

use kernel::words::Arg;
use kernel::{Catalogue, Currency, Date, Locale, Money};
use web::Link;

use super::*;

/// Every sample by its name, in the language of `locale`.
pub fn all(words: &Catalogue, locale: &Locale) -> Vec<(&'static str, OrderPage)> {
    let say = Say { words, locale: locale.clone() };
    vec![
        ("placed", say.placed()),
        ("making", say.making()),
        ("unpaid", say.unpaid()),
        ("packed", say.packed()),
        ("shipped", say.shipped()),
        ("delivered", say.delivered()),
        ("parcels", say.parcels()),
        ("parcel-missing", say.parcel_missing()),
        ("to-collect", say.to_collect()),
        ("late", say.late()),
        ("late-settled", say.late_settled()),
        ("cancelled-refunded", say.cancelled("refunded")),
        ("cancelled-unpaid", say.cancelled("unpaid")),
        ("gift", say.gift()),
        ("code-sent", say.asking(None)),
        ("code-wrong", say.asking(Some("page-code-wrong"))),
        ("code-too-many", say.too_many()),
        ("address-shown", say.address_shown()),
        ("extreme", say.extreme()),
        ("bare", say.bare()),
    ]
}

/// Words of one language.
struct Say<'a> {
    words: &'a Catalogue,
    locale: Locale,
}

/// The steps' keys, in order.
const STEPS: [&str; 4] =
    ["page-step-ordered", "page-step-packed", "page-step-shipped", "page-step-delivered"];

impl Say<'_> {
    fn say(&self, key: &str) -> String {
        self.words.say(&self.locale, key, &[])
    }

    fn with(&self, key: &str, args: &[(&str, &str)]) -> String {
        let args: Vec<_> = args.iter().map(|(name, text)| (*name, Arg::Text(text))).collect();
        self.words.say(&self.locale, key, &args)
    }

    fn count(&self, key: &str, name: &str, count: i64) -> String {
        self.words.say(&self.locale, key, &[(name, count.into())])
    }

    /// A date of the year 2026, in which the samples are looked at.
    fn day(&self, month: i8, day: i8) -> String {
        self.words.date(&self.locale, date(2026, month, day), date(2026, 11, 24))
    }

    fn days(&self, from: Date, to: Date) -> String {
        self.words.date_range(&self.locale, from, to, date(2026, 11, 24))
    }

    /// When a message was written: date and time of day.
    fn moment(&self, day: i8, hour: i8, minute: i8) -> String {
        format!("{}, {}", self.day(11, day), self.words.time(&self.locale, hour, minute))
    }

    fn money(&self, minor: i64) -> String {
        money(minor, "GBP").shown(&self.locale)
    }

    fn sum(&self, minor: i64) -> String {
        money(minor, "GBP").in_sentence(&self.locale)
    }

    /// A paid order of two lines that leaves by Monday: the page most people open first.
    fn placed(&self) -> OrderPage {
        OrderPage {
            path: "/o/sample".into(),
            kicker: self.with("page-kicker", &[("order", "#1042"), ("date", &self.day(11, 20))]),
            heading: self.say("page-placed-heading"),
            lead: self.with("page-placed-lead", &[("date", &self.day(11, 23))]),
            hint: None,
            notices: Vec::new(),
            steps: self.steps(0),
            steps_label: self.say("page-steps"),
            actions: vec![Action { link: Link::new(self.say("page-get-help"), "#help"), primary: false }],
            delay: None,
            parcels: Vec::new(),
            items: self.items(),
            details: self.details("page-payment-paid"),
            address: Some(self.masked()),
            told: self.told(),
        }
    }

    fn steps(&self, current: usize) -> Vec<Step> {
        let state = |at: usize| match at.cmp(&current) {
            std::cmp::Ordering::Less => (StepState::Done, "page-step-done"),
            std::cmp::Ordering::Equal => (StepState::Current, "page-step-current"),
            std::cmp::Ordering::Greater => (StepState::Todo, "page-step-todo"),
        };
        let dates = [20, 23, 24, 26].map(|day| self.day(11, day));
        let step = |(at, key): (usize, &&str)| {
            let (state, words) = state(at);
            let when = (at <= current).then(|| dates[at].clone());
            Step { label: self.say(key), state, state_words: self.say(words), when }
        };
        STEPS.iter().enumerate().map(step).collect()
    }

    fn items(&self) -> Items {
        let tea = self.about("100 g", 2);
        Items {
            heading: self.say("page-items"),
            lines: vec![
                item("First Flush Darjeeling", Some(PICTURE), &tea, &self.money(2_400)),
                item(
                    "Cast-iron teapot",
                    None,
                    &self.count("page-item-quantity", "quantity", 1),
                    &self.money(4_200),
                ),
            ],
            totals: vec![
                self.fact("page-subtotal", &self.money(6_600)),
                self.fact("page-shipping", &self.money(395)),
                self.fact("page-tax-included", &self.money(1_166)),
            ],
            total: self.fact("page-total", &self.money(6_995)),
            refunded: None,
        }
    }

    fn about(&self, variant: &str, quantity: i64) -> String {
        format!("{variant} · {}", self.count("page-item-quantity", "quantity", quantity))
    }

    fn fact(&self, key: &str, value: &str) -> Fact {
        Fact { label: self.say(key), value: value.into() }
    }

    fn details(&self, payment: &str) -> Details {
        let facts = vec![
            self.fact("page-payment", &self.with(payment, &[("amount", &self.sum(6_995))])),
            self.fact("page-ships-by", &self.day(11, 23)),
            self.fact("page-arriving", &self.days(date(2026, 11, 25), date(2026, 11, 27))),
        ];
        Details { heading: self.say("page-details"), facts, note: None }
    }

    fn place(&self) -> String {
        self.with("page-address-masked", &[("town", "Leeds"), ("postcode", "2AB")])
    }

    fn address(&self, shown: Shown) -> Address {
        Address { heading: self.say("page-address"), shown }
    }

    fn masked(&self) -> Address {
        let send = Some(self.say("page-address-send"));
        self.address(Shown::Masked { place: self.place(), why: self.say("page-address-why"), send })
    }

    fn told(&self) -> Told {
        let how = self.with("page-told-email", &[("to", "a…@example.test")]);
        let latest = vec![told(
            &self.say("told-order-confirmation"),
            &how,
            "2026-11-20T10:00:04Z",
            &self.moment(20, 10, 0),
        )];
        Told {
            heading: self.say("page-told"),
            none: self.say("page-told-none"),
            latest,
            earlier: Vec::new(),
            earlier_label: String::new(),
        }
    }

    fn making(&self) -> OrderPage {
        let mut page = self.placed();
        page.heading = self.say("page-making-heading");
        page.lead = self.with("page-making-lead", &[("date", &self.day(12, 11))]);
        page.steps[1].label = self.say("page-step-making");
        page
    }

    fn unpaid(&self) -> OrderPage {
        let mut page = self.placed();
        page.heading = self.say("page-unpaid-heading");
        page.lead = self.with("page-unpaid-lead", &[("amount", &self.sum(6_995))]);
        page.hint = Some(self.say("page-unpaid-hint"));
        page.details = self.details("page-payment-pending");
        page.details.facts.truncate(1);
        page
    }

    fn packed(&self) -> OrderPage {
        let lead = self.say("page-packed-lead");
        OrderPage { heading: self.say("page-packed-heading"), lead, steps: self.steps(1), ..self.placed() }
    }

    fn shipped(&self) -> OrderPage {
        let mut page = self.placed();
        page.heading = self.with("page-arriving-heading", &[("dates", &self.day(11, 26))]);
        page.lead = self.say("page-arriving-lead-shipped");
        page.steps = self.steps(2);
        let how = self.with("page-told-text", &[("to", "+44 … 123")]);
        page.told.latest.insert(
            0,
            told(&self.say("told-order-updated"), &how, "2026-11-24T16:30:00Z", &self.moment(24, 16, 30)),
        );
        page
    }

    fn delivered(&self) -> OrderPage {
        let heading = self.with("page-delivered-heading", &[("date", &self.day(11, 26))]);
        let mut details = self.details("page-payment-paid");
        details.facts.truncate(1);
        OrderPage {
            heading,
            lead: self.say("page-delivered-lead"),
            steps: self.steps(3),
            details,
            ..self.shipped()
        }
    }

    /// Two parcels, of which one is here and the other has a problem.
    fn parcels(&self) -> OrderPage {
        let mut page = self.shipped();
        page.heading = self.say("page-parcel-problem-heading");
        page.lead = self.with("page-parcel-problem-customs", &[("carrier", "Royal Mail")]);
        let trouble = ParcelCard {
            heading: self.parcel_of("2"),
            tone: Tone::Bad,
            state: self.say("page-state-exception"),
            sentence: Some(page.lead.clone()),
            ..self.parcel(true)
        };
        let here = ParcelCard {
            heading: self.parcel_of("1"),
            tone: Tone::Ok,
            state: self.say("page-state-delivered"),
            sentence: Some(self.say("page-parcel-there-neighbour")),
            report: Some(("/parcels/shp_sample/missing".into(), self.say("page-parcel-missing"))),
            ..self.parcel(false)
        };
        page.parcels = vec![trouble, here];
        page
    }

    /// One that its carrier says is here and its customer says is not.
    fn parcel_missing(&self) -> OrderPage {
        let mut page = self.delivered();
        page.heading = self.say("page-parcel-missing-heading");
        page.lead = self.with("page-parcel-missing-lead", &[("carrier", "Royal Mail")]);
        let report = Some(("/parcels/shp_sample/found".into(), self.say("page-parcel-found")));
        page.parcels = vec![ParcelCard { tone: Tone::Bad, report, items: Vec::new(), ..self.parcel(false) }];
        page
    }

    /// One that waits in a shop.
    fn to_collect(&self) -> OrderPage {
        let mut page = self.shipped();
        page.heading = self.say("page-parcel-collect-heading");
        page.lead = self.with("page-parcel-collect-lead", &[("carrier", "Royal Mail")]);
        let until = self.with("page-collect-by", &[("date", &self.day(12, 1))]);
        let lines =
            vec!["Corner Shop".into(), "2 Elm Row, Leeds LS6 2AB".into(), "Mon–Sat 7–22".into(), until];
        let state = self.say("page-state-available-for-pickup");
        let collect = Some((self.say("page-collect-at"), lines));
        page.parcels = vec![ParcelCard { tone: Tone::Warn, state, collect, ..self.parcel(false) }];
        page.actions.insert(0, self.main_action("page-collect-where", "#parcel-1"));
        page
    }

    /// An order that has not left in time, and the question whether its customer waits.
    fn late(&self) -> OrderPage {
        let mut page = self.placed();
        page.heading = self.say("page-late-heading");
        page.lead = self.say("page-late-lead");
        page.delay = Some(Delay {
            heading: self.say("page-delay-heading"),
            words: self.with("page-delay-cancels", &[("date", &self.day(12, 23))]),
            answers: vec![("keep", self.say("page-delay-keep")), ("cancel", self.say("page-delay-cancel"))],
        });
        page.actions.insert(0, self.main_action("page-delay-answer", "#delay"));
        page
    }

    fn main_action(&self, key: &str, href: &str) -> Action {
        Action { link: Link::new(self.say(key), href), primary: true }
    }

    fn late_settled(&self) -> OrderPage {
        let words = self.with("page-delay-settled-left-all-the-same", &[("date", &self.day(11, 24))]);
        let heading = self.say("page-delay-settled-heading");
        OrderPage { delay: Some(Delay { heading, words, answers: Vec::new() }), ..self.shipped() }
    }

    fn parcel_of(&self, place: &str) -> String {
        self.with("page-parcel-of", &[("place", place), ("all", "2")])
    }

    fn parcel(&self, has_more: bool) -> ParcelCard {
        let scan = |key: &str, place: &str, day: i8| ScanLine {
            state: self.say(key),
            words: vec!["Left the depot".into(), place.into()],
            at: format!("2026-11-{day}T04:12:00Z"),
            when: self.moment(day, 4, 12),
        };
        ParcelCard {
            heading: self.say("page-parcel"),
            tone: Tone::Info,
            state: self.say("page-state-delivered"),
            sentence: None,
            carrier: Some("Royal Mail".into()),
            number: Some("AB123456785GB".into()),
            heard: self.with("page-parcel-heard", &[("when", &self.moment(24, 4, 14))]),
            link: Some((
                self.with("page-parcel-link", &[("carrier", "Royal Mail")]),
                "https://www.royalmail.com/track-your-item".into(),
            )),
            collect: None,
            latest: vec![
                scan("page-state-out-for-delivery", "Leeds", 24),
                scan("page-state-in-transit", "Warrington", 23),
            ],
            earlier: if has_more { vec![scan("page-state-in-transit", "Daventry", 22)] } else { Vec::new() },
            is_open: false,
            all_label: has_more.then(|| self.count("page-parcel-all-scans", "count", 153)),
            earlier_label: if has_more {
                self.count("page-parcel-earlier", "count", 1)
            } else {
                String::new()
            },
            items_label: self.say("page-parcel-items"),
            items: vec![
                self.with("page-parcel-item", &[("pieces", "2"), ("title", "First Flush Darjeeling")]),
            ],
            report: None,
        }
    }

    fn cancelled(&self, money: &str) -> OrderPage {
        let mut page = self.placed();
        page.heading = self.say("page-cancelled-heading");
        page.lead = self.with(&format!("page-cancelled-lead-{money}"), &[("amount", &self.sum(6_995))]);
        page.steps.clear();
        page.address = None;
        page.items.heading = self.say("page-items-cancelled");
        page.details = self.details("page-payment-refunded");
        page.details.facts.truncate(1);
        page.items.refunded = (money == "refunded").then(|| self.fact("page-refunded", "−£69.95"));
        page
    }

    fn gift(&self) -> OrderPage {
        let mut page = self.placed();
        let changed = self.with("page-changed", &[("date", &self.day(11, 21))]);
        page.notices = vec![
            Notice { tone: Tone::Info, text: changed },
            Notice { tone: Tone::Info, text: self.say("page-gift") },
        ];
        let note = "Happy birthday, Mum!\nPut the kettle on – we’re coming at four. <3";
        page.details.note = Some(self.fact("page-note", note));
        page
    }

    fn asking(&self, fault: Option<&str>) -> OrderPage {
        let shown = Shown::Asking {
            place: self.place(),
            sent: self.with("page-code-sent", &[("to", "a…@example.test")]),
            label: self.say("page-code-label"),
            hint: self.say("page-code-hint"),
            fault: fault.map(|key| self.say(key)),
            submit: self.say("page-code-submit"),
            again: self.say("page-code-again"),
        };
        OrderPage { address: Some(self.address(shown)), ..self.placed() }
    }

    fn too_many(&self) -> OrderPage {
        let why = self.count("page-code-too-many", "minutes", 15);
        OrderPage {
            address: Some(self.address(Shown::Masked { place: self.place(), why, send: None })),
            ..self.placed()
        }
    }

    fn address_shown(&self) -> OrderPage {
        let lines =
            ["Amina Khan", "14 Elm Row", "Leeds LS6 2AB", "United Kingdom"].map(str::to_owned).to_vec();
        let shown = Shown::Full { lines, done: self.say("page-address-done") };
        OrderPage { address: Some(self.address(shown)), ..self.placed() }
    }

    /// What breaks layouts: long words, long sums, many lines, many messages, strange scripts.
    fn extreme(&self) -> OrderPage {
        let mut page = self.shipped();
        let long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamten-Tee";
        let about = self.about("Extra\u{AD}groß, 1 000 000 g", 10_000);
        let price = money(1_234_567_890, "KWD").shown(&self.locale);
        page.items.lines = (0..40).map(|_| item(long, None, &about, &price)).collect();
        page.items.lines.push(item("شاي أخضر 🍵 👩‍🚀", Some(PICTURE), &about, "0.00"));
        page.items.total.value = money(49_382_715_600, "KWD").shown(&self.locale);
        page.heading = self
            .with("page-arriving-heading", &[("dates", &self.days(date(2025, 12, 30), date(2027, 1, 2)))]);
        page.told.earlier = (0..12).map(|_| page.told.latest[0].clone()).collect();
        page.told.earlier_label = self.count("page-told-earlier", "count", 12);
        page
    }

    fn bare(&self) -> OrderPage {
        let mut page = self.placed();
        page.address = None;
        page.told.latest.clear();
        page.details.facts.truncate(1);
        page.lead = self.say("page-placed-lead-no-date");
        page
    }
}

fn date(year: i16, month: i8, day: i8) -> Date {
    Date::constant(year, month, day)
}

fn money(minor: i64, code: &str) -> Money {
    Money::new(minor, Currency::parse(code).expect("a currency of ISO 4217"))
}

/// A picture that needs no network.
const PICTURE: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Cpath fill='%23B37F34' d='M0 0h8v8H0z'/%3E%3Ccircle cx='4' cy='4' r='2.4' fill='%23F1EEE7'/%3E%3C/svg%3E";

fn item(title: &str, image: Option<&str>, about: &str, amount: &str) -> Item {
    Item {
        title: title.into(),
        url: Some("https://tea.example/p/1".into()),
        image_url: image.map(str::to_owned),
        initial: web::assets::initial(title),
        about: about.into(),
        amount: amount.into(),
    }
}

fn told(subject: &str, how: &str, at: &str, when: &str) -> Message {
    Message { subject: subject.into(), how: how.into(), at: at.into(), when: when.into() }
}

//! The order page in HTML: every field of the view in its place, escaped.
//!
//! Written by code and not by the engine of the other pages: nothing is looked at as often, and the engine was most of
//! what a look cost ([`Html`] says how nothing is forgotten to be escaped).

use web::Html;

use super::view::{
    Action, Address, Delay, Details, Fact, Item, Items, Message, Notice, OrderPage, ParcelCard, ScanLine,
    Shown, Step, StepState, Told, Tone,
};

/// About how many bytes a page of three lines has, without what is around it.
pub const USUAL_BYTES: usize = 4_096;

/// Everything inside of `main`.
pub fn write(html: &mut Html, page: &OrderPage) {
    answer(html, page);
    // Where the message's button leads there is always something; what is settled stands out of the way.
    let is_open = |asked: &&Delay| !asked.answers.is_empty();
    html.maybe(page.delay.as_ref().filter(is_open), |html, asked| delay(html, asked, &page.path));
    for (at, card) in page.parcels.iter().enumerate() {
        parcel(html, card, at, &page.path);
    }
    items(html, &page.items);
    html.maybe(page.address.as_ref(), |html, box_| address(html, box_, &page.path));
    details(html, &page.details);
    let settled = page.delay.as_ref().filter(|asked| !is_open(asked));
    html.maybe(settled, |html, asked| delay(html, asked, &page.path));
    told(html, &page.told);
}

fn answer(html: &mut Html, page: &OrderPage) {
    html.raw("<div class=\"answer\">\n<p class=\"meta\">").text(&page.kicker);
    html.raw("</p>\n<h1>").text(&page.heading).raw("</h1>\n<p class=\"lead\">").text(&page.lead).raw("</p>");
    html.maybe(page.hint.as_ref(), |html, hint| {
        html.raw("\n<p class=\"meta\">").text(hint).raw("</p>");
    });
    html.each(&page.notices, notice);
    if !page.steps.is_empty() {
        html.raw("\n<ol class=\"steps\" aria-label=\"").text(&page.steps_label).raw("\">");
        html.each(&page.steps, step).raw("\n</ol>");
    }
    if !page.actions.is_empty() {
        html.raw("\n<div class=\"buttons\">").each(&page.actions, action).raw("\n</div>");
    }
    html.raw("\n</div>\n");
}

fn notice(html: &mut Html, notice: &Notice) {
    html.raw("\n<p class=\"notice ").raw(match notice.tone {
        Tone::Info => "info",
        Tone::Ok => "ok",
        Tone::Warn => "warn",
        Tone::Bad => "bad",
    });
    html.raw("\">").text(&notice.text).raw("</p>");
}

fn step(html: &mut Html, step: &Step) {
    html.raw(match step.state {
        StepState::Done => "\n<li class=\"done\">",
        StepState::Current => "\n<li class=\"current\" aria-current=\"step\">",
        StepState::Todo => "\n<li class=\"todo\">",
    });
    html.raw("<span>").text(&step.label).raw("<span class=\"vh\">, ").text(&step.state_words);
    html.raw("</span></span>");
    html.maybe(step.when.as_ref(), |html, when| {
        html.raw(" <small>").text(when).raw("</small>");
    });
    html.raw("</li>");
}

fn action(html: &mut Html, action: &Action) {
    html.raw(if action.primary {
        "\n<a class=\"button primary\" href=\""
    } else {
        "\n<a class=\"button\" href=\""
    });
    html.text(&action.link.href).raw("\">").text(&action.link.label).raw("</a>");
}

fn delay(html: &mut Html, asked: &Delay, path: &str) {
    html.raw("\n<section class=\"card\" id=\"delay\" aria-labelledby=\"delay-heading\">");
    html.raw("\n<h2 id=\"delay-heading\">").text(&asked.heading).raw("</h2>\n<p>").text(&asked.words);
    html.raw("</p>");
    if !asked.answers.is_empty() {
        html.raw("\n<div class=\"buttons\">").each(&asked.answers, |html, (answer, label)| {
            html.raw("\n<form method=\"post\" action=\"").text(path).raw("/delay/").text(answer);
            html.raw("\"><button class=\"button\">").text(label).raw("</button></form>");
        });
        html.raw("\n</div>");
    }
    html.raw("\n</section>");
}

fn parcel(html: &mut Html, card: &ParcelCard, at: usize, path: &str) {
    let id = format!("parcel-{}", at + 1);
    html.raw("\n<section class=\"card\" aria-labelledby=\"").text(&id).raw("\">\n<h2 id=\"").text(&id);
    html.raw("\">").text(&card.heading).raw("</h2>\n<p><span class=\"badge ").raw(match card.tone {
        Tone::Info => "info",
        Tone::Ok => "ok",
        Tone::Warn => "warn",
        Tone::Bad => "bad",
    });
    html.raw("\">").text(&card.state).raw("</span></p>");
    html.maybe(card.sentence.as_ref(), |html, sentence| {
        html.raw("\n<p>").text(sentence).raw("</p>");
    });
    tracking(html, card);
    html.maybe(card.collect.as_ref(), |html, (label, lines)| {
        html.raw("\n<h3>").text(label).raw("</h3>\n<address class=\"address\">");
        for (at, line) in lines.iter().enumerate() {
            html.raw(if at == 0 { "<bdi>" } else { "<br><bdi>" }).text(line).raw("</bdi>");
        }
        html.raw("</address>");
    });
    if !card.latest.is_empty() {
        html.raw("\n<ol class=\"log\">\n").each(&card.latest, scan).raw("</ol>");
    }
    if !card.earlier.is_empty() {
        html.raw(if card.is_open { "\n<details open>" } else { "\n<details>" });
        html.raw("\n<summary>").text(&card.earlier_label);
        html.raw("</summary>\n<ol class=\"log more\">\n").each(&card.earlier, scan).raw("</ol>");
        html.maybe(card.all_label.as_ref(), |html, label| {
            html.raw("\n<p><a href=\"?scans=all#").text(&id).raw("\">").text(label).raw("</a></p>");
        });
        html.raw("\n</details>");
    }
    if !card.items.is_empty() {
        html.raw("\n<h3>").text(&card.items_label).raw("</h3>\n<ul>").each(&card.items, |html, item| {
            html.raw("\n<li>").text(item).raw("</li>");
        });
        html.raw("\n</ul>");
    }
    html.maybe(card.report.as_ref(), |html, (below, label)| {
        html.raw("\n<form method=\"post\" action=\"").text(path).text(below);
        html.raw("\"><button class=\"button\">").text(label).raw("</button></form>");
    });
    html.raw("\n</section>");
}

/// Carrier and number; the carrier's own page comes second to ours.
fn tracking(html: &mut Html, card: &ParcelCard) {
    html.raw("\n<p class=\"meta\">");
    html.maybe(card.carrier.as_ref(), |html, carrier| {
        html.raw("<bdi>").text(carrier).raw("</bdi> · ");
    });
    html.maybe(card.number.as_ref(), |html, number| {
        html.raw("<bdi dir=\"ltr\" class=\"number\">").text(number).raw("</bdi> · ");
    });
    html.text(&card.heard).raw("</p>");
    html.maybe(card.link.as_ref(), |html, (label, url)| {
        html.raw("\n<p><a href=\"").text(url).raw("\" rel=\"noreferrer\">").text(label).raw("</a></p>");
    });
}

fn scan(html: &mut Html, scan: &ScanLine) {
    html.raw("<li>\n<b>").text(&scan.state).raw("</b>");
    html.raw("\n<p class=\"meta\"><time datetime=\"")
        .text(&scan.at)
        .raw("\">")
        .text(&scan.when)
        .raw("</time>");
    html.each(&scan.words, |html, words| {
        html.raw(" · <bdi>").text(words).raw("</bdi>");
    });
    html.raw("</p>\n</li>\n");
}

fn items(html: &mut Html, items: &Items) {
    html.raw("\n<section class=\"card receipt\" aria-labelledby=\"items\">\n<h2 id=\"items\">");
    html.text(&items.heading).raw("</h2>\n<ul class=\"items\">").each(&items.lines, item);
    html.raw("\n</ul>\n<dl class=\"totals\">").each(&items.totals, amount);
    html.raw("\n<dt class=\"sum\">").text(&items.total.label).raw("</dt><dd class=\"money sum\"><bdi>");
    html.text(&items.total.value).raw("</bdi></dd>").maybe(items.refunded.as_ref(), amount);
    html.raw("\n</dl>\n</section>");
}

fn item(html: &mut Html, item: &Item) {
    html.raw("\n<li>\n").thumb(item.image_url.as_deref(), &item.initial).raw("\n<p class=\"name\">");
    let url = item.url.as_ref().filter(|url| !url.is_empty());
    html.maybe(url, |html, url| {
        html.raw("<a href=\"").text(url).raw("\">");
    });
    html.raw("<bdi>").text(&item.title).raw("</bdi>").raw(if url.is_some() { "</a>" } else { "" });
    html.raw("</p>\n<div class=\"about\"><p class=\"meta\"><bdi>").text(&item.about);
    html.raw("</bdi></p> <p class=\"money\"><bdi>").text(&item.amount).raw("</bdi></p></div>\n</li>");
}

fn amount(html: &mut Html, fact: &Fact) {
    html.raw("\n<dt>").text(&fact.label).raw("</dt><dd class=\"money\"><bdi>");
    html.text(&fact.value).raw("</bdi></dd>");
}

fn address(html: &mut Html, address: &Address, path: &str) {
    html.raw("\n<section class=\"card reveal\" id=\"address\" aria-labelledby=\"address-heading\">");
    html.raw("\n<h2 id=\"address-heading\">").text(&address.heading).raw("</h2>\n");
    match &address.shown {
        Shown::Full { lines, done } => full(html, lines, done),
        Shown::Masked { place, why, send } => masked(html, place, why, send.as_ref(), path),
        Shown::Asking { .. } => asking(html, &address.shown, path),
    }
    html.raw("\n</section>");
}

fn full(html: &mut Html, lines: &[String], done: &str) {
    html.raw("<address class=\"address\">");
    for (at, line) in lines.iter().enumerate() {
        html.raw(if at == 0 { "<bdi>" } else { "<br><bdi>" }).text(line).raw("</bdi>");
    }
    html.raw("</address>");
    if !done.is_empty() {
        html.raw("\n<p class=\"hint\" role=\"status\">").text(done).raw("</p>");
    }
}

fn masked(html: &mut Html, place: &str, why: &str, send: Option<&String>, path: &str) {
    html.raw("<p><bdi>").text(place).raw("</bdi></p>\n<p class=\"hint\">").text(why).raw("</p>");
    html.maybe(send, |html, send| {
        html.raw("\n<form method=\"post\" action=\"").text(path);
        html.raw("/code#address\"><button class=\"button\">").text(send).raw("</button></form>");
    });
}

/// A form for the code that is out, and one that sends another.
fn asking(html: &mut Html, shown: &Shown, path: &str) {
    let Shown::Asking { place, sent, label, hint, fault, submit, again } = shown else { return };
    html.raw("<p><bdi>").text(place).raw("</bdi></p>\n<form class=\"field\" method=\"post\" action=\"");
    html.text(path).raw("/address#address\">");
    if fault.is_none() {
        html.raw("\n<p class=\"notice ok\" role=\"status\">").text(sent).raw("</p>");
    }
    html.raw("\n<label for=\"code\">").text(label).raw("</label>\n<p class=\"hint\" id=\"code-hint\">");
    html.text(hint).raw("</p>").maybe(fault.as_ref(), |html, fault| {
        html.raw("\n<p class=\"fault\" id=\"code-fault\" role=\"alert\">").text(fault).raw("</p>");
    });
    html.raw("\n<input class=\"code\" id=\"code\" name=\"code\" dir=\"ltr\" inputmode=\"numeric\"");
    html.raw(" autocomplete=\"one-time-code\" maxlength=\"12\" required\n aria-describedby=\"code-hint");
    html.raw(if fault.is_some() { " code-fault\" aria-invalid=\"true\"" } else { "\"" });
    html.raw(" autofocus>\n<div class=\"buttons\"><button class=\"button primary\">").text(submit);
    html.raw("</button></div>\n</form>\n<form method=\"post\" action=\"").text(path);
    html.raw("/code#address\"><button class=\"button quiet\">").text(again).raw("</button></form>");
}

fn details(html: &mut Html, details: &Details) {
    html.raw("\n\n<section class=\"card\" aria-labelledby=\"details\">\n<h2 id=\"details\">")
        .text(&details.heading);
    html.raw("</h2>\n<dl class=\"facts\">");
    html.each(&details.facts, |html, fact| {
        html.raw("\n<dt>").text(&fact.label).raw("</dt><dd>").text(&fact.value).raw("</dd>");
    });
    html.maybe(details.note.as_ref(), |html, note| {
        html.raw("\n<dt>").text(&note.label).raw("</dt><dd class=\"quote\"><bdi>");
        html.text(&note.value).raw("</bdi></dd>");
    });
    html.raw("\n</dl>\n</section>\n");
}

fn told(html: &mut Html, told: &Told) {
    html.raw("\n<section class=\"card\" aria-labelledby=\"told\">\n<h2 id=\"told\">").text(&told.heading);
    html.raw("</h2>");
    if told.latest.is_empty() {
        html.raw("\n<p class=\"hint\">").text(&told.none).raw("</p>");
    } else {
        html.raw("\n<ol class=\"log\">\n").each(&told.latest, message).raw("</ol>");
    }
    if !told.earlier.is_empty() {
        html.raw("\n<details>\n<summary>").text(&told.earlier_label);
        html.raw("</summary>\n<ol class=\"log more\">\n")
            .each(&told.earlier, message)
            .raw("</ol>\n</details>");
    }
    html.raw("\n</section>");
}

fn message(html: &mut Html, message: &Message) {
    html.raw("<li>\n<b><bdi>").text(&message.subject).raw("</bdi></b>\n<p class=\"meta\"><time datetime=\"");
    html.text(&message.at).raw("\">").text(&message.when).raw("</time> · <bdi>").text(&message.how);
    html.raw("</bdi></p>\n</li>\n");
}

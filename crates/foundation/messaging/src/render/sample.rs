//! Letters to render in tests and to look at: an ordinary confirmation, the same in Arabic, and one with every block.

use kernel::brand::{Contact, SocialProfile};
use kernel::{Brand, Locale};

use crate::letter::{Block, Change, Fact, Item, Letter, TotalRow, by_kind};

/// A tea shop with everything filled in.
pub fn sample_brand() -> Brand {
    let profile = |name: &str, url: &str| SocialProfile { name: name.into(), url: url.into() };
    Brand {
        name: "Northwind Tea".into(),
        color: "#1F6F5C".into(),
        postal_address: Some("12 Harbour Street, Leeds LS1 4AB, United Kingdom".into()),
        site_url: Some("https://northwind.example/".into()),
        contact: Contact {
            email: Some("help@northwind.example".into()),
            phone: Some("0113 496 0000".into()),
            hours: Some("Monday to Friday, 9am to 5pm".into()),
            url: Some("https://northwind.example/contact".into()),
        },
        social: vec![
            profile("Instagram", "https://instagram.example/northwind"),
            profile("Mastodon", "https://mastodon.example/@northwind"),
        ],
        ..Brand::default()
    }
}

/// The confirmation of an order of two lines.
pub fn sample_letter() -> Letter {
    let blocks = vec![
        Block::BrandBar,
        Block::Answer {
            heading: "Arriving Thursday 26 November".into(),
            line: "Thank you, Zoë. We’re packing your tea now, and we’ll write again when it leaves.".into(),
        },
        progress(["Ordered", "Packed", "On its way", "Delivered"]),
        button("See your order", "https://northwind.example/o/7Q2X?t=abc&lang=en"),
        button("Change or cancel it", "https://northwind.example/o/7Q2X/change"),
        Block::Text("You can change the address, the tea or the amount until 4pm today.".into()),
        Block::Divider,
        Block::Items {
            heading: "What you bought".into(),
            items: vec![
                item("Darjeeling First Flush", "100 g · 2 pieces", "£29.90"),
                item("Cast-iron teapot “Hobnail”", "0.8 litres, moss green · 1 piece", "£36.10"),
            ],
        },
        Block::Divider,
        Block::Totals(vec![
            total("Subtotal", "£66.00"),
            total("Delivery", "£3.95"),
            total("VAT, included", "£11.66"),
            TotalRow { strong: true, ..total("Total", "£69.95") },
        ]),
        Block::Divider,
        Block::Facts(vec![
            fact("Delivery address", &["Zoë Hartmann", "4 Mill Lane", "Leeds LS6 2AB", "United Kingdom"]),
            fact("Delivery", &["DPD, tracked", "Thursday 26 November"]),
            fact("Paid with", &["Visa ending 4242"]),
            fact("Order", &["#1042, Sunday 22 November"]),
        ]),
        footer("You get this email because you placed order #1042 with us.", "Questions and answers"),
    ];
    let json_ld = serde_json::json!({
        "@context": "https://schema.org",
        "@type": "Order",
        "orderNumber": "1042",
        "merchant": { "@type": "Organization", "name": "Northwind Tea" },
        "orderStatus": "https://schema.org/OrderProcessing",
    });
    Letter {
        locale: Locale::default(),
        subject: "We’ve got your order #1042".into(),
        preheader: "It arrives Thursday 26 November. You can change it until 4pm today.".into(),
        blocks: by_kind(blocks),
        json_ld: Some(json_ld),
    }
}

/// The same confirmation in a script that runs the other way, with Latin names in it.
pub fn arabic_letter() -> Letter {
    let blocks = vec![
        Block::BrandBar,
        Block::Answer {
            heading: "يصل يوم الخميس 26 نوفمبر".into(),
            line: "شكرًا \u{2068}Zoë\u{2069}. استلمنا طلبك رقم \u{2068}#1042\u{2069} ونحن نجهّزه الآن.".into(),
        },
        progress(["تم الطلب", "تم التغليف", "في الطريق", "تم التوصيل"]),
        button("عرض طلبك", "https://northwind.example/o/7Q2X?lang=ar"),
        button("تغيير الطلب أو إلغاؤه", "https://northwind.example/o/7Q2X/change"),
        Block::Divider,
        Block::Items {
            heading: "ما اشتريته".into(),
            items: vec![
                item("Darjeeling First Flush", "100 غ · قطعتان", "٢٩٫٩٠ £"),
                item("إبريق شاي من الحديد", "أخضر · قطعة واحدة", "٣٦٫١٠ £"),
            ],
        },
        Block::Divider,
        Block::Totals(vec![
            total("المجموع الفرعي", "£66.00"),
            TotalRow { strong: true, ..total("الإجمالي", "£69.95") },
        ]),
        Block::Divider,
        Block::Facts(vec![
            fact("عنوان التوصيل", &["أمينة الهاشمي", "4 Mill Lane", "Leeds LS6 2AB"]),
            fact("الدفع", &["Visa ending 4242"]),
        ]),
        footer("وصلتك هذه الرسالة لأنك طلبت منا.", "أسئلة وأجوبة"),
    ];
    Letter {
        locale: Locale::parse("ar").unwrap(),
        subject: "استلمنا طلبك \u{2068}#1042\u{2069}".into(),
        preheader: "يصل يوم الخميس 26 نوفمبر.".into(),
        blocks: by_kind(blocks),
        json_ld: None,
    }
}

/// Every block once, with something to say.
pub fn every_block() -> Vec<Block> {
    let mut blocks: Vec<Block> = sample_letter().shown().cloned().collect();
    let footer = blocks.pop().unwrap();
    blocks.push(Block::Changes(vec![
        change("Delivery address", "4 Mill Lane, Leeds LS6 2AB", "9 Quay Road, Leeds LS1 4AB"),
        change("Gift note", "", "Happy birthday, أمينة"),
        change("Cast-iron teapot “Hobnail”", "1 piece", ""),
    ]));
    blocks.push(Block::Code("TEA-7Q2X-40".into()));
    let pictured = Item {
        image_url: Some("https://cdn.northwind.example/oolong.jpg".into()),
        url: Some("https://northwind.example/p/oolong".into()),
        ..item("Oolong", "50 g · 1 piece", "£9.50")
    };
    let items = vec![pictured, item("Gift wrap", "", "£0.00")];
    blocks.push(Block::Items { heading: String::new(), items });
    let src = "https://cdn.northwind.example/terrace.jpg".to_owned();
    blocks.push(Block::Picture { src, alt: "Our tea terrace in the morning".into() });
    blocks.push(footer);
    blocks
}

/// Every block once, with nothing to say.
pub fn every_block_empty() -> Vec<Block> {
    vec![
        Block::BrandBar,
        Block::Answer { heading: String::new(), line: " ".into() },
        Block::Text("\n".into()),
        button("", "https://northwind.example/"),
        Block::Changes(vec![change("Address", "", " "), change("", "a", "b")]),
        Block::Items { heading: "Items".into(), items: vec![item("", "", "£1")] },
        Block::Totals(vec![total("Total", "")]),
        Block::Facts(vec![fact("Address", &["", " "])]),
        Block::Progress { steps: vec![], current: 3 },
        Block::Code(String::new()),
        Block::Divider,
        Block::Picture { src: "javascript:alert(1)".into(), alt: " ".into() },
        Block::Footer { why: String::new(), links: vec![] },
    ]
}

fn progress(steps: [&str; 4]) -> Block {
    Block::Progress { steps: steps.map(str::to_owned).to_vec(), current: 1 }
}

fn button(label: &str, href: &str) -> Block {
    Block::Button { label: label.into(), href: href.into() }
}

fn change(label: &str, before: &str, after: &str) -> Change {
    Change { label: label.into(), before: before.into(), after: after.into() }
}

/// An order line without picture or page.
pub fn item(title: &str, detail: &str, price: &str) -> Item {
    Item { title: title.into(), detail: detail.into(), price: price.into(), image_url: None, url: None }
}

fn total(label: &str, amount: &str) -> TotalRow {
    TotalRow { label: label.into(), amount: amount.into(), strong: false }
}

fn fact(label: &str, lines: &[&str]) -> Fact {
    Fact { label: label.into(), lines: lines.iter().map(|line| (*line).to_owned()).collect() }
}

fn footer(why: &str, questions: &str) -> Block {
    Block::Footer { why: why.into(), links: vec![(questions.into(), "https://northwind.example/faq".into())] }
}

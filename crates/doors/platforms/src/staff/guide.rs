//! What somebody has to do at each platform, step by step, and which of its own mails to switch off. In data, so that a page
//! shows it and a test reads it.

use carriers::Service;
use serde::Serialize;

use crate::platform::Platform;

/// Stands for the address that the platform is to call.
pub(super) const WEBHOOK: &str = "{webhook}";
/// Stands for the secret that it is to sign with.
pub(super) const SECRET: &str = "{secret}";
/// Stands for the address with the secret in it, for who signs nothing.
pub(super) const WEBHOOK_WITH_TOKEN: &str = "{webhook}?token={secret}";

/// Who makes the secret that webhooks are signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SecretOf {
    /// The platform shows one of its own.
    Platform,
    /// We make it, and show it once.
    Us,
}

/// One thing to do.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Step {
    /// In a sentence.
    pub words: &'static str,
    /// What to fill in there: field and value.
    pub fields: &'static [(&'static str, &'static str)],
}

/// Mails of the platform that say what is said here now.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Mails {
    /// Where they are switched off.
    pub place: &'static str,
    /// What they are called there.
    pub off: &'static [&'static str],
    /// What goes on coming from there.
    pub stay: &'static str,
}

/// How to get a key to the platform's list of orders.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct ApiGuide {
    /// Where it is made.
    pub words: &'static str,
    /// What an address looks like.
    pub url: &'static str,
    /// What a key looks like.
    pub key: &'static str,
}

/// Everything about one platform.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guide {
    /// What people call it.
    pub name: &'static str,
    /// Where something is to be done.
    pub place: &'static str,
    /// Whom it is for.
    pub about: &'static str,
    pub secret: SecretOf,
    pub steps: &'static [Step],
    pub api: Option<ApiGuide>,
    /// None of a platform that writes to nobody.
    pub mails: Option<Mails>,
}

/// The guide to a platform.
pub(super) fn guide(platform: Platform) -> Guide {
    match platform {
        Platform::Shopify => SHOPIFY,
        Platform::Woocommerce => WOOCOMMERCE,
        Platform::Vendure => VENDURE,
        Platform::Generic => GENERIC,
        Platform::Tracker(Service::Aftership) => AFTERSHIP,
        Platform::Tracker(Service::Easypost) => EASYPOST,
        Platform::Tracker(Service::Shippo) => SHIPPO,
    }
}

const fn step(words: &'static str) -> Step {
    Step { words, fields: &[] }
}

const SHOPIFY: Guide = Guide {
    name: "Shopify",
    place: "Shopify",
    about: "A shop at Shopify. Its admin sends webhooks here: five about orders, and up to three about parcels.",
    secret: SecretOf::Platform,
    steps: &[
        step("In Shopify’s admin, open Settings → Notifications → Webhooks."),
        Step {
            words: "Create a webhook there for each of these events, all with the same format, address and the newest API version. Where your admin does not list the last event, leave it out: Fulfillment update tells the states of a parcel, too, without their places and days.",
            fields: &[
                (
                    "Events about orders",
                    "Order creation · Order update · Order payment · Order cancellation · Refund create",
                ),
                (
                    "Events about parcels",
                    "Fulfillment creation · Fulfillment update · Fulfillment event creation (fulfillment_events/create)",
                ),
                ("Format", "JSON"),
                ("URL", WEBHOOK),
            ],
        },
        step(
            "Copy the secret that stands below the list (“Your webhooks will be signed with …”) and paste it here, under “The secret”. Until then every webhook is refused.",
        ),
        step(
            "Place a small order and look at “Last webhooks” here. Shopify’s own test button sends an order of long ago, which is stored and not spoken of.",
        ),
    ],
    api: Some(ApiGuide {
        words: "In Shopify’s admin, under Settings → Apps and sales channels → Develop apps, make an app with the Admin API scope read_orders and install it. Its access token is the key.",
        url: "https://your-shop.myshopify.com",
        key: "shpat_…",
    }),
    mails: Some(Mails {
        place: "Settings → Notifications → Customer notifications",
        off: &[
            "Order confirmation",
            "Order edited",
            "Order canceled",
            "Order refund",
            "Payment mails of orders that are paid later: pending payment, payment received, payment reminder",
            "Shipping confirmation",
            "Shipping update",
            "Out for delivery",
            "Delivered",
        ],
        stay: "Leave the others on: local pickup and local delivery, returns, gift cards and accounts still come from Shopify. Where your admin has no switch for one of these, Shopify goes on sending it; when you fulfil an order there, leave “Send shipment details to your customer” unticked.",
    }),
};

const WOOCOMMERCE: Guide = Guide {
    name: "WooCommerce",
    place: "WooCommerce",
    about: "A shop in WordPress. Two webhooks come here, and a key finds what they lose.",
    secret: SecretOf::Us,
    steps: &[
        step("In WordPress, open WooCommerce → Settings → Advanced → Webhooks."),
        Step {
            words: "Press “Add webhook” and fill it in like this.",
            fields: &[
                ("Name", "Aftercare: created"),
                ("Status", "Active"),
                ("Topic", "Order created"),
                ("Delivery URL", WEBHOOK),
                ("Secret", SECRET),
                ("API version", "WP REST API Integration v3"),
            ],
        },
        step(
            "Add a second one in the same way, with the name “Aftercare: updated” and the topic “Order updated”.",
        ),
        step(
            "Give a key below: WooCommerce never sends a webhook twice, and switches it off after five failures.",
        ),
        step("Place a small order and look at “Last webhooks” here."),
    ],
    api: Some(ApiGuide {
        words: "In WordPress, under WooCommerce → Settings → Advanced → REST API, press “Add key” and choose Read/Write; writing only serves to switch the webhook on again. Join the consumer key and the consumer secret by a colon.",
        url: "https://shop.example",
        key: "ck_…:cs_…",
    }),
    mails: Some(Mails {
        place: "WooCommerce → Settings → Emails",
        off: &[
            "Order on-hold",
            "Processing order",
            "Refunded order",
            "Cancelled order (the customer’s, where your version has one)",
            "Completed order, called “Shipped” or “Partially Shipped” by some plugins: only when tracking numbers are kept with the orders by Shipment Tracking or Advanced Shipment Tracking",
        ],
        stay: "Leave the others on: “Completed order” when no such plugin keeps your tracking numbers, because nothing is heard here of your parcels then; “Customer note”, “Order details”, accounts, and everything that goes to you.",
    }),
};

const VENDURE: Guide = Guide {
    name: "Vendure",
    place: "Vendure",
    about: "A Vendure shop with our plugin in it, which tells every change of an order.",
    secret: SecretOf::Us,
    steps: &[
        step("In the shop’s folder, run: npm install @aftercare/vendure-plugin"),
        Step {
            words: "Set these in the environment of the shop’s server and of its worker. The key is one of your choice; make it with: openssl rand -hex 32",
            fields: &[
                ("AFTERCARE_WEBHOOK_URL", WEBHOOK),
                ("AFTERCARE_SECRET", SECRET),
                ("AFTERCARE_API_KEY", "the key of your choice"),
            ],
        },
        step(
            "Add AftercarePlugin.init({ url, secret, apiKey }) with these values to the plugins of vendure-config.ts, behind DefaultJobQueuePlugin.",
        ),
        step("Restart the shop, give the same key below, and place a small order."),
    ],
    api: Some(ApiGuide {
        words: "The key that you put into AFTERCARE_API_KEY, and the shop’s own address.",
        url: "https://shop.example",
        key: "the value of AFTERCARE_API_KEY",
    }),
    mails: Some(Mails {
        place: "the EmailPlugin’s handlers in vendure-config.ts, written out in the place of defaultEmailHandlers",
        off: &["orderConfirmationHandler"],
        stay: "Leave the others in: emailVerificationHandler, passwordResetHandler and emailAddressChangeHandler.",
    }),
};

const GENERIC: Guide = Guide {
    name: "Any other shop",
    place: "your shop",
    about: "A shop that can sign an order by Standard Webhooks and post it.",
    secret: SecretOf::Us,
    steps: &[
        Step {
            words: "Let the shop post each order, whenever anything about it changes, signed by Standard Webhooks.",
            fields: &[("Address", WEBHOOK), ("Secret", SECRET), ("Type of the event", "order.updated")],
        },
        step(
            "The data of the event is the whole order, in the shape of POST /v1/orders, and its parcels as “shipments”, each in the shape of POST /v1/shipments; /docs describes each field.",
        ),
        step("Send again whatever is not answered with 2xx, under the same webhook-id: it counts once."),
        step("Send an event of the type “ping” to try address and secret, and then an order."),
    ],
    api: None,
    mails: Some(Mails {
        place: "wherever your shop’s mails are set up",
        off: &[
            "Order confirmation",
            "Payment received",
            "Order changed",
            "Order cancelled",
            "Refund",
            "Shipped, out for delivery, delivered: once the shop tells its parcels",
        ],
        stay: "Leave the others on: returns and accounts, and the mails about parcels as long as the shop does not tell them.",
    }),
};

const AFTERSHIP: Guide = Guide {
    name: "AfterShip",
    place: "AfterShip",
    about: "Follows your parcels at every carrier, and tells here what happens to them.",
    secret: SecretOf::Platform,
    steps: &[
        step("In AfterShip Tracking’s admin, open Settings → Webhooks."),
        Step {
            words: "Add the address there, with the newest version, and let it send every status: what is told twice counts once.",
            fields: &[
                ("Webhook URL", WEBHOOK),
                ("Events", "Tracking updates · Estimated delivery date changes"),
            ],
        },
        step(
            "Copy the webhook secret that stands on the same page and paste it here, under “The secret”. Until then every webhook is refused.",
        ),
        step(
            "Send a test from there, or wait for the next scan, and look at “Last webhooks” here. A number that no shipment has yet is kept until one has it.",
        ),
    ],
    api: None,
    mails: Some(Mails {
        place: "AfterShip Tracking → Notifications → Email and SMS, of customers",
        off: &[
            "In transit",
            "Out for delivery",
            "Available for pickup",
            "Failed attempt",
            "Delivered",
            "Exception",
        ],
        stay: "Leave on what goes to you and your colleagues.",
    }),
};

const EASYPOST: Guide = Guide {
    name: "EasyPost",
    place: "EasyPost",
    about: "Makes your labels and follows them, and tells here what happens to the parcels.",
    secret: SecretOf::Us,
    steps: &[
        step("In EasyPost’s dashboard, open Webhooks & Events, in the production environment."),
        Step {
            words: "Add a webhook with this address and this secret.",
            fields: &[("Webhook URL", WEBHOOK), ("Webhook Secret", SECRET)],
        },
        step(
            "Wait for the next scan of a parcel, or update a test tracker, and look at “Last webhooks” here.",
        ),
    ],
    api: None,
    mails: None,
};

const SHIPPO: Guide = Guide {
    name: "Shippo",
    place: "Shippo",
    about: "Makes your labels and follows them, and tells here what happens to the parcels.",
    secret: SecretOf::Us,
    steps: &[
        step("In Shippo’s app, open Settings → API → Webhooks."),
        Step {
            words: "Add a webhook with this address. Nobody else may know it: Shippo signs nothing, and the token in it is what shows that it is Shippo.",
            fields: &[("URL", WEBHOOK_WITH_TOKEN), ("Event type", "Track Updated"), ("Mode", "Live")],
        },
        Step {
            words: "If Shippo’s support has switched on signatures (HMAC) for you, give them this secret and use the address without the token.",
            fields: &[("URL", WEBHOOK), ("Secret", SECRET)],
        },
        step("Wait for the next scan of a parcel, and look at “Last webhooks” here."),
    ],
    api: None,
    mails: Some(Mails {
        place: "Settings → Customer experience → Email notifications",
        off: &["Shipping confirmation", "In transit", "Out for delivery", "Delivered"],
        stay: "Leave on what goes to you and your colleagues.",
    }),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_platform_says_where_its_webhooks_go_and_which_mails_would_come_twice() {
        for platform in Platform::ALL {
            let guide = guide(platform);
            let values: Vec<_> =
                guide.steps.iter().flat_map(|step| step.fields).map(|(_, value)| *value).collect();
            assert!(values.contains(&WEBHOOK), "{}", guide.name);
            assert_eq!(values.contains(&SECRET), guide.secret == SecretOf::Us, "{}", guide.name);
            let mails_are_named =
                guide.mails.is_none_or(|mails| !mails.off.is_empty() && !mails.place.is_empty());
            assert!(mails_are_named && (guide.mails.is_some() || !platform.is_shop()), "{}", guide.name);
            assert_eq!(guide.api.is_some(), platform.is_polled(), "{}", guide.name);
        }
    }

    #[test]
    fn a_shop_is_told_to_send_what_happens_to_parcels_and_not_to_write_of_it_itself() {
        let events: String =
            SHOPIFY.steps.iter().flat_map(|step| step.fields).map(|(_, value)| *value).collect();
        for topic in ["fulfillments/create", "fulfillments/update", "fulfillment_events/create"] {
            assert!(Platform::Shopify.reads(topic), "{topic}");
        }
        for event in ["Fulfillment creation", "Fulfillment update", "fulfillment_events/create"] {
            assert!(events.contains(event), "{event} is not in {events}");
        }
        for (guide, mail) in
            [(SHOPIFY, "Shipping confirmation"), (WOOCOMMERCE, "Completed order"), (GENERIC, "Shipped")]
        {
            let mails = guide.mails.expect("a shop writes mails");
            assert!(mails.off.iter().any(|off| off.starts_with(mail)), "{mail}");
        }
    }
}

//! The OpenAPI 3.1 document, made from the code it describes.

use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::schema::{Problem, ProblemField};
use crate::webhooks::routes as hooks;
use crate::{customers, messages, routes};

/// The OpenAPI 3.1 document of `/v1`.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Aftercare",
        description = "Everything a shop says to and does for a customer after the purchase. JSON in UTF-8, times in \
                       RFC 3339, amounts in whole minor units; errors are problem documents (RFC 9457).",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        routes::post_order,
        routes::list_orders,
        routes::get_order,
        messages::list_messages,
        messages::get_message,
        customers::get_customer,
        customers::patch_customer,
        hooks::create_endpoint,
        hooks::list_endpoints,
        hooks::read_endpoint,
        hooks::change_endpoint,
        hooks::delete_endpoint,
        hooks::rotate_secret,
        hooks::send_test,
        hooks::replay_range,
        hooks::list_deliveries,
        hooks::replay_one,
    ),
    components(schemas(Problem, ProblemField)),
    tags(
        (name = "orders", description = "What was bought."),
        (name = "webhooks", description = "What other programs are told without asking, by Standard Webhooks."),
        (name = "messages", description = "What was said about it, and why."),
        (name = "customers", description = "How people are reached, and what they chose and agreed to."),
    ),
    modifiers(&Key),
)]
struct Document;

/// How callers introduce themselves.
struct Key;

impl Modify for Key {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let words = "A key made by `aftercare keys create`, with the scope the operation names.";
        let mut bearer = Http::new(HttpAuthScheme::Bearer);
        bearer.description = Some(words.to_owned());
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(bearer));
    }
}

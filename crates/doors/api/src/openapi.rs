//! The OpenAPI 3.1 document, made from the code it describes.

use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{Modify, OpenApi};

use crate::schema::{Problem, ProblemField};
use crate::webhooks::routes as hooks;
use crate::{customers, messages, routes, shipments};

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
        shipments::post_shipment,
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
    components(schemas(Problem, ProblemField, hooks::DeliveryState)),
    tags(
        (name = "orders", description = "What was bought."),
        (name = "shipments", description = "What left, in parcels, and where it is."),
        (name = "webhooks", description = "What other programs are told without asking, by Standard Webhooks."),
        (name = "messages", description = "What was said about it, and why."),
        (name = "customers", description = "How people are reached, and what they chose and agreed to."),
    ),
    modifiers(&Key, &Always),
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

/// What any operation may be answered with, so that no operation has to say it.
const ALWAYS: [(&str, &str); 4] = [
    ("400", "The request can't be read."),
    ("401", "No key, or none of this shop."),
    ("403", "The key lacks the scope."),
    ("503", "Not now; send it again."),
];
/// The same for operations that take a body.
const WITH_BODY: [(&str, &str); 2] =
    [("413", "More than 1 MB."), ("415", "Another media type than application/json.")];

/// Puts them beside what each operation says of itself, which stays.
struct Always;

impl Modify for Always {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for item in document.paths.paths.values_mut() {
            let operations =
                [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
            operations.into_iter().flatten().for_each(always);
        }
    }
}

fn always(operation: &mut Operation) {
    let with_body = if operation.request_body.is_some() { &WITH_BODY[..] } else { &[] };
    for (status, words) in ALWAYS.iter().chain(with_body) {
        let answer = || RefOr::T(problem(words));
        operation.responses.responses.entry((*status).to_owned()).or_insert_with(answer);
    }
}

fn problem(words: &str) -> Response {
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(words).content("application/problem+json", content).build()
}

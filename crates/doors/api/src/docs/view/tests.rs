use std::sync::Arc;

use kernel::Locale;
use serde_json::json;
use web::markup::assert_html;
use web::{Frame, PageShell, Pages, PlainShell, value};

use super::*;

fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Aftercare API", "version": "0.1.0", "description": "Orders in, messages out." },
        "paths": {
            "/v1/orders": { "post": {
                "operationId": "put_order", "summary": "Create or update an order", "description": "Upsert by source.",
                "parameters": [{ "$ref": "#/components/parameters/Key" }],
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Order" } } } },
                "responses": {
                    "201": { "description": "Created", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Order" } } } },
                    "422": { "description": "Some fields are not right" }
                }
            } },
            "/v1/orders/{id}": { "get": { "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }], "responses": {} } }
        },
        "components": {
            "parameters": { "Key": { "name": "Idempotency-Key", "in": "header", "schema": { "type": "string" }, "description": "Makes a repeat safe." } },
            "schemas": {
                "Order": {
                    "type": "object", "required": ["number", "status", "lines"], "description": "An order.",
                    "properties": {
                        "number": { "type": "string", "example": "#1042", "description": "As people say it" },
                        "status": { "$ref": "#/components/schemas/Status" },
                        "note": { "type": ["string", "null"] },
                        "lines": { "type": "array", "items": { "$ref": "#/components/schemas/Line" } },
                        "gift_of": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Order" }] }
                    }
                },
                "Line": { "type": "object", "required": ["quantity"], "properties": { "quantity": { "type": "integer", "format": "int32" } } },
                "Status": { "type": "string", "enum": ["placed", "cancelled"] }
            }
        }
    })
}

fn docs() -> DocsPage {
    page(&document(), "https://orders.example", "/v1/openapi.json")
}

#[test]
fn an_operation_comes_with_a_command_to_copy() {
    let docs = docs();
    let post = docs.operations.iter().find(|operation| operation.method == "POST").unwrap();
    for part in [
        "curl -X POST 'https://orders.example/v1/orders'",
        "Bearer $KEY",
        "Idempotency-Key",
        "\"number\": \"#1042\"",
        "\"status\": \"placed\"",
        "\"quantity\": 1",
    ] {
        assert!(post.curl.contains(part), "{part}: {}", post.curl);
    }
    assert!(!post.curl.contains("note"), "only what is required");
    assert_eq!(post.answers[0].kind.link.as_deref(), Some("#schema-order"));
    assert!(post.parameters[0].about.contains("repeat"));
}

#[test]
fn types_are_said_in_words() {
    let docs = docs();
    let order = docs.schemas.iter().find(|schema| schema.name == "Order").unwrap();
    let kind = |name: &str| order.fields.iter().find(|field| field.name == name).unwrap().kind.kind.clone();
    assert_eq!(kind("note"), "string or null");
    assert_eq!(kind("lines"), "array of Line");
    assert_eq!(kind("gift_of"), "null or Order");
    assert!(order.fields.iter().any(|field| field.name == "number" && field.required));
}

#[test]
fn every_problem_has_one_place() {
    let mut codes: Vec<_> = PROBLEMS.iter().map(|problem| problem.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), PROBLEMS.len());
}

#[test]
fn the_page_is_whole_and_an_empty_document_makes_one_too() {
    let shell = PlainShell::new(Arc::new(Pages::new(&[TEMPLATES]).unwrap()), Vec::new());
    let frame = Frame { template: "api/docs.html", locale: &Locale::default(), title: "API" };
    assert_html("docs", &shell.page(&frame, value(&docs())).unwrap());
    let empty = page(&json!({}), "", "/v1/openapi.json");
    assert!(shell.page(&frame, value(&empty)).is_ok());
}

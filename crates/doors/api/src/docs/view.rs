//! The API's documents as a page of our own: made from the OpenAPI document, so that they can't say anything else.

use serde::Serialize;
use serde_json::{Map, Value};
use web::Template;

mod problems;

pub use problems::{PROBLEMS, Problem};

/// The documents' template.
pub const TEMPLATES: &[Template] =
    &[Template { name: "api/docs.html", source: include_str!("templates/docs.html") }];

/// What `api/docs.html` is given as `page`.
#[derive(Clone, Debug, Serialize)]
pub struct DocsPage {
    /// The API's name.
    pub title: String,
    /// What it is for.
    pub about: String,
    /// Its version.
    pub version: String,
    /// Where the OpenAPI document is.
    pub document: String,
    /// What can be asked of it.
    pub operations: Vec<Operation>,
    /// What is sent and answered.
    pub schemas: Vec<Schema>,
    /// What can go wrong; a problem document's `type` leads here.
    pub problems: &'static [Problem],
}

/// One method of one path.
#[derive(Clone, Debug, Serialize)]
pub struct Operation {
    /// Its anchor.
    pub id: String,
    /// `POST`.
    pub method: String,
    /// `/v1/orders`.
    pub path: String,
    /// What it does, in a few words.
    pub summary: String,
    /// What it does, at length.
    pub about: String,
    /// In the path, the query, the headers.
    pub parameters: Vec<Field>,
    /// What it reads.
    pub body: Option<Kind>,
    /// A command to copy.
    pub curl: String,
    /// What it answers.
    pub answers: Vec<Answer>,
}

/// A type and where it is described.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kind {
    /// `array of Line`.
    pub kind: String,
    /// The anchor of its schema.
    pub link: Option<String>,
}

/// A field of a schema, or a parameter.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// Its name; of a parameter also where it stands.
    pub name: String,
    /// Its type.
    #[serde(flatten)]
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// What it means.
    pub about: String,
}

/// One answer of an operation.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// `201`.
    pub status: String,
    /// When.
    pub about: String,
    /// What it holds.
    #[serde(flatten)]
    pub kind: Kind,
}

/// One named type.
#[derive(Clone, Debug, Serialize)]
pub struct Schema {
    /// Its anchor.
    pub id: String,
    /// `Order`.
    pub name: String,
    /// What it is.
    pub about: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Its values, when it is one of a few words.
    pub values: Vec<String>,
}

/// The page of an OpenAPI 3.1 `document`, with commands for the server at `public_url`.
pub fn page(document: &Value, public_url: &str, document_path: &str) -> DocsPage {
    let info = &document["info"];
    let schemas = members(&document["components"]["schemas"]).map(|(name, schema)| schema_of(name, schema));
    DocsPage {
        title: text(&info["title"]),
        about: text(&info["description"]),
        version: text(&info["version"]),
        document: document_path.to_owned(),
        operations: operations(document, public_url),
        schemas: schemas.collect(),
        problems: PROBLEMS,
    }
}

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn operations(document: &Value, public_url: &str) -> Vec<Operation> {
    let mut out = Vec::new();
    for (path, item) in members(&document["paths"]) {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                let shared = item["parameters"].as_array().into_iter().flatten();
                let own = operation["parameters"].as_array().into_iter().flatten();
                let parameters: Vec<&Value> =
                    shared.chain(own).map(|value| resolved(document, value)).collect();
                out.push(operation_of(document, path, method, operation, &parameters, public_url));
            }
        }
    }
    out
}

fn operation_of(
    document: &Value,
    path: &str,
    method: &str,
    operation: &Value,
    parameters: &[&Value],
    public_url: &str,
) -> Operation {
    let id = operation["operationId"].as_str().map_or_else(|| anchor(&format!("{method}-{path}")), anchor);
    let body = json_schema(resolved(document, &operation["requestBody"]));
    let summary = operation["summary"].as_str().unwrap_or(path).to_owned();
    let answers = members(&operation["responses"]).map(|(status, answer)| {
        let answer = resolved(document, answer);
        let kind = json_schema(answer).map_or(Kind { kind: String::new(), link: None }, kind_of);
        Answer { status: status.clone(), about: text(&answer["description"]), kind }
    });
    Operation {
        id: format!("op-{id}"),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary,
        about: text(&operation["description"]),
        parameters: parameters.iter().map(|parameter| parameter_of(parameter)).collect(),
        body: body.map(kind_of),
        curl: curl(document, path, method, body, parameters, public_url),
        answers: answers.collect(),
    }
}

fn parameter_of(parameter: &Value) -> Field {
    Field {
        name: format!("{} ({})", text(&parameter["name"]), text(&parameter["in"])),
        kind: kind_of(&parameter["schema"]),
        required: parameter["required"].as_bool().unwrap_or(false),
        about: text(&parameter["description"]),
    }
}

fn schema_of(name: &str, schema: &Value) -> Schema {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let fields = members(&schema["properties"]).map(|(field, about)| Field {
        name: field.clone(),
        kind: kind_of(about),
        required: required.contains(&field.as_str()),
        about: text(&about["description"]),
    });
    let values = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    Schema {
        id: format!("schema-{}", anchor(name)),
        name: name.to_owned(),
        about: text(&schema["description"]),
        fields: fields.collect(),
        values: values.collect(),
    }
}

/// A schema's type in words, with the way to where it is described.
fn kind_of(schema: &Value) -> Kind {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return Kind { kind: name.to_owned(), link: Some(format!("#schema-{}", anchor(name))) };
    }
    let several = ["oneOf", "anyOf", "allOf"].iter().find_map(|key| schema[*key].as_array());
    if let Some(choices) = several {
        let kinds: Vec<Kind> = choices.iter().map(kind_of).collect();
        let words: Vec<&str> = kinds.iter().map(|kind| kind.kind.as_str()).collect();
        return Kind { kind: words.join(" or "), link: kinds.iter().find_map(|kind| kind.link.clone()) };
    }
    if schema["type"].as_str() == Some("array") {
        let inner = kind_of(&schema["items"]);
        return Kind { kind: format!("array of {}", inner.kind), link: inner.link };
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => vec!["any"],
    };
    let format = schema["format"].as_str().map(|format| format!(" ({format})")).unwrap_or_default();
    Kind { kind: format!("{}{format}", types.join(" or ")), link: None }
}

/// A command that can be copied: with the key, and with an example body where the document has one.
fn curl(
    document: &Value,
    path: &str,
    method: &str,
    body: Option<&Value>,
    parameters: &[&Value],
    public_url: &str,
) -> String {
    let mut lines = vec![format!("curl -X {} '{public_url}{path}'", method.to_uppercase())];
    lines.push("-H \"Authorization: Bearer $KEY\"".to_owned());
    let headers = parameters.iter().filter(|parameter| parameter["in"] == "header");
    lines.extend(headers.map(|header| format!("-H '{}: …'", text(&header["name"]))));
    if let Some(schema) = body {
        lines.push("-H 'Content-Type: application/json'".to_owned());
        let example = example(document, schema, 0);
        let json = serde_json::to_string_pretty(&example).unwrap_or_default().replace('\'', "'\\''");
        lines.push(format!("-d '{json}'"));
    }
    lines.join(" \\\n  ")
}

/// The document's own example, or one made from the schema's required fields.
fn example(document: &Value, schema: &Value, depth: u8) -> Value {
    let schema = resolved(document, schema);
    let given = schema.get("example").or_else(|| schema["examples"].get(0)).or_else(|| schema["enum"].get(0));
    if let Some(given) = given {
        return given.clone();
    }
    // A type that holds itself ends here.
    if depth > 5 {
        return Value::Null;
    }
    let types = [schema["type"].as_str(), schema["type"].get(0).and_then(Value::as_str)];
    match types.into_iter().flatten().next() {
        Some("array") => Value::Array(vec![example(document, &schema["items"], depth + 1)]),
        Some("integer" | "number") => Value::from(1),
        Some("boolean") => Value::from(true),
        Some("string") => Value::from("…"),
        Some(_) | None => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let fields = required
                .map(|name| (name.to_owned(), example(document, &schema["properties"][name], depth + 1)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
    }
}

/// What a `$ref` leads to, or the value itself.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let path = value["$ref"].as_str().and_then(|path| path.strip_prefix('#'));
    path.and_then(|path| document.pointer(path)).unwrap_or(value)
}

/// The schema of a body's JSON, whatever JSON's exact media type is called.
fn json_schema(body: &Value) -> Option<&Value> {
    members(&body["content"]).find(|(kind, _)| kind.contains("json")).map(|(_, content)| &content["schema"])
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn anchor(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    name.chars().map(plain).collect::<String>().trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests;

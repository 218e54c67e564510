//! The body of a one-click unsubscription (RFC 8058): `List-Unsubscribe=One-Click`, as a form of either kind.

use web::Form;

const NAME: &str = "List-Unsubscribe";
const VALUE: &str = "One-Click";

/// Whether a body says it. Anything else, nothing included, is no unsubscription.
pub fn is_one_click(content_type: &str, body: &[u8]) -> bool {
    let (essence, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    match essence.trim().to_ascii_lowercase().as_str() {
        "application/x-www-form-urlencoded" => {
            Form::parse(body).is_ok_and(|form| form.all(NAME).any(|value| value.trim() == VALUE))
        }
        "multipart/form-data" => boundary(parameters).is_some_and(|boundary| has_part(body, boundary)),
        _ => false,
    }
}

/// The boundary of RFC 2046: 1 to 70 characters, quoted or not.
fn boundary(parameters: &str) -> Option<&str> {
    let named = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then_some(value)
    })?;
    let bare = named.trim().trim_matches('"');
    (1..=70).contains(&bare.len()).then_some(bare)
}

fn has_part(body: &[u8], boundary: &str) -> bool {
    let Ok(text) = std::str::from_utf8(body) else { return false };
    let delimiter = format!("--{boundary}");
    text.split(delimiter.as_str()).skip(1).any(|part| {
        let Some((head, value)) = part.split_once("\r\n\r\n").or_else(|| part.split_once("\n\n")) else {
            return false;
        };
        value.trim() == VALUE && head.lines().any(names_it)
    })
}

fn names_it(line: &str) -> bool {
    let Some((name, disposition)) = line.split_once(':') else { return false };
    let mut parameters = disposition.split(';').map(str::trim);
    let is_form_data = parameters.next().is_some_and(|kind| kind.eq_ignore_ascii_case("form-data"));
    let named = parameters.any(|parameter| {
        let (name, value) = parameter.split_once('=').unwrap_or_default();
        name.trim().eq_ignore_ascii_case("name") && value.trim().trim_matches('"') == NAME
    });
    name.trim().eq_ignore_ascii_case("content-disposition") && is_form_data && named
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "application/x-www-form-urlencoded";
    const PARTS: &str = "multipart/form-data; boundary=\"b1\"";

    fn part(name: &str, value: &str) -> String {
        format!("--b1\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n--b1--\r\n")
    }

    #[test]
    fn both_kinds_of_form_are_read() {
        for (kind, body) in [
            (FORM, "List-Unsubscribe=One-Click".to_owned()),
            ("Application/X-WWW-Form-Urlencoded; charset=UTF-8", "List-Unsubscribe=One%2DClick".to_owned()),
            (PARTS, part("List-Unsubscribe", "One-Click")),
            ("multipart/form-data;boundary=b1", part("List-Unsubscribe", "One-Click")),
            (PARTS, part("List-Unsubscribe", "One-Click").replace("\r\n", "\n")),
        ] {
            assert!(is_one_click(kind, body.as_bytes()), "{kind}: {body}");
        }
    }

    #[test]
    fn nothing_else_unsubscribes() {
        for (kind, body) in [
            (FORM, String::new()),
            (FORM, "List-Unsubscribe=Two-Clicks".to_owned()),
            (FORM, "list=One-Click".to_owned()),
            (FORM, part("List-Unsubscribe", "One-Click")),
            ("application/json", "{\"List-Unsubscribe\":\"One-Click\"}".to_owned()),
            ("", "List-Unsubscribe=One-Click".to_owned()),
            (PARTS, part("Other", "One-Click")),
            (PARTS, part("List-Unsubscribe", "No")),
            ("multipart/form-data", part("List-Unsubscribe", "One-Click")),
            ("multipart/form-data; boundary=", part("List-Unsubscribe", "One-Click")),
            ("multipart/form-data; boundary=other", part("List-Unsubscribe", "One-Click")),
        ] {
            assert!(!is_one_click(kind, body.as_bytes()), "{kind}: {body}");
        }
        assert!(!is_one_click(PARTS, b"--b1\r\n\xff\r\n"));
    }
}

//! The headers of a message as they stand in its bytes.

/// One header: name and value as written, folds included, without the last CRLF.
pub(super) struct Field<'a> {
    pub name: &'a [u8],
    pub value: &'a [u8],
}

/// Headers from the first to the last, and the body behind the empty line.
pub(super) fn split(message: &[u8]) -> (Vec<Field<'_>>, &[u8]) {
    let mut fields = Vec::new();
    let mut rest = message;
    while !rest.is_empty() {
        if let Some(body) = rest.strip_prefix(b"\r\n") {
            return (fields, body);
        }
        let end = end_of_field(rest);
        let (field, after) = rest.split_at(end);
        let colon = field.iter().position(|byte| *byte == b':').unwrap_or(field.len());
        let (name, value) = field.split_at(colon);
        fields.push(Field { name, value: value.strip_prefix(b":").unwrap_or(value) });
        rest = after.strip_prefix(b"\r\n").unwrap_or(after);
    }
    (fields, rest)
}

/// Where a header ends: at a CRLF that no space follows.
fn end_of_field(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = text[at..].windows(2).position(|pair| pair == b"\r\n") {
        let end = at + found;
        match text.get(end + 2) {
            Some(b' ' | b'\t') => at = end + 2,
            Some(_) | None => return end,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_body_are_told_apart() {
        let (fields, body) = split(b"A: 1\r\nB:\r\n 2\r\n\t3\r\n\r\nbody\r\n\r\n");
        let read: Vec<_> = fields.iter().map(|field| (field.name, field.value)).collect();
        assert_eq!(read, [(&b"A"[..], &b" 1"[..]), (b"B", b"\r\n 2\r\n\t3")]);
        assert_eq!(body, b"body\r\n\r\n");
        assert!(split(b"").0.is_empty());
        assert_eq!(split(b"A: 1").0.len(), 1);
        assert_eq!(split(b"A: 1\r\n").1, b"");
    }
}

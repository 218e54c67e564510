//! JSON read field by field. Every fault names its place, and an absent field means the same as `null`. A field that
//! nobody knows is a fault of a sender who can mend it, and passed over where the sender is believed.

use std::collections::BTreeSet;

use crate::fields::Fields;
use crate::text;
use serde_json::{Map, Value};

/// The most characters of an unknown field's name that are said back.
const MAX_NAME: usize = 60;

/// One JSON object while it is being read.
#[derive(Debug)]
pub struct Object<'a> {
    at: String,
    map: &'a Map<String, Value>,
    known: BTreeSet<&'static str>,
}

impl<'a> Object<'a> {
    /// The object at the JSON Pointer `at`.
    pub fn new(fields: &mut Fields, at: &str, value: &'a Value) -> Option<Self> {
        match value {
            Value::Object(map) => Some(Object { at: at.to_owned(), map, known: BTreeSet::new() }),
            _ => {
                fields.fault(at, "wrong_type", "Write an object.");
                None
            }
        }
    }

    /// The JSON Pointer of a field of this object.
    pub fn pointer(&self, name: &str) -> String {
        format!("{}/{name}", self.at)
    }

    /// A field of any type.
    pub fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.insert(name);
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// Whether a field is there at all, `null` included.
    pub fn has(&mut self, name: &'static str) -> bool {
        self.known.insert(name);
        self.map.contains_key(name)
    }

    /// A text.
    pub fn text(&mut self, fields: &mut Fields, name: &'static str) -> Option<&'a str> {
        let value = self.value(name)?;
        self.typed(fields, name, value.as_str(), "Write a text in quotes.")
    }

    /// A text, read by `read` under its pointer.
    pub fn read<T>(
        &mut self,
        fields: &mut Fields,
        name: &'static str,
        read: impl FnOnce(&mut Fields, &str, &str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(fields, name)?;
        read(fields, &self.pointer(name), text)
    }

    /// A text that must be there, read by `read` under its pointer.
    pub fn must_read<T>(
        &mut self,
        fields: &mut Fields,
        name: &'static str,
        read: impl FnOnce(&mut Fields, &str, &str) -> Option<T>,
    ) -> Option<T> {
        self.must_be_there(fields, name)?;
        let pointer = self.pointer(name);
        let text = self.text(fields, name)?;
        if fields.believes() && text.trim().is_empty() {
            // Elsewhere an empty text counts as absent; here it must not be.
            return fields.required(&pointer, None);
        }
        read(fields, &pointer, text)
    }

    /// A whole number that must be there.
    pub fn must_integer(&mut self, fields: &mut Fields, name: &'static str) -> Option<i64> {
        self.must_be_there(fields, name)?;
        let number = self.value(name)?.as_i64();
        self.typed(fields, name, number, "Write a whole number.")
    }

    /// Yes or no.
    pub fn boolean(&mut self, fields: &mut Fields, name: &'static str) -> Option<bool> {
        let value = self.value(name)?;
        self.typed(fields, name, value.as_bool(), "Write true or false.")
    }

    /// An object within this one.
    pub fn object(&mut self, fields: &mut Fields, name: &'static str) -> Option<Object<'a>> {
        let value = self.value(name)?;
        Object::new(fields, &self.pointer(name), value)
    }

    /// An object that must be there.
    pub fn must_object(&mut self, fields: &mut Fields, name: &'static str) -> Option<Object<'a>> {
        self.must_be_there(fields, name)?;
        self.object(fields, name)
    }

    /// A list.
    pub fn list(&mut self, fields: &mut Fields, name: &'static str) -> Option<&'a [Value]> {
        let value = self.value(name)?;
        self.typed(fields, name, value.as_array().map(Vec::as_slice), "Write a list.")
    }

    /// Notes every field that was never asked for.
    pub fn close(self, fields: &mut Fields) {
        if fields.believes() {
            return;
        }
        for name in self.map.keys().filter(|name| !self.known.contains(name.as_str())) {
            let name = text::shortened(&name.replace('~', "~0").replace('/', "~1"), MAX_NAME);
            fields.fault(&self.pointer(&name), "unknown_field", "There is no such field here.");
        }
    }

    fn must_be_there(&mut self, fields: &mut Fields, name: &'static str) -> Option<&'a Value> {
        let value = self.value(name);
        fields.required(&self.pointer(name), value)
    }

    fn typed<T>(&self, fields: &mut Fields, name: &str, value: Option<T>, wanted: &str) -> Option<T> {
        if value.is_none() {
            fields.fault(&self.pointer(name), "wrong_type", wanted);
        }
        value
    }
}

//! What the binary hands to every closure: one value per type.

use std::any::{Any, TypeId, type_name};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use kernel::{Error, Result};

/// A map from a type to the one shared value of that type: the shop, the reactions, the catalogue of words.
///
/// Rooms never import one another, so what the binary knows reaches them through here.
#[derive(Clone, Default)]
pub struct Wiring {
    values: BTreeMap<TypeId, (&'static str, Arc<dyn Any + Send + Sync>)>,
}

impl Wiring {
    /// Nothing wired yet.
    pub fn new() -> Self {
        Wiring::default()
    }

    /// Adds `value`; a later value of the same type takes its place.
    pub fn with<T: Send + Sync + 'static>(self, value: T) -> Self {
        self.sharing(Arc::new(value))
    }

    /// The same with a value that others hold too.
    pub fn sharing<T: Send + Sync + 'static>(mut self, value: Arc<T>) -> Self {
        self.values.insert(TypeId::of::<T>(), (type_name::<T>(), value));
        self
    }

    /// The value of type `T`; a missing one is a mistake in the binary.
    #[track_caller]
    pub fn get<T: Send + Sync + 'static>(&self) -> Result<&T> {
        let found = self.values.get(&TypeId::of::<T>()).and_then(|(_, value)| value.downcast_ref::<T>());
        found.ok_or_else(missing::<T>)
    }

    /// The value of type `T`, shared.
    #[track_caller]
    pub fn get_arc<T: Send + Sync + 'static>(&self) -> Result<Arc<T>> {
        let found = self.values.get(&TypeId::of::<T>()).map(|(_, value)| Arc::clone(value));
        found.and_then(|value| value.downcast::<T>().ok()).ok_or_else(missing::<T>)
    }
}

/// The wiring of a handle, which may be exchanged while it is in use: each closure sees one from its beginning to its end.
#[derive(Debug)]
pub(crate) struct Exchange(RwLock<Arc<Wiring>>);

impl Exchange {
    pub(crate) fn new(wiring: Wiring) -> Self {
        Exchange(RwLock::new(Arc::new(wiring)))
    }

    pub(crate) fn current(&self) -> Arc<Wiring> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn replace(&self, wiring: Wiring) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(wiring);
    }
}

#[track_caller]
fn missing<T>() -> Error {
    Error::internal(format!("{} is not wired into the database handle", type_name::<T>()))
}

impl fmt::Debug for Wiring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.values.values().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_per_type_and_a_missing_one_is_named() {
        let wiring = Wiring::new().with(1_u8).with(2_u8).with("shop");
        assert_eq!(*wiring.get::<u8>().unwrap(), 2);
        assert_eq!(*wiring.get_arc::<&str>().unwrap(), "shop");
        let missing = wiring.get::<u64>().unwrap_err();
        assert!(missing.operator_detail().contains("u64"), "{missing}");
    }
}

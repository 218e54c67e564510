//! What an endpoint asks for. What it hears is told in the stories.

use super::kinds::{TEST, Wanted};

#[test]
fn an_endpoint_hears_what_it_wants_and_every_test() {
    let some = Wanted::parse(&["order.paid".to_owned(), "order.placed".to_owned()]).unwrap();
    assert!(some.wants("order.paid") && some.wants(TEST) && !some.wants("order.changed"));
    assert_eq!(Wanted::from_stored(&some.stored()), some);
    let all = Wanted::parse(&[]).unwrap();
    assert!(all.wants("order.changed") && all.wants("of.a.later.version"));
    assert_eq!((Wanted::from_stored(&all.stored()), all.list()), (all, Vec::new()));
    assert!(Wanted::parse(&["order.lost".to_owned()]).is_err());
}

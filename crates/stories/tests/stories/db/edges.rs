//! What an experiment may do at the two sides of a commit, and what it finds afterwards.

use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use db::{Db, Edge, Edges, Fault, Mode, Options};
use kernel::Kind;

use super::kit;

/// One fault, at one side of the next write of this name.
struct Once(Mutex<Option<(Edge, Fault)>>);

impl Edges for Once {
    fn at(&self, name: &'static str, edge: Edge) -> Option<Fault> {
        let mut planned = self.0.lock().unwrap();
        let is_now = name == "insert" && planned.is_some_and(|(at, _)| at == edge);
        if is_now { planned.take().map(|(_, fault)| fault) } else { None }
    }
}

fn opened(edge: Edge, fault: Fault) -> Db {
    let edges: Arc<dyn Edges> = Arc::new(Once(Mutex::new(Some((edge, fault)))));
    let url = db::DatabaseUrl::Memory;
    let db = Db::open(&url, Options { mode: Mode::Inline, edges: Some(edges), ..kit::options() }).unwrap();
    db.migrate(kit::MIGRATIONS).unwrap();
    db
}

#[tokio::test]
async fn a_commit_that_fails_writes_nothing_and_one_without_an_answer_writes_all() {
    for (edge, kind, stored) in
        [(Edge::Before, Kind::Unavailable, None), (Edge::After, Kind::OutcomeUnknown, Some(1))]
    {
        let db = opened(edge, Fault::Error);
        assert_eq!(kit::insert(&db, "a", 1).await.unwrap_err().kind(), kind);
        assert_eq!(kit::number(&db, "a").await, stored, "{edge:?}");
        kit::insert(&db, "b", 2).await.unwrap();
    }
}

#[tokio::test]
async fn a_process_that_dies_leaves_what_is_durable_and_answers_nobody() {
    for (edge, stored) in [(Edge::Before, None), (Edge::After, Some(1))] {
        let db = opened(edge, Fault::Crash);
        let mut context = Context::from_waker(Waker::noop());
        let mut cut_off = Box::pin(kit::insert(&db, "a", 1));
        assert!(matches!(cut_off.as_mut().poll(&mut context), Poll::Pending));
        assert!(matches!(cut_off.as_mut().poll(&mut context), Poll::Pending), "nor later");
        let mut later = Box::pin(kit::insert(&db, "b", 2));
        assert!(matches!(later.as_mut().poll(&mut context), Poll::Pending), "the dead do nothing");
        drop((cut_off, later));
        let next = db.clone().hand_on(kit::options()).unwrap();
        assert_eq!(
            (kit::number(&next, "a").await, kit::number(&next, "b").await),
            (stored, None),
            "{edge:?}"
        );
        kit::insert(&next, "b", 2).await.unwrap();
        assert_eq!(kit::insert(&db, "c", 3).await.unwrap_err().kind(), Kind::Unavailable, "it was handed on");
    }
}

#[tokio::test]
async fn a_twin_begins_with_the_same_rows_and_goes_its_own_way() {
    let options = Options { mode: Mode::Inline, ..kit::options() };
    let db = Db::open(&db::DatabaseUrl::Memory, options).unwrap();
    db.migrate(kit::MIGRATIONS).unwrap();
    kit::insert(&db, "a", 1).await.unwrap();
    let twin = db.twin().unwrap();
    kit::insert(&twin, "b", 2).await.unwrap();
    kit::insert(&db, "c", 3).await.unwrap();
    for (which, b, c) in [(&twin, Some(2), None), (&db, None, Some(3))] {
        assert_eq!(kit::number(which, "a").await, Some(1));
        assert_eq!((kit::number(which, "b").await, kit::number(which, "c").await), (b, c));
    }
    assert!(twin.migrate(kit::MIGRATIONS).unwrap().ran.is_empty(), "its schema is whole");
}

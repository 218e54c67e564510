//! The same random operations give the same answers on both engines.

use db::{Cell, Db, Engine, Query, Value};
use kernel::{Dice, Kind};

use super::kit::{
    ALL_OPS, CLAIM_OP, DELETE_OPS, INSERT_OP, Place, SUM_OPS, UPDATE_OPS, UPSERT_OP, WINDOW_OPS,
};

/// One operation: a query and its parameters, owned so that a closure may run twice.
#[derive(Clone, Debug)]
struct Op {
    query: &'static Query,
    returns: bool,
    params: Vec<Cell>,
}

/// What an operation did, in words that can be compared.
type Outcome = Result<(u64, Vec<Vec<Cell>>), (Kind, &'static str)>;

fn throw(dice: &mut Dice) -> Op {
    let id = text(dice, 3);
    let op = |query, returns, params| Op { query, returns, params };
    match dice.below(12) {
        0..3 => op(&INSERT_OP, false, vec![id, word(dice), number(dice)]),
        3..5 => op(&CLAIM_OP, true, vec![id, word(dice), number(dice)]),
        5..7 => op(&UPSERT_OP, true, vec![id, word(dice), number(dice)]),
        7 => op(&UPDATE_OPS, false, vec![text(dice, 1), text(dice, 2), Cell::Int(dice.below(9) as i64)]),
        8 => op(&DELETE_OPS, false, vec![Cell::Int(dice.below(20) as i64 - 60)]),
        9 => op(&SUM_OPS, true, vec![]),
        10 => op(&WINDOW_OPS, true, vec![Cell::Int(3), Cell::Int(dice.below(30) as i64)]),
        _ => op(&INSERT_OP, false, vec![Cell::Null, word(dice), number(dice)]),
    }
}

/// Letters that collations disagree about.
fn text(dice: &mut Dice, longest: u64) -> Cell {
    const LETTERS: [&str; 12] = ["a", "A", "b", "B", "ä", "Z", "z", "_", "-", "0", "é", "🍵"];
    let letters = (0..=dice.below(longest)).map(|_| LETTERS[dice.below(12) as usize]);
    Cell::Text(letters.collect())
}

fn word(dice: &mut Dice) -> Cell {
    if dice.below(4) == 0 { Cell::Null } else { text(dice, 1) }
}

fn number(dice: &mut Dice) -> Cell {
    if dice.below(4) == 0 { Cell::Null } else { Cell::Int(dice.below(100) as i64 - 50) }
}

fn value(cell: &Cell) -> Value<'_> {
    match cell {
        Cell::Null => Value::Null,
        Cell::Int(n) => Value::Int(*n),
        Cell::Text(text) => Value::Text(text),
        Cell::Bytes(bytes) => Value::Bytes(bytes),
    }
}

async fn outcome(db: &Db, op: Op) -> Outcome {
    let run = move |w: &mut db::Write<'_>| {
        let params: Vec<Value<'_>> = op.params.iter().map(value).collect();
        if op.returns {
            let rows = w.rows(op.query, &params)?;
            Ok((rows.len() as u64, rows.iter().map(|row| row.cells().to_vec()).collect()))
        } else {
            Ok((w.execute(op.query, &params)?, Vec::new()))
        }
    };
    db.write("op", run).await.map_err(|error| (error.kind(), error.code()))
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_answer_alike() {
    if !stories::postgres::wanted() {
        return;
    }
    let places = [Place::new(Engine::Sqlite), Place::new(Engine::Postgres)];
    let (sqlite, postgres) = (places[0].open(), places[1].open());
    let mut dice = Dice::seeded(0x7EA);
    for step in 0..3_000 {
        let op = throw(&mut dice);
        let (ours, theirs) = tokio::join!(outcome(&sqlite, op.clone()), outcome(&postgres, op.clone()));
        assert_eq!(ours, theirs, "step {step}: {op:?}");
    }
    let everything = Op { query: &ALL_OPS, returns: true, params: vec![] };
    let (ours, theirs) = tokio::join!(outcome(&sqlite, everything.clone()), outcome(&postgres, everything));
    assert_eq!(ours, theirs);
    assert!(ours.unwrap().0 > 100, "the comparison compared something");
}

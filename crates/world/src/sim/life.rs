//! Who lives, and what happens to them: decided by the dice before it begins.

use std::time::Duration;

use kernel::shop::{Policy, Pressure};
use kernel::{Channel, Dice, Timestamp};
use timeline::IncidentKind;

use super::agenda::Action;
use super::carrier::Carrier;
use super::post::Manners;
use super::scene::Scene;
use super::shop::Shop;
use crate::letters::{LATER, NOTICE, OFFER, QUESTION, TIP};
use crate::people::{Person, people};
use crate::shopping::{Moment, eighteen_months};
use crate::throws::pick;

/// What may be written to somebody beside what belongs to their orders; marketing most of all.
const SAYS: [&str; 6] = [OFFER, OFFER, OFFER, TIP, QUESTION, LATER];
/// What can go wrong for them.
const TROUBLES: [IncidentKind; 3] =
    [IncidentKind::Late, IncidentKind::OpenConversation, IncidentKind::Damaged];
/// What people text.
const TEXTS: [&str; 4] = ["STOP", "STOP", "START", "HELP"];

/// The people, the shop, and how providers behave.
pub(crate) struct Life {
    pub(crate) people: Vec<Person>,
    pub(crate) shop: Shop,
    pub(crate) carrier: Carrier,
    pub(crate) policy: Policy,
    pub(crate) mail: Manners,
    pub(crate) texts: Manners,
    pub(crate) ends: Timestamp,
}

impl Life {
    /// Everything that is to come within `days`.
    pub(crate) fn begun(scene: &Scene, dice: &mut Dice, days: u32) -> Self {
        let (begins, span) = (scene.now(), Duration::from_secs(u64::from(days) * 86_400));
        let ends = begins + span;
        let many = 8 + dice.below(10) as usize;
        let people = people(many, dice);
        let moments = eighteen_months(&people, begins, ends, dice);
        let moments: Vec<Moment> = moments.into_iter().filter(|moment| moment.at <= ends).collect();
        let carrier = Carrier::of(&moments, &mut dice.fork());
        let shop = Shop::of(moments, &carrier);
        let loses = *pick(dice, &[0, 5, 40]);
        shop.plan(scene, loses);
        carrier.plan(scene);
        let policy = policy(dice);
        let (mail, texts) = (manners(dice, begins, span), manners(dice, begins, span));
        let life = Life { people, shop, carrier, policy, mail, texts, ends };
        life.plan(scene, dice, begins, span);
        life
    }

    fn plan(&self, scene: &Scene, dice: &mut Dice, begins: Timestamp, span: Duration) {
        let some_day = |dice: &mut Dice| begins + Duration::from_millis(dice.below(span.as_millis() as u64));
        let days = span.as_secs() / 86_400;
        for nth in 0..days {
            let (person, at) = (dice.below(self.people.len() as u64) as usize, some_day(dice));
            let template = if nth == 0 { NOTICE } else { pick(dice, &SAYS) };
            scene.agenda.add(at, Action::Say { person, template, nth: nth as u32 });
        }
        for nth in 0..days.div_ceil(8) {
            let (person, at) = (dice.below(self.people.len() as u64) as usize, some_day(dice));
            let body = pick::<&str>(dice, &TEXTS);
            scene.agenda.add(at, Action::Text { person, body, nth: nth as u32 });
            let (person, at) = (dice.below(self.people.len() as u64) as usize, some_day(dice));
            scene.agenda.add(at, Action::SignIn { person });
            let (person, kind, at) =
                (dice.below(self.people.len() as u64) as usize, *pick(dice, &TROUBLES), some_day(dice));
            scene.agenda.add(at, Action::Open { person, kind });
            let lasts = Duration::from_secs(dice.below(12 * 86_400));
            scene.agenda.add(at + lasts, Action::Close { person, kind });
        }
        for _ in 0..dice.below(4) {
            let at = some_day(dice);
            scene.agenda.add(at, Action::Kill);
        }
    }
}

fn policy(dice: &mut Dice) -> Policy {
    Policy {
        default_channel: if dice.below(4) == 0 { Channel::Sms } else { Channel::Email },
        pressure: Pressure { messages: 2 + dice.below(4) as u32, days: 7 },
        holdout_percent: *pick(dice, &[0, 10, 30]),
        ..Policy::default()
    }
}

fn manners(dice: &mut Dice, begins: Timestamp, span: Duration) -> Manners {
    let away = (0..dice.below(3)).map(|_| {
        let from = begins + Duration::from_millis(dice.below(span.as_millis() as u64));
        (from, from + Duration::from_secs(600 + dice.below(30_000)))
    });
    Manners {
        away: away.collect(),
        defers: *pick(dice, &[0, 3, 15]),
        busy: *pick(dice, &[0, 2, 5]),
        rejects: *pick(dice, &[0, 0, 2]),
        takes_silently: *pick(dice, &[0, 2, 8]),
        hangs: *pick(dice, &[0, 2, 8]),
    }
}

//! Drag: what a part of a critical path adds to its end with everything else fixed.
//!
//! The record is taken as a graph. A wait that somebody else's doing ended is over when that is done, and not before it
//! began; every other wait takes as long as it took. Some pieces are given no length, and all instants are computed
//! again: the stage is then ready when the last of its subjects is, so the drag of pieces is at most their length, or
//! else the gap to the next-latest parallel path. Nothing is simulated, and who is served in which order stays as it
//! was: what the record has only one releaser for is released by the same.
//!
//! Source: S. Devaux, "Total Project Control" (1999); CRISP (USENIX ATC 2022) and google/calligator compute it from
//! traces.

use super::{Chains, PathPiece, last_ready};
use crate::model::record::{Record, Stage, StageKind, Subject};
use crate::time::{Span, Time};
use std::collections::BTreeMap;

/// More steps without a wait are no chain.
const STEPS_MAX: usize = 64;

/// The instants of a record, to be computed again without some pieces.
#[derive(Debug)]
pub struct Retiming<'r> {
    chains: Chains<'r>,
    /// By wait.
    links: Vec<Dependence>,
    /// The waits, each after those that it depends on.
    order: Vec<usize>,
    /// By stage: when it was ready, and the instants that its readiness waits for; absent where it never was.
    ends: Vec<Option<(Time, Vec<Moment>)>>,
}

/// What a wait depends on.
#[derive(Debug)]
struct Dependence {
    begins: Moment,
    /// Of what somebody else's doing ended.
    ends: Option<Moment>,
}

/// An instant: so long after a place in a wait, or after t = 0.
#[derive(Clone, Debug, Default)]
struct Moment {
    wait: Option<(usize, Time)>,
    lag: Span,
    /// The pieces of a path that can lie in `lag`, by who waits and their beginning.
    parts: Vec<(Subject, Time)>,
}

/// How much shorter pieces are, by who waits and their beginning.
type Cuts = BTreeMap<(Subject, Time), Span>;

impl<'r> Retiming<'r> {
    /// Of a record with its waits.
    pub fn of(record: &'r Record) -> Self {
        let chains = Chains::of(record);
        let link = |place: usize| {
            let wait = chains.waits.at(place);
            let blocker = chains.blocker(Some(wait), wait.to);
            Dependence {
                begins: chains.anchor(wait.subject, wait.from),
                ends: blocker.map(|blocker| chains.anchor(blocker, wait.to)),
            }
        };
        let mut links: Vec<Dependence> = (0..chains.waits.len()).map(link).collect();
        let froms: Vec<Time> = (0..chains.waits.len()).map(|place| chains.waits.at(place).from).collect();
        let order = in_order(&mut links, &froms);
        let ends = record.stages.iter().enumerate();
        let ends = ends.map(|(place, stage)| chains.end_of(record, place, stage)).collect();
        Self { chains, links, order, ends }
    }

    /// How much sooner a stage would be ready if these pieces of its path took no time.
    pub fn drag<'p>(&self, stage: usize, pieces: impl Iterator<Item = &'p PathPiece>) -> Span {
        let Some((ready, last)) = &self.ends[stage] else { return Span::ZERO };
        let mut cuts = Cuts::new();
        let mut whole = Span::ZERO;
        for piece in pieces {
            *cuts.entry((piece.subject, piece.from)).or_default() += piece.length();
            whole += piece.length();
        }
        let times = self.times(&cuts, &self.own(&cuts));
        let end = last.iter().map(|anchor| self.at(anchor, &times, &cuts)).max().unwrap_or_default();
        ready.since(end).min(whole)
    }

    /// By wait: how much shorter it is itself.
    fn own(&self, cuts: &Cuts) -> Vec<Span> {
        let mut own = vec![Span::ZERO; self.links.len()];
        for (&(subject, from), &length) in cuts {
            let place = self.chains.waits.place_before(subject, from + Span::from_nanos(1));
            if let Some(place) = place.filter(|place| self.chains.waits.at(*place).from == from) {
                own[place] = length;
            }
        }
        own
    }

    /// By wait: when it begins and ends.
    fn times(&self, cuts: &Cuts, own: &[Span]) -> Vec<(Time, Time)> {
        let mut times = vec![(Time::ZERO, Time::ZERO); self.links.len()];
        for &place in &self.order {
            let (wait, link) = (self.chains.waits.at(place), &self.links[place]);
            let begins = self.at(&link.begins, &times, cuts);
            let ends = match &link.ends {
                Some(ends) => begins.max(self.at(ends, &times, cuts)),
                None => begins + (wait.to - wait.from).saturating_sub(own[place]),
            };
            times[place] = (begins, ends);
        }
        times
    }

    fn at(&self, anchor: &Moment, times: &[(Time, Time)], cuts: &Cuts) -> Time {
        let base = anchor.wait.map_or(Time::ZERO, |(place, at)| {
            let (wait, (begins, ends)) = (self.chains.waits.at(place), times[place]);
            if at >= wait.to { ends } else { ends.min(begins + (at - wait.from)) }
        });
        base + anchor.lag.saturating_sub(cut(cuts, &anchor.parts))
    }
}

impl Moment {
    /// With each of its parts once.
    fn tidy(mut self) -> Self {
        self.parts.sort_unstable();
        self.parts.dedup();
        self
    }
}

fn cut(cuts: &Cuts, pieces: &[(Subject, Time)]) -> Span {
    pieces.iter().filter_map(|piece| cuts.get(piece)).fold(Span::ZERO, |sum, length| sum + *length)
}

impl Chains<'_> {
    /// What an instant in the life of a subject depends on.
    fn anchor(&self, mut subject: Subject, mut at: Time) -> Moment {
        let mut anchor = Moment::default();
        for _ in 0..STEPS_MAX {
            if let Some(place) = self.waits.place_before(subject, at) {
                let wait = self.waits.at(place);
                if wait.to < at {
                    anchor.lag += at - wait.to;
                    anchor.parts.push((subject, wait.to));
                }
                anchor.wait = Some((place, at.min(wait.to)));
                return anchor.tidy();
            }
            if let Some(node) = self.node_of(subject, None, at) {
                subject = node;
                continue;
            }
            let Some(origin) = self.origin(subject) else { break };
            let begun = origin.begun.min(at);
            let since = origin.since.min(begun);
            anchor.lag += at - since;
            anchor.parts.extend([(subject, begun), (subject, since)]);
            at = since;
            let Some(by) = origin.by else { break };
            subject = by;
        }
        // What was before is not known: it stays where it is.
        anchor.lag += at.since(Time::ZERO);
        anchor.parts.push((subject, Time::ZERO));
        anchor.tidy()
    }

    /// When a stage was ready, and the instants at which those became Ready that were so then.
    fn end_of(&self, record: &Record, place: usize, stage: &Stage) -> Option<(Time, Vec<Moment>)> {
        let (_, ready) = last_ready(record, place, stage)?;
        let mut since: BTreeMap<Subject, Time> = BTreeMap::new();
        let until_then = record.transitions.iter().filter(|change| change.stage.index() == place);
        for change in until_then.take_while(|change| change.at <= ready) {
            if change.ready {
                since.insert(change.subject, change.at);
            } else {
                since.remove(&change.subject);
            }
        }
        debug_assert!(stage.kind != StageKind::ScaleDown, "it has no path");
        Some((ready, since.into_iter().map(|(subject, at)| self.anchor(subject, at)).collect()))
    }
}

/// The waits, which began at `froms`, so that each comes after those that it depends on; of two that depend on each
/// other one is said to take as long as it took, or to begin where it did.
fn in_order(links: &mut [Dependence], froms: &[Time]) -> Vec<usize> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; links.len()];
    let mut order = Vec::with_capacity(links.len());
    for first in 0..links.len() {
        let mut open = vec![first];
        while let Some(&place) = open.last() {
            if states[place] == State::Done {
                open.pop();
                continue;
            }
            states[place] = State::Open;
            let of = |anchor: &Moment| anchor.wait.map(|(place, _)| place);
            let begins = of(&links[place].begins);
            let ends = links[place].ends.as_ref().and_then(of);
            let is_open = |needs: Option<usize>| needs.is_some_and(|needs| states[needs] == State::Open);
            if is_open(ends) {
                links[place].ends = None;
                continue;
            }
            if is_open(begins) {
                links[place].begins = Moment { wait: None, lag: froms[place].since(Time::ZERO), parts: Vec::new() };
                continue;
            }
            let missing = [begins, ends].into_iter().flatten().find(|&needs| states[needs] == State::New);
            if let Some(needs) = missing {
                open.push(needs);
            } else {
                states[place] = State::Done;
                order.push(place);
                open.pop();
            }
        }
    }
    order
}

//! Bandwidth of links, shared by the transfers that pass them.

mod class;
mod course;
mod link;

use super::attained::Attained;
use super::slots::{SlotKey, Slots};
use crate::time::Time;
use class::{Class, Finish};
use link::Link;

const NANOS_PER_SECOND: f64 = 1e9;

/// Names one transfer while it is in flight; afterwards it is stale and harmless, for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TransferKey(SlotKey);

/// One of the links: its place among the capacities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u16);

/// The links that a transfer passes, each once, in any order.
pub type Route = [Option<LinkId>; 2];

/// Links whose capacities the transfers in flight share max-min fairly. Each transfer passes up to two of them: all get
/// the same rate, except that none gets more than its own cap, and none more than its share of a link that is full;
/// what these leave goes to the others. So the rate of a transfer below its cap cannot be raised without lowering
/// that of one which is no faster (Bertsekas and Gallager, *Data Networks*, 6.5.2).
///
/// Sizes are in any unit (bytes, say), capacities and caps in that unit per second. The links are passive: whenever
/// something changes, the caller schedules an event for [`next_completion`](Self::next_completion), and there calls
/// [`take_completed`](Self::take_completed) until nothing comes. A completion must be taken at its instant, before time
/// goes on.
///
/// Transfers with the same cap and the same links form a class, and in a class all have attained the same service since
/// they met; so an operation takes O(log n) for n transfers, plus O(c) for c such classes among them. What a class has
/// attained over time is kept as long as one of its transfers can ask for it: see [`passed`](Self::passed).
///
/// ```
/// use scaleup::engine::{LinkId, SharedLinks};
/// use scaleup::time::Time;
///
/// // Two servers of 10 MB/s each behind one gateway of 12 MB/s.
/// let mut links = SharedLinks::new([10.0, 10.0, 12.0]);
/// let [first, second, gateway] = [0, 1, 2].map(|link| Some(LinkId(link)));
/// links.start(Time::ZERO, "through both", 12.0, f64::INFINITY, [first, gateway]);
/// links.start(Time::ZERO, "capped", 4.0, 4.0, [second, gateway]);
/// let now = links.next_completion().expect("two are in flight");
/// assert_eq!((now, links.take_completed(now)), (Time::from_secs_f64(1.0), Some("capped")));
/// let now = links.next_completion().expect("one is in flight");
/// assert_eq!(now, Time::from_secs_f64(1.4), "8 MB in the first second, then 10 MB/s");
/// ```
#[derive(Clone, Debug)]
pub struct SharedLinks<J> {
    links: Vec<Link>,
    /// In ascending order of caps; none is empty.
    classes: Vec<Class>,
    /// Of classes that are gone: their memory is used again.
    spare: Vec<Class>,
    transfers: Slots<Transfer<J>>,
    in_flight: usize,
    /// What all transfers have got in classes that are gone.
    carried: f64,
    /// The instant of the last change.
    updated: Time,
    next_completion: Option<Time>,
    next_order: u64,
}

#[derive(Clone, Debug)]
struct Transfer<J> {
    job: J,
    cap_per_s: f64,
    route: Route,
    finish: Finish,
}

impl<J> SharedLinks<J> {
    /// Idle links of these capacities, which may be infinite.
    ///
    /// # Panics
    /// When a capacity is negative or not a number.
    #[track_caller]
    pub fn new(capacities_per_s: impl IntoIterator<Item = f64>) -> Self {
        let link = |capacity_per_s| {
            assert!(capacity_per_s >= 0.0, "a capacity of {capacity_per_s} per second has no meaning");
            Link::idle(capacity_per_s)
        };
        Self {
            links: capacities_per_s.into_iter().map(link).collect(),
            classes: Vec::new(),
            spare: Vec::new(),
            transfers: Slots::new(),
            in_flight: 0,
            carried: 0.0,
            updated: Time::ZERO,
            next_completion: None,
            next_order: 0,
        }
    }

    /// Starts a transfer of `size` over the links of `route` that gets at most `cap_per_s`, which may be infinite, or
    /// zero for a transfer that rests.
    ///
    /// With infinite capacities and cap it is complete at once.
    ///
    /// # Panics
    /// When the size is negative or not finite, the cap negative or not a number, a link not there, `now` in the past,
    /// or a completion before `now` not taken.
    #[track_caller]
    pub fn start(&mut self, now: Time, job: J, size: f64, cap_per_s: f64, route: Route) -> TransferKey {
        assert!(size >= 0.0 && size.is_finite(), "a size of {size} has no meaning");
        assert_cap(cap_per_s);
        self.advance(now);
        // A link without limit holds nobody up, and so makes no class of its own.
        let route = route.map(|link| link.filter(|&link| self.links[place(link)].capacity_per_s.is_finite()));
        let key = self.transfers.insert(Transfer { job, cap_per_s, route, finish: (Attained::ZERO, 0) });
        self.in_flight += 1;
        self.enter_class(key, cap_per_s, size);
        self.share_out();
        TransferKey(key)
    }

    /// Gives a transfer in flight another cap, with which the rest of it goes on; a stale key does nothing.
    ///
    /// # Panics
    /// When the cap is negative or not a number, `now` in the past, or a completion before `now` not taken.
    #[track_caller]
    pub fn set_cap(&mut self, now: Time, key: TransferKey, cap_per_s: f64) {
        assert_cap(cap_per_s);
        self.advance(now);
        if let Some(remaining) = self.leave_class(key.0) {
            self.enter_class(key.0, cap_per_s, remaining);
            self.share_out();
        }
    }

    /// Takes a transfer away before it is complete: its job and what is left of its size. A stale key gives nothing.
    ///
    /// # Panics
    /// When `now` is in the past, or a completion before `now` not taken.
    #[track_caller]
    pub fn abort(&mut self, now: Time, key: TransferKey) -> Option<(J, f64)> {
        self.advance(now);
        let remaining = self.leave_class(key.0)?;
        let job = self.remove(key.0)?;
        Some((job, remaining))
    }

    /// When the next transfer completes if nothing changes until then, rounded up to a whole nanosecond.
    pub const fn next_completion(&self) -> Option<Time> {
        self.next_completion
    }

    /// The transfer that [`take_completed`](Self::take_completed) would take out now.
    ///
    /// # Panics
    /// When `now` is in the past, or a completion before `now` not taken.
    #[track_caller]
    pub fn first_completed(&mut self, now: Time) -> Option<(TransferKey, &J)> {
        self.advance(now);
        let class = self.classes.iter().find(|class| class.is_due(now))?;
        let (_, &(key, _)) = class.finishes.first_key_value()?;
        Some((TransferKey(key), &self.transfers.get(key)?.job))
    }

    /// Takes out a transfer that is complete at `now`. To be called until nothing comes, as the last step may complete
    /// others.
    ///
    /// Of several complete at one instant, those with smaller caps come first.
    ///
    /// # Panics
    /// When `now` is in the past, or a completion before `now` not taken.
    #[track_caller]
    pub fn take_completed(&mut self, now: Time) -> Option<J> {
        let (key, _) = self.first_completed(now)?;
        self.take(key)
    }

    /// Takes out the transfer that [`first_completed`](Self::first_completed) has just shown.
    pub fn take(&mut self, TransferKey(key): TransferKey) -> Option<J> {
        self.leave_class(key)?;
        self.remove(key)
    }

    /// Tells when a transfer had no more than so much of its size to go, rounded to the nearest nanosecond; nothing if
    /// that is not so by `now`, or if the key is stale.
    ///
    /// Only what has moved under its present cap is known: what is passed before then counts as passed at its change.
    /// Each answer takes O(log m) for m changes of the rate while the oldest transfer of the class is in flight.
    pub fn passed(&self, now: Time, key: TransferKey) -> impl Fn(f64) -> Option<Time> {
        let found = self.transfers.get(key.0).and_then(|transfer| {
            let class = &self.classes[self.find(transfer.cap_per_s, transfer.route)?];
            let (_, since) = *class.finishes.get(&transfer.finish)?;
            Some((&class.course, transfer.finish.0, since))
        });
        move |left| {
            let (course, finish, since) = found?;
            course.reached(finish.plus(-left), now).map(|at| at.max(since))
        }
    }

    /// How much all transfers have got by now, those that were aborted included, at finite rates: what each got while
    /// it was in flight, whatever its size.
    pub fn carried(&self, now: Time) -> f64 {
        self.carried + self.classes.iter().map(|class| class.carried(now)).sum::<f64>()
    }

    /// How much of that passed each link; nothing is known of those without limit.
    pub fn carried_over(&self, now: Time) -> Vec<f64> {
        let mut carried: Vec<f64> = self.links.iter().map(|link| link.carried).collect();
        for class in &self.classes {
            class.links().for_each(|link| carried[link] += class.carried(now));
        }
        carried
    }

    /// How many transfers were started and neither taken when complete nor aborted.
    pub const fn in_flight(&self) -> usize {
        self.in_flight
    }

    #[track_caller]
    fn advance(&mut self, now: Time) {
        assert!(now >= self.updated, "a link cannot go back in time");
        assert!(
            self.next_completion.is_none_or(|due| now <= due),
            "a transfer that was complete before now was not taken"
        );
        self.updated = now;
        if self.next_completion == Some(now) {
            self.classes.iter_mut().filter(|class| class.is_due(now)).for_each(|class| class.complete(now));
        }
    }

    /// The place of a class. They are few, and each operation goes through all of them anyway.
    fn find(&self, cap_per_s: f64, route: Route) -> Option<usize> {
        let cap = cap_per_s.to_bits();
        self.classes.iter().position(|class| class.cap_per_s.to_bits() == cap && class.route == route)
    }

    /// Puts a transfer into the class of its cap and links, with `remaining` to go.
    fn enter_class(&mut self, key: SlotKey, cap_per_s: f64, remaining: f64) {
        let Some(route) = self.transfers.get(key).map(|transfer| transfer.route) else { return };
        let now = self.updated;
        let place = self.find(cap_per_s, route).unwrap_or_else(|| {
            let comes_before =
                |class: &Class| class.cap_per_s.total_cmp(&cap_per_s).then_with(|| class.route.cmp(&route)).is_lt();
            let place = self.classes.partition_point(comes_before);
            let class = self.spare.pop().unwrap_or_default();
            self.classes.insert(place, class.begin(cap_per_s, route, now));
            place
        });
        let class = &mut self.classes[place];
        class.links().for_each(|link| self.links[link].enter());
        let finish = (class.count(now).plus(remaining), self.next_order);
        self.next_order += 1;
        class.finishes.insert(finish, (key, now));
        class.changed = true;
        if let Some(transfer) = self.transfers.get_mut(key) {
            (transfer.cap_per_s, transfer.finish) = (cap_per_s, finish);
        }
    }

    /// Takes a transfer out of its class and says how much of it is left.
    fn leave_class(&mut self, key: SlotKey) -> Option<f64> {
        let transfer = self.transfers.get(key)?;
        let place = self.find(transfer.cap_per_s, transfer.route)?;
        let class = &mut self.classes[place];
        let attained = class.count(self.updated);
        class.finishes.remove(&transfer.finish)?;
        class.links().for_each(|link| self.links[link].leave());
        class.changed = true;
        let remaining = transfer.finish.0.minus(attained).max(0.0);
        if class.finishes.is_empty() {
            let class = self.classes.remove(place);
            let carried = class.carried(self.updated);
            self.carried += carried;
            class.links().for_each(|link| self.links[link].carried += carried);
            self.spare.push(class);
        }
        Some(remaining)
    }

    fn remove(&mut self, key: SlotKey) -> Option<J> {
        let transfer = self.transfers.remove(key)?;
        self.in_flight -= 1;
        self.share_out();
        Some(transfer.job)
    }

    /// Gives every class its rate. Most often no link is full: each class has its cap.
    fn share_out(&mut self) {
        let level = least(self.links.iter().map(|link| link.share_of_all_per_s));
        if self.classes.iter().all(|class| class.cap_per_s <= level) {
            self.classes.iter_mut().for_each(|class| class.go_on(self.updated, class.cap_per_s));
        } else {
            self.fill();
        }
        debug_assert!(self.is_within_capacities(), "a link carries more than it can");
        self.next_completion = self.classes.iter().filter_map(|class| class.due).min();
    }

    fn is_within_capacities(&self) -> bool {
        let rate_over = |link: usize| -> f64 {
            let passing = self.classes.iter().filter(|class| class.links().any(|passed| passed == link));
            passing.map(|class| class.finishes.len() as f64 * class.course.rate_per_s()).sum()
        };
        (0..self.links.len()).all(|link| rate_over(link) <= self.links[link].capacity_per_s * (1.0 + 1e-9))
    }

    /// Fills the classes with capacity like basins with water, all to the same level: a class is full at its cap, and
    /// so are the classes of a link whose capacity is used up.
    fn fill(&mut self) {
        let mut open = self.classes.len();
        self.links.iter_mut().for_each(Link::begin_to_share);
        self.classes.iter_mut().for_each(|class| class.settled = false);
        while open > 0 {
            let level = least(self.links.iter().map(Link::share));
            self.links.iter_mut().for_each(|link| link.full = link.sharers > 0 && link.share() <= level);
            let mut settled = self.settle(level, |class, _| class.cap_per_s <= level);
            if settled == 0 {
                settled = self.settle(level, |class, links| class.links().any(|link| links[link].full));
            }
            open -= settled;
        }
    }

    /// Gives the classes that are full at this level their rate, and says how many.
    fn settle(&mut self, level: f64, is_full: impl Fn(&Class, &[Link]) -> bool) -> usize {
        let mut settled = 0;
        for class in &mut self.classes {
            if class.settled || !is_full(class, &self.links) {
                continue;
            }
            let (rate_per_s, members) = (class.cap_per_s.min(level), class.finishes.len());
            class.go_on(self.updated, rate_per_s);
            for link in class.links() {
                let link = &mut self.links[link];
                link.left_per_s = (link.left_per_s - members as f64 * rate_per_s).max(0.0);
                link.sharers -= members;
            }
            settled += 1;
        }
        settled
    }
}

/// The least of numbers; not by `f64::min`, which takes several times as long to see to what is no number.
fn least(numbers: impl Iterator<Item = f64>) -> f64 {
    numbers.fold(f64::INFINITY, |least, number| if number < least { number } else { least })
}

fn place(link: LinkId) -> usize {
    usize::from(link.0)
}

#[track_caller]
fn assert_cap(cap_per_s: f64) {
    assert!(cap_per_s >= 0.0, "a cap of {cap_per_s} per second has no meaning");
}

#[cfg(test)]
mod tests;

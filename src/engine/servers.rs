//! Identical servers behind one line.

use std::collections::VecDeque;

/// A number of servers with one first-come, first-served line in front of them.
///
/// It is passive: the caller schedules the end of each service and calls [`leave`](Self::leave) then.
///
/// ```
/// use scaleup::engine::Servers;
///
/// let mut clerks = Servers::new(1);
/// assert_eq!(clerks.arrive("Ada"), Some("Ada"), "served at once: schedule the end of her service");
/// assert_eq!(clerks.arrive("Ben"), None, "waits in line");
/// assert_eq!(clerks.leave(), Some("Ben"), "Ada leaves, and Ben's service starts");
/// assert_eq!((clerks.leave(), clerks.busy()), (None, 0));
/// ```
#[derive(Clone, Debug)]
pub struct Servers<J> {
    count: u32,
    busy: u32,
    line: VecDeque<J>,
}

impl<J> Servers<J> {
    /// `servers` idle servers and nobody waiting.
    ///
    /// # Panics
    /// When `servers` is zero: nothing would ever be served.
    #[track_caller]
    pub const fn new(servers: u32) -> Self {
        assert!(servers > 0, "there must be at least one server");
        Self { count: servers, busy: 0, line: VecDeque::new() }
    }

    /// A job arrives. It is handed back when its service starts now, otherwise it waits in line.
    pub fn arrive(&mut self, job: J) -> Option<J> {
        if self.busy < self.count {
            self.busy += 1;
            Some(job)
        } else {
            self.line.push_back(job);
            None
        }
    }

    /// A service ends. The next job in line is handed out: its service starts now, on the server that became free.
    ///
    /// # Panics
    /// When no server is busy.
    #[track_caller]
    pub fn leave(&mut self) -> Option<J> {
        assert!(self.busy > 0, "a job leaves although no server is busy");
        let next = self.line.pop_front();
        if next.is_none() {
            self.busy -= 1;
        }
        next
    }

    /// A job that waits in line gives up; `false` where it does not wait. Takes as long as it stands far from the
    /// head of the line, where jobs that all give up after the same time are.
    pub fn give_up(&mut self, job: &J) -> bool
    where
        J: PartialEq,
    {
        let place = self.line.iter().position(|waiting| waiting == job);
        place.and_then(|place| self.line.remove(place)).is_some()
    }

    /// How many servers are serving.
    pub const fn busy(&self) -> u32 {
        self.busy
    }

    /// How many jobs stand in line.
    pub fn waiting(&self) -> usize {
        self.line.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_served_in_the_order_in_which_they_came() {
        let mut servers = Servers::new(2);
        assert_eq!(servers.arrive('a'), Some('a'));
        assert_eq!(servers.arrive('b'), Some('b'));
        assert_eq!(servers.arrive('c'), None);
        assert_eq!(servers.arrive('d'), None);
        assert_eq!((servers.busy(), servers.waiting()), (2, 2));
        assert_eq!(servers.leave(), Some('c'));
        assert_eq!(servers.leave(), Some('d'));
        assert_eq!((servers.busy(), servers.waiting()), (2, 0));
        assert_eq!(servers.leave(), None);
        assert_eq!(servers.busy(), 1);
        assert_eq!(servers.arrive('e'), Some('e'));
    }

    #[test]
    fn who_gives_up_is_not_served_and_the_others_keep_their_order() {
        let mut servers = Servers::new(1);
        for job in ['a', 'b', 'c', 'd'] {
            servers.arrive(job);
        }
        assert!(servers.give_up(&'c') && !servers.give_up(&'c'), "a job gives up once");
        assert!(!servers.give_up(&'a'), "a job that is served does not wait");
        assert_eq!((servers.busy(), servers.waiting()), (1, 2));
        assert_eq!((servers.leave(), servers.leave(), servers.leave()), (Some('b'), Some('d'), None));
    }

    #[test]
    #[should_panic(expected = "no server is busy")]
    fn nobody_leaves_idle_servers() {
        Servers::<()>::new(1).leave();
    }
}

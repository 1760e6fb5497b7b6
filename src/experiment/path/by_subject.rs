//! The waits of a record by who waits, in the order of time: found without sorting, as there are many.

use crate::model::record::{Subject, Wait};
use crate::time::Time;

/// Waits by subject.
#[derive(Debug)]
pub(super) struct BySubject<'r> {
    waits: Vec<&'r Wait>,
    /// By subject, in dense numbers: where its waits begin; and the end of all.
    begins: Vec<u32>,
    numbers: Numbers,
}

/// How many nodes and `DaemonSet`s there are at most, for dense numbers.
#[derive(Clone, Copy, Debug, Default)]
struct Numbers {
    nodes: usize,
    sets: usize,
    replicas: usize,
}

impl<'r> BySubject<'r> {
    /// Of waits of which those of one subject are in the order of time, as records have them.
    pub(super) fn of(all: &'r [Wait]) -> Self {
        let numbers = all.iter().fold(Numbers::default(), Numbers::with);
        let mut begins = vec![0_u32; numbers.len() + 1];
        let place = |wait: &Wait| numbers.of(wait.subject).expect("it is counted");
        for wait in all {
            begins[place(wait) + 1] += 1;
        }
        for number in 1..begins.len() {
            begins[number] += begins[number - 1];
        }
        let mut next = begins.clone();
        let mut waits: Vec<&Wait> = all.iter().collect();
        for wait in all {
            let next = &mut next[place(wait)];
            waits[*next as usize] = wait;
            *next += 1;
        }
        let in_order = |pair: &[&Wait]| pair[0].subject != pair[1].subject || pair[0].from <= pair[1].from;
        debug_assert!(waits.windows(2).all(in_order), "a subject's waits are in the order of time");
        Self { waits, begins, numbers }
    }

    /// The place of the subject's last wait that begins before `at`.
    pub(super) fn place_before(&self, subject: Subject, at: Time) -> Option<usize> {
        let number = self.numbers.of(subject)?;
        let begin = self.begins[number] as usize;
        let own = &self.waits[begin..self.begins[number + 1] as usize];
        let before = own.partition_point(|wait| wait.from < at);
        before.checked_sub(1).map(|place| begin + place)
    }

    /// How many waits there are.
    pub(super) const fn len(&self) -> usize {
        self.waits.len()
    }

    /// The wait at a place.
    pub(super) fn at(&self, place: usize) -> &'r Wait {
        self.waits[place]
    }
}

impl Numbers {
    fn with(self, wait: &Wait) -> Self {
        let Self { nodes, sets, replicas } = self;
        match wait.subject {
            Subject::Node(node) => Self { nodes: nodes.max(node.index() + 1), ..self },
            Subject::DaemonSetPod(set, node) => {
                Self { nodes: nodes.max(node.index() + 1), sets: sets.max(set.index() + 1), ..self }
            }
            Subject::Replica(replica) => Self { replicas: replicas.max(replica.index() + 1), ..self },
        }
    }

    const fn len(self) -> usize {
        self.nodes * (1 + self.sets) + self.replicas
    }

    /// The number of a subject; `None` if it is beyond all that wait.
    fn of(self, subject: Subject) -> Option<usize> {
        let Self { nodes, sets, replicas } = self;
        match subject {
            Subject::Node(node) => Some(node.index()).filter(|&node| node < nodes),
            Subject::DaemonSetPod(set, node) => {
                let is_known = set.index() < sets && node.index() < nodes;
                is_known.then(|| nodes * (1 + set.index()) + node.index())
            }
            Subject::Replica(replica) => {
                let is_known = replica.index() < replicas;
                is_known.then(|| nodes * (1 + sets) + replica.index())
            }
        }
    }
}

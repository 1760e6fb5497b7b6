//! Pods that were Ready and are not, and should be again: not those of nodes that are removed or have gone.

use crate::model::record::NodeRecord;
use crate::time::Time;

/// The nodes that leave, in the order in which they do.
#[derive(Clone, Debug, Default)]
pub struct Leavers(Vec<(Time, u32)>);

impl Leavers {
    /// A node leaves when its removal begins, or when it fails or ends without one.
    pub fn of(nodes: &[NodeRecord]) -> Self {
        let when = |node: &NodeRecord| {
            let at = [node.removal, node.failed, node.terminated].into_iter().flatten().min()?;
            Some((at, node.number.0))
        };
        let mut leavers: Vec<(Time, u32)> = nodes.iter().filter_map(when).collect();
        leavers.sort_unstable();
        Self(leavers)
    }
}

/// Which pods of a stage are NotReady after having been Ready, and should come back.
#[derive(Debug)]
pub struct Lapses<'a> {
    /// Those that have not left yet.
    leavers: &'a [(Time, u32)],
    /// By subject.
    lapsed: Vec<bool>,
    left: Vec<bool>,
    now: u32,
}

impl<'a> Lapses<'a> {
    /// None yet. The subjects of a stage of `DaemonSet` pods are nodes; of others nothing leaves.
    pub fn new(leavers: Option<&'a Leavers>) -> Self {
        Self { leavers: leavers.map_or(&[], |leavers| &leavers.0), lapsed: Vec::new(), left: Vec::new(), now: 0 }
    }

    /// How many there are.
    pub const fn now(&self) -> u32 {
        self.now
    }

    /// The next node that leaves by then takes its pod along: when, and whether the pod had lapsed.
    pub fn leave(&mut self, by: Time) -> Option<(Time, bool)> {
        let (&(at, node), rest) = self.leavers.split_first().filter(|(leaver, _)| leaver.0 <= by)?;
        self.leavers = rest;
        *flag(&mut self.left, node) = true;
        let had = std::mem::take(flag(&mut self.lapsed, node));
        self.now -= u32::from(had);
        Some((at, had))
    }

    /// The pod is Ready.
    pub fn end(&mut self, subject: u32) {
        self.now -= u32::from(std::mem::take(flag(&mut self.lapsed, subject)));
    }

    /// The pod is NotReady: whether it should come back.
    pub fn begin(&mut self, subject: u32) -> bool {
        if *flag(&mut self.left, subject) {
            return false;
        }
        self.now += u32::from(!std::mem::replace(flag(&mut self.lapsed, subject), true));
        true
    }
}

fn flag(flags: &mut Vec<bool>, subject: u32) -> &mut bool {
    let place = subject as usize;
    if flags.len() <= place {
        flags.resize(place + 1, false);
    }
    &mut flags[place]
}

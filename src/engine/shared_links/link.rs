//! One link and its account of who passes it.

#[derive(Clone, Debug)]
pub(super) struct Link {
    pub capacity_per_s: f64,
    /// How many transfers pass it.
    pub members: usize,
    /// What each of them gets if all share it.
    pub share_of_all_per_s: f64,
    /// What passed it with transfers of classes that are gone.
    pub carried: f64,
    /// While capacity is shared out: what is left, and how many transfers have no rate yet.
    pub left_per_s: f64,
    pub sharers: usize,
    pub full: bool,
}

impl Link {
    pub fn idle(capacity_per_s: f64) -> Self {
        Self {
            capacity_per_s,
            members: 0,
            share_of_all_per_s: f64::INFINITY,
            carried: 0.0,
            left_per_s: 0.0,
            sharers: 0,
            full: false,
        }
    }

    pub fn enter(&mut self) {
        self.members += 1;
        self.share_of_all_per_s = share(self.capacity_per_s, self.members);
    }

    pub fn leave(&mut self) {
        self.members -= 1;
        self.share_of_all_per_s = share(self.capacity_per_s, self.members);
    }

    pub fn begin_to_share(&mut self) {
        (self.left_per_s, self.sharers) = (self.capacity_per_s, self.members);
    }

    /// What each transfer without a rate gets if they share what is left.
    pub fn share(&self) -> f64 {
        share(self.left_per_s, self.sharers)
    }
}

fn share(of_per_s: f64, sharers: usize) -> f64 {
    if sharers > 0 { of_per_s / sharers as f64 } else { f64::INFINITY }
}

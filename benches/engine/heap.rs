//! Events in a heap: what the standard library and a crate offer.

/// An event in a heap: the order is time, then number of insertion.
pub struct Ordered<E>(u128, pub E);

impl<E> Ordered<E> {
    pub fn at(&self) -> u64 {
        (self.0 >> 64) as u64
    }
}

impl<E> PartialEq for Ordered<E> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<E> Eq for Ordered<E> {}
impl<E> PartialOrd for Ordered<E> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<E> Ord for Ordered<E> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.0.cmp(&self.0)
    }
}

/// A heap with a counter.
#[derive(Default)]
pub struct Heap<H> {
    pub heap: H,
    pushed: u64,
}

impl<H> Heap<H> {
    pub fn order<E>(&mut self, at: u64, event: E) -> Ordered<E> {
        self.pushed += 1;
        Ordered(u128::from(at) << 64 | u128::from(self.pushed), event)
    }
}

//! Numbered places for values, with keys that go stale instead of naming somebody else's value.

use std::num::NonZeroU32;

const FIRST_GENERATION: NonZeroU32 = NonZeroU32::MIN;

/// Names one value of a [`Slots`] until that value is removed; afterwards it names nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct SlotKey {
    slot: u32,
    generation: NonZeroU32,
}

/// An arena: values in reusable slots, each use of a slot being one generation.
#[derive(Clone, Debug)]
pub(super) struct Slots<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
}

#[derive(Clone, Debug)]
struct Slot<T> {
    generation: NonZeroU32,
    value: Option<T>,
}

impl<T> Slots<T> {
    pub const fn new() -> Self {
        Self { slots: Vec::new(), free: Vec::new() }
    }

    /// Puts `value` into a free slot.
    ///
    /// # Panics
    /// Above 2^32 values at once.
    pub fn insert(&mut self, value: T) -> SlotKey {
        if let Some(slot) = self.free.pop() {
            let place = &mut self.slots[slot as usize];
            place.value = Some(value);
            return SlotKey { slot, generation: place.generation };
        }
        let slot = u32::try_from(self.slots.len()).expect("at most 2^32 values at once");
        self.slots.push(Slot { generation: FIRST_GENERATION, value: Some(value) });
        SlotKey { slot, generation: FIRST_GENERATION }
    }

    pub fn get(&self, key: SlotKey) -> Option<&T> {
        let place = self.slots.get(key.slot as usize)?;
        place.value.as_ref().filter(|_| place.generation == key.generation)
    }

    pub fn get_mut(&mut self, key: SlotKey) -> Option<&mut T> {
        let place = self.slots.get_mut(key.slot as usize)?;
        place.value.as_mut().filter(|_| place.generation == key.generation)
    }

    /// The value in a slot, whatever its key.
    pub fn at(&self, slot: u32) -> Option<&T> {
        self.slots.get(slot as usize)?.value.as_ref()
    }

    /// Takes the value out; its key is stale from now on.
    pub fn remove(&mut self, key: SlotKey) -> Option<T> {
        self.get(key)?;
        self.remove_at(key.slot)
    }

    /// Takes the value out of a slot; its key is stale from now on.
    pub fn remove_at(&mut self, slot: u32) -> Option<T> {
        let value = self.slots.get_mut(slot as usize)?.value.take()?;
        self.release(slot);
        Some(value)
    }

    /// Drops all values; their keys are stale from now on.
    pub fn clear(&mut self) {
        self.free.clear();
        for slot in (0..self.slots.len() as u32).rev() {
            self.slots[slot as usize].value = None;
            self.release(slot);
        }
    }

    /// The slot can be used again, except when its generations are used up: keys must never become valid again.
    fn release(&mut self, slot: u32) {
        let generation = &mut self.slots[slot as usize].generation;
        *generation = generation.saturating_add(1);
        if *generation < NonZeroU32::MAX {
            self.free.push(slot);
        }
    }
}

impl SlotKey {
    pub const fn slot(self) -> u32 {
        self.slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_stale_once_its_value_is_gone() {
        let mut slots = Slots::new();
        let first = slots.insert('a');
        assert_eq!(slots.remove(first), Some('a'));
        let second = slots.insert('b');
        assert_eq!(first.slot, second.slot);
        assert_eq!(slots.get(first), None);
        assert_eq!(slots.remove(first), None);
        assert_eq!(slots.get(second), Some(&'b'));
    }

    #[test]
    fn a_slot_retires_before_its_generations_repeat() {
        let mut slots = Slots::new();
        let key = slots.insert('a');
        slots.remove(key);
        slots.slots[0].generation = NonZeroU32::new(u32::MAX - 1).expect("not zero");
        let last = slots.insert('b');
        assert_eq!(slots.remove(last), Some('b'));
        assert_eq!(slots.insert('c').slot, 1);
        assert_eq!(slots.get(last), None);
        slots.clear();
        assert_eq!(slots.insert('d').slot, 1);
        assert_eq!(slots.get(last), None);
    }
}

//! Streams of random numbers that are found by address.

use rand::rand_core::{Infallible, SeedableRng};
use rand::{Rng, TryRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// 2^64 divided by the golden ratio: the step of `SplitMix64`.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// All streams of one replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Streams {
    key: u64,
}

/// Who draws: a kind of entity, and its number or [`stable_id`] among its kind.
///
/// Both must mean the same entity in every variant of a study; an order of arrival does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entity {
    /// The kind of entity; a number that its user gives out once and never reuses.
    pub kind: u16,
    /// Which one of its kind.
    pub id: u64,
}

/// What the numbers are for; a number that its user gives out once and never reuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purpose(pub u16);

/// A private sequence of random numbers for one entity and purpose.
///
/// The generator is xoshiro256++ (Blackman and Vigna, *Scrambled linear pseudorandom number generators*, 2021).
/// As a [`rand::Rng`] it serves the samplers of the `rand` and `rand_distr` crates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream(Xoshiro256PlusPlus);

impl Streams {
    /// The streams of replication number `replication` of the study with this `seed`.
    pub const fn new(seed: u64, replication: u64) -> Self {
        Self { key: chain(chain(0, seed), replication) }
    }

    /// The stream at this address, from its first number.
    ///
    /// Asking twice gives the same numbers twice: keep the stream where one purpose needs several numbers.
    pub fn stream(&self, entity: Entity, purpose: Purpose) -> Stream {
        // Its state is what `SplitMix64` gives from there on.
        Stream(Xoshiro256PlusPlus::seed_from_u64(self.counter(entity, purpose)))
    }

    /// The first [`Stream::uniform`] of the stream at this address, for those that need no more: in half the time.
    pub fn first_uniform(&self, entity: Entity, purpose: Purpose) -> f64 {
        let counter = self.counter(entity, purpose);
        let word = |place: u64| mix(counter.wrapping_add(STEP.wrapping_mul(place)));
        // The generator's first output, which needs two of the four words of its state.
        let (first, last) = (word(1), word(4));
        open_unit(first.wrapping_add(last).rotate_left(23).wrapping_add(first))
    }

    /// Where the seeds of the stream at this address begin.
    const fn counter(self, entity: Entity, purpose: Purpose) -> u64 {
        let what = (entity.kind as u64) << 16 | purpose.0 as u64;
        chain(chain(self.key, what), entity.id)
    }
}

impl Stream {
    /// A number strictly between 0 and 1: the middle of one of 2^52 equal cells.
    ///
    /// Both it and one minus it are exact, and the smallest distance to either end is 2^-53.
    pub fn uniform(&mut self) -> f64 {
        open_uniform(self)
    }

    /// One of the whole numbers 0, 1, ..., `n - 1`, from a single draw.
    ///
    /// No number is likelier than another by more than one part in 2^64 / `n`.
    ///
    /// # Panics
    /// In debug builds, when `n` is zero: our own mistake.
    pub fn below(&mut self, n: u64) -> u64 {
        debug_assert!(n > 0, "there is no number below zero");
        ((u128::from(self.next_u64()) * u128::from(n)) >> 64) as u64
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.0.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0.try_next_u64()
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.try_fill_bytes(bytes)
    }
}

/// A number strictly between 0 and 1 from the upper 52 bits of one word.
pub(super) fn open_uniform<R: Rng + ?Sized>(random: &mut R) -> f64 {
    open_unit(random.next_u64())
}

fn open_unit(word: u64) -> f64 {
    const CELL: f64 = 1.0 / (1_u64 << 52) as f64;
    ((word >> 12) as f64 + 0.5) * CELL
}

/// The same number for the same name on every platform and in every version: FNV-1a with 64 bits.
///
/// Source: Fowler, Noll and Vo, *The FNV Non-Cryptographic Hash Algorithm* (IETF draft-eastlake-fnv).
pub const fn stable_id(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    hash
}

/// Adds one word of an address to a key; for a given key, different words give different keys.
const fn chain(key: u64, word: u64) -> u64 {
    mix((key ^ word).wrapping_add(STEP))
}

/// The finaliser of `SplitMix64` (Steele, Lea and Flood, *Fast splittable pseudorandom number generators*, 2014,
/// with the constants of Stafford's variant 13): a bijection whose every output bit depends on every input bit.
const fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const NODE: Entity = Entity { kind: 1, id: 7 };

    #[test]
    fn the_finaliser_and_the_hash_are_the_published_ones() {
        // SplitMix64 seeded with 1234567, first two outputs.
        assert_eq!(mix(1_234_567_u64.wrapping_add(STEP)), 6_457_827_717_110_365_317);
        assert_eq!(mix(1_234_567_u64.wrapping_add(STEP).wrapping_add(STEP)), 3_203_168_211_198_807_973);
        assert_eq!(stable_id(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(stable_id("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(stable_id("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn every_part_of_the_address_gives_another_stream() {
        let mut firsts = BTreeSet::new();
        for (seed, replication) in [(0, 0), (0, 1), (1, 0), (1, 1), (u64::MAX, 0), (0, u64::MAX)] {
            let streams = Streams::new(seed, replication);
            for (kind, id, purpose) in (0..6400).map(|i| (i % 8, i / 64, i / 8 % 8)) {
                let entity = Entity { kind, id: u64::from(id) };
                firsts.insert(streams.stream(entity, Purpose(purpose)).next_u64());
            }
        }
        assert_eq!(firsts.len(), 6 * 6400);
    }

    #[test]
    fn the_first_number_is_the_first_of_the_stream() {
        for id in 0..1_000 {
            let (streams, entity) = (Streams::new(id, 7), Entity { kind: 3, id: id * id });
            let first = streams.stream(entity, Purpose(9)).uniform();
            assert_eq!(streams.first_uniform(entity, Purpose(9)).to_bits(), first.to_bits());
        }
    }

    #[test]
    fn an_address_gives_the_same_numbers_again() {
        let streams = Streams::new(3, 4);
        let (mut one, mut other) = (streams.stream(NODE, Purpose(2)), streams.stream(NODE, Purpose(2)));
        assert!((0..100).all(|_| one.next_u64() == other.next_u64()));
    }

    #[test]
    fn bytes_are_the_words_from_their_lowest_byte_on() {
        let streams = Streams::new(3, 4);
        let (mut words, mut bytes) = (streams.stream(NODE, Purpose(2)), [0; 16]);
        streams.stream(NODE, Purpose(2)).fill_bytes(&mut bytes);
        assert_eq!(bytes[..8], words.next_u64().to_le_bytes());
        assert_eq!(bytes[8..], words.next_u64().to_le_bytes());
    }

    /// The chi-square statistic of the counts, in standard deviations from its mean.
    fn unevenness(counts: &[u32]) -> f64 {
        let expected = f64::from(counts.iter().sum::<u32>()) / counts.len() as f64;
        let square = |count: &u32| (f64::from(*count) - expected) * (f64::from(*count) - expected);
        let freedom = (counts.len() - 1) as f64;
        (counts.iter().map(square).sum::<f64>() / expected - freedom) / (2.0 * freedom).sqrt()
    }

    #[test]
    fn first_numbers_of_neighbouring_addresses_are_even_and_unrelated() {
        let first = |replication, id, purpose| {
            Streams::new(2026, replication).stream(Entity { kind: 1, id }, Purpose(purpose)).uniform()
        };
        let cell = |u: f64| (u * 16.0) as usize;
        let mut pairs = [[0; 256]; 3];
        for i in 0..100_000 {
            let u = cell(first(0, i, 1)) * 16;
            pairs[0][u + cell(first(0, i + 1, 1))] += 1;
            pairs[1][u + cell(first(0, i, 2))] += 1;
            pairs[2][u + cell(first(1, i, 1))] += 1;
        }
        for counts in pairs {
            assert!(unevenness(&counts).abs() < 4.0, "{}", unevenness(&counts));
        }
    }

    #[test]
    fn uniform_numbers_are_even_and_strictly_inside() {
        let mut stream = Streams::new(1, 2).stream(NODE, Purpose(3));
        let mut counts = [0; 1000];
        for _ in 0..500_000 {
            let u = stream.uniform();
            assert!(0.0 < u && u < 1.0);
            counts[(u * 1000.0) as usize] += 1;
        }
        assert!(unevenness(&counts).abs() < 4.0, "{}", unevenness(&counts));
    }

    /// Gives the same word for ever.
    struct Stuck(u64);

    impl TryRng for Stuck {
        type Error = Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            Ok(self.0 as u32)
        }

        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            Ok(self.0)
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
            bytes.fill(self.0 as u8);
            Ok(())
        }
    }

    #[test]
    fn the_extreme_words_give_the_ends_of_the_open_interval() {
        let half_a_cell = 1.0 / (1_u64 << 53) as f64;
        assert_eq!(open_uniform(&mut Stuck(0)).to_bits(), half_a_cell.to_bits());
        assert_eq!(open_uniform(&mut Stuck(u64::MAX)).to_bits(), (1.0 - half_a_cell).to_bits());
    }

    #[test]
    fn numbers_below_a_bound_are_even() {
        let mut stream = Streams::new(1, 2).stream(NODE, Purpose(4));
        let mut counts = [0; 7];
        (0..70_000).for_each(|_| counts[stream.below(7) as usize] += 1);
        assert!(unevenness(&counts).abs() < 4.0, "{}", unevenness(&counts));
        assert_eq!(stream.below(1), 0);
    }
}

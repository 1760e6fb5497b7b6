//! The same address gives the same bits on every platform and in every version.
//!
//! These numbers are frozen: results of earlier versions could not be reproduced if they changed.
//!
//! They were seen on x86-64 with glibc, with and without its fused multiply-add variants, with musl, and on 64-bit ARM.
//! Between them the platforms' own logarithms, exponentials and powers differ.

use std::fmt::Write as _;

use rand::Rng as _;
use scaleup::random::{Distribution, DistributionError, Entity, Purpose, Stream, Streams, stable_id};
use scaleup::stats::{PairedDifference, Sorted, Summary, wilson};

/// Draws behind each hash.
const DRAWS: usize = 100_000;

fn stream(kind: u16, id: u64, purpose: u16) -> Stream {
    Streams::new(2026, 17).stream(Entity { kind, id }, Purpose(purpose))
}

/// FNV-1a over the bits of the values.
fn hash(values: impl Iterator<Item = f64>) -> u64 {
    let bytes = values.flat_map(|value| value.to_bits().to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

fn distributions() -> Result<Vec<(&'static str, Distribution)>, DistributionError> {
    let points = [(0.0, 1.0), (0.25, 1.5), (0.5, 4.0), (0.9, 6.0), (1.0, 20.0)];
    Ok(vec![
        ("constant", Distribution::constant(0.1)?),
        ("uniform", Distribution::uniform(-3.0, 12.0)?),
        ("exponential", Distribution::exponential(40.0)?),
        ("lognormal", Distribution::lognormal(75.0, 110.0)?),
        ("lognormal, wide", Distribution::lognormal(2.0, 30.0)?),
        ("lognormal, cut", Distribution::lognormal(75.0, 110.0)?.truncated(Some(60.0), Some(100.0))?),
        ("gamma, shape 0.39", Distribution::gamma(10.0, 16.0)?),
        ("gamma, shape 2.8", Distribution::gamma(10.0, 6.0)?),
        ("gamma, shape 2500", Distribution::gamma(300.0, 6.0)?),
        ("weibull, shape 0.7", Distribution::weibull(50.0, 0.7)?),
        ("weibull, cut", Distribution::weibull(50.0, 3.0)?.truncated(Some(70.0), None)?),
        ("triangular", Distribution::triangular(-10.0, 15.0, 60.0)?),
        ("empirical", Distribution::empirical(&points)?),
        ("samples, scaled", Distribution::samples(&[3.0, 9.0, 4.5, 4.0, 7.25])?.scaled(0.3)),
    ])
}

#[test]
fn streams_begin_with_the_frozen_words() {
    let words = |mut stream: Stream| [stream.next_u64(), stream.next_u64(), stream.next_u64()];
    let first = [
        words(Streams::new(0, 0).stream(Entity { kind: 0, id: 0 }, Purpose(0))),
        words(stream(1, 42, 3)),
        words(stream(1, stable_id("some name"), 3)),
        words(Streams::new(u64::MAX, u64::MAX).stream(Entity { kind: u16::MAX, id: u64::MAX }, Purpose(u16::MAX))),
    ];
    let shown = first.map(|words| words.map(|word| format!("{word:016x}")).join(" ")).join("\n");
    assert_eq!(shown, WORDS.trim(), "\n{shown}\n");
}

#[test]
fn distributions_give_the_frozen_bits() -> Result<(), DistributionError> {
    let mut shown = String::new();
    for (id, (name, law)) in distributions()?.into_iter().enumerate() {
        let mut draws = stream(2, id as u64, 1);
        let first = law.sample(&mut draws).to_bits();
        let hash = hash((0..DRAWS).map(|_| law.sample(&mut draws)));
        let (mean, sd) = (law.mean().to_bits(), law.sd().to_bits());
        writeln!(shown, "{name:18} {first:016x} {hash:016x} {mean:016x} {sd:016x}").expect("memory");
    }
    assert_eq!(shown.trim(), BITS.trim(), "\n{shown}\n");
    Ok(())
}

#[test]
fn probabilities_have_the_frozen_bits() -> Result<(), DistributionError> {
    let mut shown = String::new();
    for (name, law) in distributions()? {
        let hash = hash((0..=1000).map(|step| law.cdf(law.mean() + law.sd() * (f64::from(step) / 100.0 - 5.0))));
        writeln!(shown, "{name:18} {hash:016x}").expect("memory");
    }
    assert_eq!(shown.trim(), PROBABILITIES.trim(), "\n{shown}\n");
    Ok(())
}

#[test]
fn spans_are_the_frozen_nanoseconds() -> Result<(), DistributionError> {
    let boot = Distribution::lognormal(75.0, 110.0)?;
    let mut draws = stream(1, 42, 3);
    let nanos = [0; 4].map(|_| boot.sample_span(&mut draws).as_nanos());
    assert_eq!(nanos, SPANS);
    Ok(())
}

#[test]
fn statistics_have_the_frozen_bits() -> Result<(), DistributionError> {
    let boot = Distribution::lognormal(75.0, 110.0)?;
    let mut hashes = Vec::new();
    for n in [2, 3, 10, 100, 150, 201, 1000, 5000] {
        let mut draws = stream(3, n, 1);
        let values: Vec<f64> = (0..n).map(|_| boot.sample(&mut draws)).collect();
        let others: Vec<f64> = (0..n).map(|_| boot.sample(&mut draws)).collect();
        let summary = Summary::of(&values).expect("values");
        let difference = PairedDifference::of(&values, &others, 0.99).expect("pairs");
        let (low, high) = summary.ci95_low.zip(summary.ci95_high).expect("an interval");
        let interval = difference.interval.expect("an interval");
        let share = wilson(n / 3, n, 0.95);
        let quantile = Sorted::of(&values).expect("values").quantile_interval(0.9, 0.95);
        let numbers = [summary.mean, low, high, summary.p90, interval.low, interval.high, share.low, share.high];
        hashes.push(hash(numbers.into_iter().chain(quantile.into_iter().flat_map(|q| [q.low, q.high]))));
    }
    assert_eq!(hashes, STATISTICS, "\n{hashes:#x?}\n");
    Ok(())
}

const WORDS: &str = "
239b273c9643bedb fe37e8d5ff8ab797 aa4865d819c5fb3d
87e6a77ea5b72a64 00bb422c6989c237 4ea4f53b8ddb16bc
63ab72f63552e7bc 5d9fdde0382dc17c c146c7d0843ac24c
028c38a12284d40f 374cf53b8826fa0d 02c85953960fc67d
";

/// Name, first value, hash of the values after it, mean, standard deviation.
const BITS: &str = "
constant           3fb999999999999a 8237cff66b8d1c65 3fb999999999999a 0000000000000000
uniform            4027c3fa4d75dc9a ebfea792e038efbd 4012000000000000 4011520cd1372feb
exponential        4059fa4f59ece6b6 fb2caa345f157c98 4044000000000000 4044000000000000
lognormal          4053de0282ed5942 585f91cb0361ed4d 405343e5bf58cdca 40323064f50bb952
lognormal, wide    4007bd43c8c7c83d 38e3a8ac96b4767b 401f05d3b29c460b 403d0ee3e3c4ac31
lognormal, cut     4054f54698552d32 37a58719dabde7fe 405354b77d50258b 402514c41802dea2
gamma, shape 0.39  4031cdae9bf43f21 e6824ee28c9e7bf8 4024000000000000 4030000000000000
gamma, shape 2.8   4027c52b7c9e9780 7f70373643de8172 4024000000000000 4018000000000000
gamma, shape 2500  4072a90fb9c29604 e20347ca45888fb4 4072c00000000000 4018000000000000
weibull, shape 0.7 406cbc4104ea3f8a eed72b68a7fb689f 404fa5453b799a2e 405723bf9c7805f1
weibull, cut       4053e00f7f1cdf79 5c8ca219bf5929dc 40534813bd62be09 4018cb77d37a1e35
triangular         402404cc5d2bdb1e c83f5a926a5013cf 4035aaaaaaaaaaab 402cf6ad1756dbc2
empirical          4016db417387a96e 5bf223b1069ea17b 4011333333333333 400c63c161142c1d
samples, scaled    3fef02d96c43c898 1f504517f5dc0789 3ffa199999999999 3fe1ae351969b769
";

const PROBABILITIES: &str = "
constant           4d116e8c1064bb38
uniform            f923b7e59dbed7fa
exponential        b771aa1a7145143d
lognormal          fedc0d7863320167
lognormal, wide    a8fd8ea766f2c009
lognormal, cut     3756628bdb5f9876
gamma, shape 0.39  0fac5fa7ef23828e
gamma, shape 2.8   f10479f7d31df4f9
gamma, shape 2500  24ef09a5a1d5ec70
weibull, shape 0.7 45285dea443d2e0b
weibull, cut       d6bb72d81568a67d
triangular         f4d5dc377b3f273a
empirical          ef8c3b2088ee1247
samples, scaled    a751900a07c05967
";

const SPANS: [u64; 4] = [76_364_617_380, 39_408_289_970, 66_698_623_447, 89_123_567_002];

const STATISTICS: [u64; 8] = [
    0x22ed_cd6f_889c_8323,
    0x3072_bdcb_e12a_be58,
    0x28ca_5e93_49cd_5b2c,
    0x1abf_4ff2_cfc9_3598,
    0x0673_30ff_6b12_5cfc,
    0x1a19_2c57_ebe5_b346,
    0x8c89_b346_7f5e_c030,
    0xd3c3_6b4e_7587_1a7b,
];

//! A network disk: how long a synchronous write takes, with a rate limit and burst credits.

use crate::model::params::{Disk, VolumeType};
use crate::random::Stream;
use crate::time::Time;

/// Bytes of a GiB.
const GIB: f64 = 1_073_741_824.0;

/// A disk's state.
#[derive(Debug)]
pub(crate) struct DiskState {
    baseline_iops: f64,
    burst_iops: f64,
    credits: f64,
    most_credits: f64,
    /// The credits are those of this instant.
    seen: Time,
    kind: VolumeType,
    /// How long an unthrottled write takes on average, in seconds; costly to compute for some laws.
    mean_write_s: f64,
}

impl DiskState {
    pub(crate) fn new(disk: &Disk, kind: &VolumeType) -> Self {
        let ordered = disk.iops.unwrap_or(kind.max_iops);
        let by_size = kind.iops_per_gib.map_or(f64::INFINITY, |rate| rate * disk.size.0 as f64 / GIB);
        // Where the size sets the rate, nothing is ordered beyond it; where both are given, the size is a ceiling.
        let baseline_iops = ordered.min(by_size).clamp(kind.min_iops, kind.max_iops.max(kind.min_iops));
        let most_credits = kind.burst_credits.unwrap_or(0.0);
        Self {
            baseline_iops,
            burst_iops: kind.burst_iops.unwrap_or(0.0).max(baseline_iops),
            credits: most_credits * disk.initial_credits.0,
            most_credits,
            seen: Time::ZERO,
            kind: kind.clone(),
            mean_write_s: kind.sync_write.mean(),
        }
    }

    /// Counts the credits up to `now`: `operations_per_s` were written since they were counted last.
    pub(crate) fn catch_up(&mut self, now: Time, operations_per_s: f64) {
        if now <= self.seen {
            return;
        }
        let elapsed = (now - self.seen).as_secs_f64();
        self.seen = now;
        self.credits = (self.credits + elapsed * (self.baseline_iops - operations_per_s)).clamp(0.0, self.most_credits);
    }

    /// Whether credits pay for so many operations.
    pub(crate) fn bursts(&self, operations: f64) -> bool {
        self.credits >= operations
    }

    /// How many seconds one write of `operations` takes that starts where the credits were counted last.
    pub(crate) fn write(&mut self, operations: f64, stream: &mut Stream) -> f64 {
        let unthrottled = self.kind.sync_write.sample(stream);
        let bursts = self.bursts(operations);
        if bursts {
            self.credits -= operations;
        }
        unthrottled.max(self.throttled_s(operations, bursts))
    }

    /// How many seconds a write takes on average, with credits and without.
    pub(crate) fn mean_write_s(&self, operations: f64, bursts: bool) -> f64 {
        self.mean_write_s.max(self.throttled_s(operations, bursts))
    }

    fn throttled_s(&self, operations: f64, bursts: bool) -> f64 {
        operations / if bursts { self.burst_iops } else { self.baseline_iops }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::params::{Bytes, Share};
    use crate::random::{Distribution, Entity, Purpose, Streams};

    /// 10 GiB with 20 operations per second, 100 while credits last.
    fn disk(credits: f64) -> DiskState {
        let kind = VolumeType {
            iops_per_gib: Some(2.0),
            min_iops: 1.0,
            max_iops: 1000.0,
            burst_iops: Some(100.0),
            burst_credits: Some(10.0),
            sync_write: Distribution::constant(0.005).unwrap(),
        };
        let size = Bytes(10 << 30);
        DiskState::new(&Disk { kind: String::new(), size, iops: None, initial_credits: Share(credits) }, &kind)
    }

    /// Milliseconds of a write at `now_s`, after `background` operations per second.
    fn write_ms(disk: &mut DiskState, now_s: f64, operations: f64, background: f64) -> f64 {
        let mut stream = Streams::new(1, 0).stream(Entity { kind: 0, id: 0 }, Purpose(0));
        disk.catch_up(Time::from_secs_f64(now_s), background);
        disk.write(operations, &mut stream) * 1e3
    }

    #[test]
    fn credits_pay_for_a_burst_until_they_are_used_up_and_flow_back() {
        let mut disk = disk(1.0);
        let writes: Vec<f64> = [0.0, 0.0, 0.0, 0.25].map(|at| write_ms(&mut disk, at, 4.0, 0.0)).into();
        // 10 credits, then 6, then 2: too few. A quarter of a second brings 5 more.
        assert_eq!(writes, [40.0, 40.0, 200.0, 40.0]);
    }

    #[test]
    fn background_load_uses_credits_up_and_slows_no_write_otherwise() {
        // Ten credits; in a tenth of a second 60 operations per second use 6 up, of which 2 flow back.
        assert!((write_ms(&mut disk(1.0), 0.1, 6.0, 60.0) - 60.0).abs() < 1e-6);
        assert!((write_ms(&mut disk(1.0), 0.1, 7.0, 60.0) - 350.0).abs() < 1e-6);
        assert!((write_ms(&mut disk(0.0), 1.0, 4.0, 500.0) - 200.0).abs() < 1e-6, "the whole baseline is the writer's");
    }

    #[test]
    fn a_write_takes_at_least_what_the_disk_takes() {
        assert!((write_ms(&mut disk(1.0), 0.0, 0.1, 0.0) - 5.0).abs() < 1e-6);
    }

    #[test]
    fn credits_never_exceed_a_full_bucket() {
        let mut disk = disk(1.0);
        let writes = [1000.0, 1000.0].map(|at| write_ms(&mut disk, at, 8.0, 0.0));
        assert!((writes[0] - 80.0).abs() < 1e-6 && (writes[1] - 400.0).abs() < 1e-6, "{writes:?}");
    }
}

//! A network disk: how long a synchronous write takes, with a rate limit and burst credits.

use crate::model::params::{Disk, VolumeType};
use crate::random::Stream;
use crate::time::Time;

/// Bytes of a GiB.
const GIB: f64 = 1_073_741_824.0;
/// The part of the baseline rate that background load always leaves to others, so that nothing starves.
const LEAST_SHARE: f64 = 0.05;

/// A disk's state.
#[derive(Debug)]
pub(crate) struct DiskState {
    baseline_iops: f64,
    burst_iops: f64,
    credits: f64,
    most_credits: f64,
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

    /// How many seconds a write of `operations` takes that starts at `now`, beside `background` operations per second.
    pub(crate) fn write(&mut self, now: Time, operations: f64, background: f64, stream: &mut Stream) -> f64 {
        let elapsed = now.since(self.seen).as_secs_f64();
        self.seen = now;
        let spare = self.baseline_iops - background;
        self.credits = (self.credits + elapsed * spare).clamp(0.0, self.most_credits);
        let unthrottled = self.kind.sync_write.sample(stream);
        let rate = if self.credits >= operations {
            self.credits -= operations;
            self.burst_iops - background
        } else {
            spare
        };
        let throttled = operations / rate.max(self.baseline_iops * LEAST_SHARE);
        unthrottled.max(throttled)
    }

    /// How long a write takes on average when the disk is not throttled, in seconds.
    pub(crate) const fn mean_write_s(&self) -> f64 {
        self.mean_write_s
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

    /// Milliseconds of a write at `now_s`.
    fn write_ms(disk: &mut DiskState, now_s: f64, operations: f64, background: f64) -> f64 {
        let mut stream = Streams::new(1, 0).stream(Entity { kind: 0, id: 0 }, Purpose(0));
        disk.write(Time::from_secs_f64(now_s), operations, background, &mut stream) * 1e3
    }

    #[test]
    fn credits_pay_for_a_burst_until_they_are_used_up_and_flow_back() {
        let mut disk = disk(1.0);
        let writes: Vec<f64> = [0.0, 0.0, 0.0, 0.25].map(|at| write_ms(&mut disk, at, 4.0, 0.0)).into();
        // 10 credits, then 6, then 2: too few. A quarter of a second brings 5 more.
        assert_eq!(writes, [40.0, 40.0, 200.0, 40.0]);
    }

    #[test]
    fn background_load_takes_its_part_of_every_rate() {
        assert!((write_ms(&mut disk(1.0), 0.0, 4.0, 60.0) - 100.0).abs() < 1e-6);
        assert!((write_ms(&mut disk(0.0), 0.0, 4.0, 10.0) - 400.0).abs() < 1e-6);
        // A twentieth of the baseline is left whatever comes.
        assert!((write_ms(&mut disk(0.0), 0.0, 4.0, 500.0) - 4000.0).abs() < 1e-6);
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

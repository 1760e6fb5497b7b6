//! A network disk: how long a synchronous write takes, with a rate limit and burst credits.

use crate::model::params::{Disk, VolumeType};
use crate::random::Stream;
use crate::time::{Span, Time};

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
        }
    }

    /// How long a write of `operations` takes that starts at `now`, beside `background` operations per second.
    pub(crate) fn write(&mut self, now: Time, operations: f64, background: f64, stream: &mut Stream) -> Span {
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
        Span::from_secs_f64(unthrottled.max(throttled))
    }

    /// How long a write takes on average when the disk is not throttled, in seconds.
    pub(crate) fn mean_write_s(&self) -> f64 {
        self.kind.sync_write.mean()
    }
}

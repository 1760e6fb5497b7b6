//! A zone: its instances, its capacity, its subnet's free addresses.

use crate::model::params::Zone;
use crate::time::Time;

/// A zone's capacity and its subnet.
#[derive(Debug, Default)]
pub(crate) struct ZoneState {
    /// Instances here.
    pub(crate) instances: u32,
    /// Instances that can still be launched.
    pub(crate) capacity: Option<u32>,
    /// Instances that can be launched in addition from then on.
    pub(crate) later: Option<(Time, u32)>,
    /// Instances per second that trickle back, and how many have.
    trickle: Option<(f64, u32)>,
    pub(crate) free_addresses: Option<u32>,
    /// Nothing can be launched until then.
    pub(crate) out_until: Time,
}

impl ZoneState {
    pub(crate) fn new(zone: &Zone, instance_type: &str) -> Self {
        Self {
            capacity: zone.capacity_for(instance_type),
            trickle: zone.capacity_per_s.map(|rate| (rate.0, 0)),
            later: zone.capacity_later.as_ref().map(|later| (Time::ZERO + later.at, later.add)),
            free_addresses: zone.addresses_at_start(),
            ..Self::default()
        }
    }

    /// Capacity that was due by `now` is there.
    pub(crate) fn arrive(&mut self, now: Time) {
        let mut more = self.later.take_if(|(at, _)| *at <= now).map_or(0, |(_, add)| add);
        if let Some((rate, given)) = &mut self.trickle {
            let due = (*rate * now.as_secs_f64()) as u32;
            more = more.saturating_add(due - *given);
            *given = due;
        }
        if let Some(capacity) = &mut self.capacity {
            *capacity = capacity.saturating_add(more);
        }
    }

    pub(crate) fn has_capacity(&self, now: Time) -> bool {
        self.capacity != Some(0) && self.out_until <= now
    }

    /// An instance with its first address.
    pub(crate) fn take(&mut self) {
        self.instances += 1;
        if let Some(capacity) = &mut self.capacity {
            *capacity -= 1;
        }
        let one = self.take_addresses(1);
        debug_assert!(one, "a launch without an address is refused");
    }

    /// Takes addresses, if the subnet has so many.
    pub(crate) fn take_addresses(&mut self, addresses: u32) -> bool {
        match &mut self.free_addresses {
            Some(free) if *free < addresses => false,
            Some(free) => {
                *free -= addresses;
                true
            }
            None => true,
        }
    }

    pub(crate) fn give_back(&mut self, addresses: u32) {
        self.instances -= 1;
        if let Some(capacity) = &mut self.capacity {
            *capacity += 1;
        }
        if let Some(free) = &mut self.free_addresses {
            *free += addresses;
        }
    }
}

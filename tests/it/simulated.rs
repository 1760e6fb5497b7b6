//! One simulated scale-up of a scenario that comes with the program, with some settings changed.

use scaleup::experiment::{observe, results::Replication};
use scaleup::model::record::{LimitHit, Record};
use scaleup::model::{Plan, Simulator};
use scaleup::scenario::{Setting, load};
use scaleup::time::Time;
use std::path::Path;

/// A replication: what was recorded, and its numbers.
pub struct Simulated {
    pub record: Record,
    pub numbers: Replication,
}

/// Replication 0 with seed 1 of `scenario`, waits not recorded.
pub fn simulate(scenario: &str, settings: &[&str]) -> Simulated {
    let settings: Vec<Setting> = settings.iter().map(|text| Setting::new("--set", *text)).collect();
    let loaded = load(Path::new(scenario), &settings).unwrap_or_else(|problems| panic!("{problems}"));
    let record = Simulator::new().run(&Plan::new(&loaded.scenario), 1, 0, false);
    let numbers = observe(&record, loaded.scenario.run.curve_step, 0);
    Simulated { record, numbers }
}

impl Simulated {
    /// The only limit of that kind, or its first message.
    pub fn limit(&self, kind: &str) -> &LimitHit {
        let hit = self.record.limits.iter().find(|hit| hit.kind == kind);
        hit.unwrap_or_else(|| panic!("{kind} was not hit; {:?} were", self.record.limits))
    }

    /// The minutes after which a stage was ready to stay.
    pub fn ready_min(&self, stage: &str) -> Option<f64> {
        let place = self.record.stages.iter().position(|known| known.name == stage).expect("the stage exists");
        self.numbers.stages[place].ready.map(minutes)
    }
}

/// Minutes after the Deployment's creation.
pub fn minutes(time: Time) -> f64 {
    time.as_secs_f64() / 60.0
}

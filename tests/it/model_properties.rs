//! What must hold in random scenarios.

use crate::model_cases::{run_plan, scenario, settings};
use crate::model_checks;
use proptest::prelude::*;
use scaleup::model::Plan;

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_scenario_ends_and_loses_nothing(settings in settings(), replication in 0..1000_u64) {
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let plan = Plan::new(&scenario(&settings));
        let record = run_plan(&plan, replication);
        model_checks::all_hold(&plan, &record);
        prop_assert_eq!(&record, &run_plan(&plan, replication));
    }
}

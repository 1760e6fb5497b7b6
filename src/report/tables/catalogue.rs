//! The catalogue of instance types.

use crate::report::table::Table;
use crate::scenario::InstanceType;

/// Instance types; `-` where the table's source has no number.
pub fn instance_types(rows: Vec<InstanceType>) -> Table {
    let known = |column: &'static str| {
        move |row: &InstanceType| Some(row.get(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    Table::of("instance_types", "Instance types", rows)
        .text("instance_type", "type", "the cloud's name", InstanceType::name)
        .maybe_text("vcpus", "vCPUs", "", known("vcpus"))
        .maybe_text("memory_mib", "MiB", "memory", known("memory_mib"))
        .maybe_text("max_pods", "pods", "at most, with the VPC CNI", known("max_pods"))
        .maybe_text("gpus", "GPUs", "", known("gpus"))
        .maybe_text("network_mbit_per_s", "Mbit/s", "sustained network bandwidth", known("network_mbit_per_s"))
        .maybe_text("interfaces", "interfaces", "network interfaces", known("network_interfaces"))
        .maybe_text("ipv4_per_interface", "addresses each", "of each interface", known("ipv4_per_interface"))
        .maybe_text("usd_per_hour", "USD/h", "on demand, us-east-1", known("usd_per_hour_us_east_1"))
        .table()
        .or_say("No instance type is called so; `scaleup list instance-types` shows all.")
}

//! The catalogue of instance types: `data/instance_types.csv`, in which source and date stand.

use super::write;

const TABLE: &str = include_str!("../../data/instance_types.csv");
/// What provenance names.
const SOURCE: &str = "data/instance_types.csv: aws/karpenter-provider-aws of 2026-07-20, us-east-1";

/// An instance type, as far as the table knows it.
#[derive(Clone, Copy, Debug)]
pub struct InstanceType {
    fields: [&'static str; COLUMNS.len()],
}

/// The columns of the table, in its order.
const COLUMNS: [&str; 15] = [
    "instance_type",
    "arch",
    "vcpus",
    "memory_mib",
    "allocatable_cpu_millis",
    "allocatable_memory_mib",
    "max_pods",
    "gpus",
    "gpu_name",
    "network_mbit_per_s",
    "ebs_mbit_per_s",
    "local_nvme_gb",
    "network_interfaces",
    "ipv4_per_interface",
    "usd_per_hour_us_east_1",
];

/// Every instance type, in the order of names.
pub fn instance_types() -> impl Iterator<Item = InstanceType> {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.map(|line| {
        let mut fields = line.split(',');
        InstanceType { fields: std::array::from_fn(|_| fields.next().unwrap_or_default()) }
    })
}

/// The instance type of that name.
pub fn instance_type(name: &str) -> Option<InstanceType> {
    instance_types().find(|one| one.name() == name)
}

impl InstanceType {
    /// A column's text; empty where the source has none.
    pub fn get(&self, column: &str) -> &'static str {
        COLUMNS.iter().position(|name| *name == column).map_or("", |place| self.fields[place])
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.fields[0]
    }

    /// What naming it sets, as a piece of a scenario; what the source does not have is left out.
    pub(crate) fn preset(&self) -> String {
        let of = |column: &str, write: &dyn Fn(f64) -> String| self.get(column).parse().ok().map(write);
        let plain = |number: f64| number.to_string();
        let lines = [
            ("vcpus", of("vcpus", &plain)),
            ("allocatable_vcpus", of("allocatable_cpu_millis", &|millis| write::float(millis / 1000.0))),
            ("allocatable_memory", of("allocatable_memory_mib", &|mib| format!("\"{mib}MiB\""))),
            ("max_pods", of("max_pods", &plain)),
            ("gpus", of("gpus", &plain)),
            ("network", of("network_mbit_per_s", &|rate| format!("\"{rate}Mbit/s\""))),
            ("interfaces", of("network_interfaces", &plain)),
            ("interface_addresses", of("ipv4_per_interface", &plain)),
            ("price_per_hour", of("usd_per_hour_us_east_1", &write::float)),
        ];
        let lines = lines.iter().filter_map(|(key, value)| Some(format!("{key} = {}\n", value.as_ref()?)));
        let provenance = format!("[provenance]\n\"node\" = {{ upstream = \"{SOURCE}\" }}\n");
        format!("[node]\n{}\n{provenance}", lines.collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_the_columns_that_are_read() {
        let header = TABLE.lines().find(|line| !line.starts_with('#')).expect("there is a header");
        assert_eq!(header.split(',').collect::<Vec<_>>(), COLUMNS);
    }

    #[test]
    fn an_instance_type_sets_what_its_row_says() {
        let preset = instance_type("m5.2xlarge").expect("it is there").preset();
        let node = "[node]\nvcpus = 8\nallocatable_vcpus = 7.91\nallocatable_memory = \"29317MiB\"\nmax_pods = 58\n";
        assert!(preset.starts_with(node), "{preset}");
        assert!(preset.contains("interfaces = 4\ninterface_addresses = 15\nprice_per_hour = 0.384\n"), "{preset}");
    }
}

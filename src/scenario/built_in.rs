//! The scenarios that come with the program.

use std::path::Path;

/// A table of scenarios by file name.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn(pub &'static [(&'static str, &'static str)]);

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        [$((concat!($name, ".toml"), include_str!(concat!("../../scenarios/", $name, ".toml")))),*]
    };
}

/// The scenarios that come with the program: file name and text.
pub const BUILT_IN: BuiltIn = BuiltIn(&built_in![
    "ekf",
    "eks",
    "plain-eks",
    "ekf-cycle",
    "vcpu-limit",
    "vcpu-limit-raised",
    "zone-capacity",
    "zone-capacity-second-group",
    "zone-capacity-wait",
    "address-exhaustion",
    "address-exhaustion-larger-subnets",
    "docker-hub",
    "docker-hub-paid",
    "docker-hub-private-registry",
    "out-of-support",
    "supported",
    "no-scale-in-protection",
    "scale-in-protection",
    "what-if-io1",
    "what-if-two-joins",
    "what-if-eight-joins",
    "what-if-kale-near",
    "what-if-kale-on-ami",
    "what-if-two-servers",
    "what-if-probes-5s",
    "what-if-scan-1m",
    "what-if-waves-100",
    "what-if-no-sidecar",
    "gate-none",
    "gate-bootstrap",
    "gate-continuous",
]);

/// Pieces of scenarios that come with the program, to stand in a list of `extends`: file name and text.
pub const ADDONS: BuiltIn = BuiltIn(&built_in![
    "addons/aws-node",
    "addons/ceph",
    "addons/cilium",
    "addons/datadog",
    "addons/ebs-csi",
    "addons/efs-csi",
    "addons/fluent-bit",
    "addons/gpu-operator",
    "addons/istio",
    "addons/kube-proxy",
    "addons/longhorn",
    "addons/node-exporter",
    "addons/nvidia-device-plugin",
    "addons/rok",
    "registries/nvcr",
    "registries/public-ecr",
    "registries/quay",
]);

impl BuiltIn {
    /// Every name, without its ending, with its description.
    pub fn descriptions(self) -> Vec<(String, String)> {
        let description = |text: &str| {
            let table: Option<toml::Table> = text.parse().ok();
            table.and_then(|table| table.get("description")?.as_str().map(str::to_owned)).unwrap_or_default()
        };
        let named = |(file, text): &(&str, &str)| (file.trim_end_matches(".toml").to_owned(), description(text));
        self.0.iter().map(named).collect()
    }

    /// The scenario of that file name; the ending and a leading `scenarios/` may be left out.
    pub fn find(self, name: &Path) -> Option<(&'static str, &'static str)> {
        let name = name.strip_prefix("scenarios").unwrap_or(name).to_str()?;
        let entry = self.0.iter().find(|(file, _)| *file == name || file.strip_suffix(".toml") == Some(name));
        entry.copied()
    }

    /// "or one of a, b, c", for messages.
    pub(crate) fn list(self) -> String {
        let names: Vec<&str> = self.0.iter().map(|(name, _)| *name).collect();
        if names.is_empty() {
            String::new()
        } else {
            format!(", or one that comes with the program: {}", names.join(", "))
        }
    }
}

//! The scenarios that come with the program.

use super::suggest::did_you_mean;
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

    /// The names, without their endings, that a pattern stands for, in which `*` is any letters and `?` is one. The
    /// ending and a leading `scenarios/` may be left out.
    pub fn matching(self, pattern: &str) -> Vec<&'static str> {
        let pattern = pattern.strip_prefix("scenarios/").unwrap_or(pattern);
        let pattern = pattern.strip_suffix(".toml").unwrap_or(pattern);
        let names = self.0.iter().map(|(file, _)| file.trim_end_matches(".toml"));
        names.filter(|name| is_like(name, pattern)).collect()
    }

    /// What to do about a name that there is not: the nearest one, or how to see all.
    pub(crate) fn instead_of(self, name: &str) -> String {
        const ALL: &str = "`scaleup list` shows those that come with the program";
        let names = || self.0.iter().map(|(file, _)| file.trim_end_matches(".toml"));
        let written = Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or(name);
        let beginning: Vec<&str> = names().filter(|known| written.len() > 2 && known.contains(written)).collect();
        let near = match beginning[..] {
            [one] => Some(format!("did you mean `{one}`? ")),
            _ => did_you_mean(written, names()).map(|near| near + " "),
        };
        match self.0 {
            [] => String::new(),
            [(one, _)] => format!(", or the one that comes with the program: {one}"),
            _ => format!("; {}{ALL}", near.unwrap_or_default()),
        }
    }
}

/// Whether a name is a pattern for several.
pub fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?'])
}

/// Whether a name is what a pattern stands for.
pub fn is_like(name: &str, pattern: &str) -> bool {
    let (Some(first), rest) = (pattern.chars().next(), name.chars().next()) else { return name.is_empty() };
    let after = |text: &str| text.chars().next().map_or(0, char::len_utf8);
    match (first, rest) {
        ('*', _) => is_like(name, &pattern[1..]) || rest.is_some() && is_like(&name[after(name)..], pattern),
        (_, None) => false,
        (one, Some(letter)) => {
            (one == '?' || one == letter) && is_like(&name[after(name)..], &pattern[after(pattern)..])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_letters() {
        let like = |pattern: &str| BUILT_IN.matching(pattern);
        assert_eq!(like("what-if-two-*"), ["what-if-two-joins", "what-if-two-servers"]);
        assert_eq!(like("scenarios/*eks.toml"), ["eks", "plain-eks"]);
        assert_eq!(like("e?s"), ["eks"]);
        assert_eq!(like("*").len(), BUILT_IN.0.len());
        assert_eq!((like("what-if"), like("")), (vec![], vec![]));
        assert!(is_like("größe", "gr?ß*") && !is_like("a", "ab*"));
    }

    #[test]
    fn a_name_that_is_not_there_is_answered_with_the_nearest_one() {
        let all = "`scaleup list` shows those that come with the program";
        assert_eq!(BUILT_IN.instead_of("plain"), format!("; did you mean `plain-eks`? {all}"));
        assert_eq!(BUILT_IN.instead_of("dir/what-if-i01.toml"), format!("; did you mean `what-if-io1`? {all}"));
        assert_eq!(BUILT_IN.instead_of("zzz"), format!("; {all}"));
        assert_eq!(BuiltIn(&[]).instead_of("ekf"), "");
    }
}

//! `scaleup init`: a commented scenario to start from.

use crate::cli::command_line::quoted;
use crate::cli::complete;
use crate::cli::failure::Failure;
use crate::cli::output::print;
use crate::model::params::{Replicas, Scenario};
use crate::report::write;
use crate::scenario::{ADDONS, BUILT_IN, Setting, load, read_size};
use clap::Args;
use clap_complete::ArgValueCompleter;
use std::path::{Path, PathBuf};

/// Longer names cannot name a results folder.
const NAME_MAX: usize = 100;
/// Bytes of an unpacked image for each that is pulled.
const UNPACKED: f64 = 2.5;

/// Arguments of `scaleup init`.
#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// The file to write; one that is there is never overwritten
    #[arg(default_value = "scenario.toml")]
    file: PathBuf,
    /// The scenario to start from: eks is a plain cluster, ekf the documented case
    #[arg(long, value_name = "SCENARIO", default_value = "eks", add = ArgValueCompleter::new(complete::scenarios))]
    from: String,
    /// Nodes to grow to
    #[arg(long, value_name = "N")]
    nodes: Option<u32>,
    /// The nodes' instance type; see `scaleup list instance-types`
    #[arg(long, value_name = "TYPE", add = ArgValueCompleter::new(complete::types))]
    instance_type: Option<String>,
    /// Replicas of the Deployment: a number, or fill
    #[arg(long, value_name = "N")]
    replicas: Option<String>,
    /// The size of the Deployment's image as it is pulled, such as 2GB
    #[arg(long, value_name = "SIZE")]
    image_size: Option<String>,
    /// An add-on, such as cilium; repeatable; see `scaleup list`
    #[arg(long, value_name = "ADDON", add = ArgValueCompleter::new(complete::addons))]
    addon: Vec<String>,
}

pub(crate) fn init(arguments: &InitArguments) -> Result<(), Failure> {
    let file = &arguments.file;
    // Also a link that leads nowhere is in the way.
    if file.symlink_metadata().is_ok() {
        let shown = file.display();
        return Err(Failure::Usage(format!("{shown} is there already and is left as it is; name another file")));
    }
    let addons = arguments.addon.iter().map(|name| addon(name)).collect::<Result<Vec<String>, Failure>>()?;
    if let Some(size) = arguments.image_size.as_deref().filter(|size| read_size(size).is_none()) {
        return Err(Failure::Usage(format!("--image-size {size}: write an amount of data, such as 2GB")));
    }
    let scenario = load(Path::new(&arguments.from), &arguments.settings())?.scenario;
    let text = arguments.text(&scenario, &addons);
    write::whole(file, text.as_bytes())?;
    let (shown, word) = (file.display(), quoted(&[file.display().to_string()]));
    print(&format!("Wrote {shown}. Change it, then: scaleup check {word} and scaleup run {word}\n"))
}

/// The file of an add-on, whose folder may be left out.
fn addon(name: &str) -> Result<String, Failure> {
    let whole = if name.contains('/') { name.to_owned() } else { format!("addons/{name}") };
    if ADDONS.find(Path::new(&whole)).is_some() {
        return Ok(whole);
    }
    let known: Vec<String> = ADDONS.descriptions().into_iter().map(|(name, _)| name).collect();
    Err(Failure::Usage(format!("there is no add-on {name}; name one of {}", known.join(", "))))
}

impl InitArguments {
    /// What is asked for, so that what is wrong with it is said before anything is written.
    fn settings(&self) -> Vec<Setting> {
        let nodes = self.nodes.map(|nodes| ("cluster.target_nodes", nodes.to_string()));
        let given = |key, value: &Option<String>| value.clone().map(|value| (key, value));
        let all = [nodes, given("node.instance_type", &self.instance_type), given("workload.replicas", &self.replicas)];
        all.into_iter().flatten().map(|(key, value)| Setting::of("init", key, &value)).collect()
    }

    /// The scenario: at most 25 lines.
    fn text(&self, base: &Scenario, addons: &[String]) -> String {
        // A file of one's own is named as it is seen from the new file's folder; the program's are found everywhere.
        let from = self.from.trim_end_matches(".toml");
        let from = if BUILT_IN.find(Path::new(from)).is_some() { from } else { &self.from };
        let list: Vec<String> = std::iter::once(from).chain(addons.iter().map(String::as_str)).map(toml).collect();
        let replicas = match base.workload.replicas {
            Replicas::Fill => "\"fill\"".to_owned(),
            Replicas::Count(count) => count.to_string(),
        };
        let zone = base.zone.names().next().unwrap_or("us-east-1a");
        let head = format!(
            "# Take the # off a line to change its value. scaleup show FILE prints every value and where it comes from.\n\
             extends = [{}]\nname = {}\ndescription = \"What this scenario describes, in one sentence\"\n",
            list.join(", "),
            toml(&name_for(&self.file)),
        );
        let nodes = format!(
            "\n[cluster]\ninitial_nodes = {} # there and ready at the start\ntarget_nodes = {} # at the end, or the most where replicas are a number\n\
             [node]\ninstance_type = {} # scaleup list instance-types\n",
            base.cluster.initial_nodes,
            base.cluster.target_nodes,
            toml(&base.node.instance_type),
        );
        let limits = format!(
            "[cloud]\n# vcpu_quota = 4800 # of the account; leave out: no limit\n# vcpus_in_use = 200 # of it, by other instances\n\
             [zone.{zone}]\n# subnet = \"/22\" # its size; leave out: no limit\n# in_use = 200 # addresses of it\n",
        );
        let workload = format!(
            "[workload]\nreplicas = {replicas} # a number, or \"fill\": as many as the nodes hold\n# vcpus = {} # requested by each replica\n\
             # memory = \"{}Mi\"\n",
            base.workload.vcpus,
            base.workload.memory.0 >> 20,
        );
        head + &nodes + &limits + &workload + &self.image(&base.workload.image)
    }

    fn image(&self, name: &str) -> String {
        let Some(size) = self.image_size.as_deref() else {
            return format!("[image.{name}]\n# size = \"2GB\" # as it is pulled\n# unpacked = \"5GB\"\n");
        };
        let unpacked = format!("{}MB", (read_size(size).unwrap_or_default() as f64 * UNPACKED / 1e6).round());
        let factor = format!("{UNPACKED} times that, as is usual");
        format!("[image.{name}]\nsize = {} # as it is pulled\nunpacked = {} # {factor}\n", toml(size), toml(&unpacked))
    }
}

/// A text as TOML writes it.
fn toml(text: &str) -> String {
    format!("{text:?}")
}

/// A scenario's name after its file's: letters, digits and hyphens.
fn name_for(file: &Path) -> String {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = stem.chars().map(plain).take(NAME_MAX).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "mine".to_owned() } else { name.to_owned() }
}

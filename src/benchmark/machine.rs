//! The machine that a figure is of.

use sysinfo::{CpuRefreshKind, RefreshKind, System};

/// What a reader must know of a machine to compare figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// The processor's name; absent where the system does not tell.
    pub cpu: Option<String>,
    /// How many threads can run at once.
    pub cores: usize,
    /// The operating system with its version.
    pub os: String,
    /// The instruction set, such as `x86_64`.
    pub architecture: &'static str,
}

impl Machine {
    /// The machine that this program runs on.
    pub fn this() -> Self {
        let system = System::new_with_specifics(RefreshKind::nothing().with_cpu(CpuRefreshKind::nothing()));
        let cpu = system.cpus().first().map(|cpu| cpu.brand().trim().to_owned()).filter(|name| !name.is_empty());
        Self {
            cpu,
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            os: System::long_os_version().unwrap_or_else(|| std::env::consts::OS.to_owned()),
            architecture: std::env::consts::ARCH,
        }
    }
}

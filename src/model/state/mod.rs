//! What the simulated world is made of.

pub(crate) mod backoff;
pub(crate) mod disk;
pub(crate) mod draws;
pub(crate) mod event;
pub(crate) mod failing;
pub(crate) mod ids;
pub(crate) mod plan;
pub(crate) mod pod;
pub mod record;
pub(crate) mod resources;
pub(crate) mod wait_log;
pub(crate) mod wakeup;
pub(crate) mod world;

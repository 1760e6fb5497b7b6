//! What happens in the simulated world.

pub(crate) mod autoscaler;
pub(crate) mod cloud;
pub(crate) mod demand;
pub(crate) mod drain;
pub(crate) mod etcd;
pub(crate) mod faults;
pub(crate) mod images;
pub(crate) mod join;
pub(crate) mod leave;
pub(crate) mod limits;
pub(crate) mod loss;
pub(crate) mod node;
pub(crate) mod placing;
pub(crate) mod pods;
pub(crate) mod readiness;
pub(crate) mod scale_down;
pub(crate) mod volume;

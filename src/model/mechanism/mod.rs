//! What happens in the simulated world: one file for each mechanism, with its keys and the upstream code that it
//! follows.
//!
//! Mechanisms use only the state below them; a step that leads to another mechanism is a method call on the world.

mod attach;
mod autoscaler;
mod cloud;
mod cloud_controller;
pub(crate) mod cni;
mod control_plane;
mod demand;
mod drain;
mod etcd;
mod faults;
mod gates;
pub(crate) mod images;
mod join;
mod leave;
pub(crate) mod limits;
mod loss;
mod node;
mod operator;
mod placing;
mod pods;
mod readiness;
mod scale_down;
mod start;
mod volume;

//! The simulated cluster: the only place with Kubernetes words.
//!
//! A [`Plan`] is a checked scenario made ready; a [`Simulator`] runs replications of it; a
//! [`Record`](record::Record) is what one leaves behind. The model draws random numbers, schedules events and
//! appends to the record; it computes no statistics and knows no files.
//!
//! One file per mechanism, in the order in which a scale-up meets them:
//!
//! | file | mechanism |
//! | --- | --- |
//! | `demand` | the ReplicaSet controller, and the controller manager's API client |
//! | `placing` | the kube-scheduler |
//! | `autoscaler` | the Cluster Autoscaler's loop, time-outs and back-offs |
//! | `cloud` | launches: calls, rates, boot |
//! | `limits` | what a launch may meet: quota, capacity, addresses |
//! | `node` | the kubelet's registration, networking, node readiness |
//! | `images` | pulls, registries, pull limits, unpacking |
//! | `pods` | sandbox, images, required DaemonSets, start |
//! | `readiness` | probes, flapping, dependents |
//! | `join`, `failing`, `etcd`, `disk` | members that join a storage cluster, their transactions, the log's disk |
//! | `volume` | CSI driver, attachment, mount attempts, volume servers, first write |
//! | `scale_down`, `drain`, `leave` | the workload's end, unneeded nodes, drains, members that leave |
//! | `faults`, `loss` | what goes wrong on purpose, and machines that die |

mod dispatch;
pub(crate) mod mechanism;
pub mod params;
mod simulate;
pub(crate) mod state;

pub use simulate::Simulator;
pub use state::plan::Plan;
pub use state::record;

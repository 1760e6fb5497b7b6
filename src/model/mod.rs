//! The simulated cluster: the only place with Kubernetes words.
//!
//! A [`Plan`] is a checked scenario made ready; a [`Simulator`] runs replications of it; a
//! [`Record`](record::Record) is what one leaves behind. The model draws random numbers, schedules events and
//! appends to the record; it computes no statistics and knows no files.
//!
//! The rooms, from below:
//!
//! - `params`: what a scenario sets.
//! - `state`: ids and tables, the plan, nodes, pods, what each mechanism remembers, the events, the record. Nothing
//!   there calls a mechanism.
//! - `mechanism`: one file each, handlers of events that change the state and schedule what follows.
//! - `dispatch`: which handler an event goes to, and the question whether its node or pod still exists.
//! - `simulate`: one replication, from its begin to its record.
//!
//! The mechanisms, in the order in which a scale-up meets them:
//!
//! | file | mechanism |
//! | --- | --- |
//! | `start` | what is there at the beginning |
//! | `demand` | the ReplicaSet controller |
//! | `control_plane` | the API server, and the controllers' API clients |
//! | `placing` | the kube-scheduler |
//! | `autoscaler` | the Cluster Autoscaler's loop, time-outs and back-offs |
//! | `cloud` | launches: calls, rates, boot |
//! | `limits` | what a launch may meet: quota, capacity, no address |
//! | `node` | the kubelet's registration, networking, node readiness |
//! | `cloud_controller` | the initialisation of new nodes, and their taint |
//! | `cni` | addresses of the subnet for pods, and the EC2 calls for them |
//! | `images` | pulls, registries, NAT gateways, pull limits, layers and their unpacking |
//! | `pods` | sandbox, images, required DaemonSets, start, end |
//! | `readiness` | probes, flapping, dependents |
//! | `operator`, `join`, `leave`, `etcd` | members of a storage cluster: workers, transactions, changes |
//! | `attach` | the external attacher: workers, requests, attempts that fail |
//! | `volume` | CSI driver, mount attempts and their deadline, volume servers, first write |
//! | `scale_down`, `drain` | the workload's end, unneeded nodes, drains |
//! | `faults`, `loss` | what goes wrong on purpose, and machines that die |

mod dispatch;
pub(crate) mod mechanism;
pub mod params;
mod simulate;
pub(crate) mod state;
mod unready;

pub use simulate::Simulator;
pub use state::plan::Plan;
pub use state::record;
pub use state::world::Bounds;

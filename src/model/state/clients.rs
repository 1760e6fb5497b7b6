//! The API clients of the controllers: each has its own rate and burst.

use crate::engine::TokenBucket;
use crate::model::params::ControlPlane;

/// One client for each controller that creates or deletes pods.
#[derive(Debug)]
pub(crate) struct Clients {
    pub(crate) replicaset: TokenBucket,
    pub(crate) daemonset: TokenBucket,
    pub(crate) garbage_collector: TokenBucket,
}

impl Clients {
    pub(crate) fn new(params: &ControlPlane) -> Self {
        let client = TokenBucket::new(params.controller_qps.0, u64::from(params.controller_burst.get()));
        Self { replicaset: client.clone(), daemonset: client.clone(), garbage_collector: client }
    }
}

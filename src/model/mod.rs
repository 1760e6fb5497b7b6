//! The only place with Kubernetes words.

pub mod fit;
pub mod params;
pub mod record;
pub mod support;

//! Streams and distributions.

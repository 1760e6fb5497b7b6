//! Layers of an image: some are fetched together, and each is unpacked when it and those below it are there.
//!
//! A pull has no event for a layer. When its layers arrived follows from the course of its transfer, and when they are
//! unpacked from that: whoever comes later of the layer itself and the one before it begins its unpacking.
//!
//! Upstream: containerd `core/unpack/unpacker.go`: `fetch` takes layers in order, as many at once as its limiter has
//! room for (`max_concurrent_downloads`); the loop over the layers waits for each in turn and applies it.

use crate::model::params::{Image, Kubelet};
use crate::time::{Span, Time};

/// Layers that are fetched together, and so arrive together: an image's layers are equally large.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Batch {
    /// Bytes of the image that are still to come when these have arrived.
    pub(crate) left: f64,
    /// How long it takes to unpack them.
    pub(crate) unpack: Span,
}

/// The batches of an image, in the order in which they come.
pub(crate) fn batches(image: &Image, kubelet: &Kubelet) -> Vec<Batch> {
    let (layers, together) = (image.layers.get(), kubelet.parallel_layers.get());
    let share = |layers_so_far: u32| f64::from(layers_so_far) / f64::from(layers);
    let unpacked_s = |layers_so_far: u32| write_s(kubelet, image.unpacked_bytes() * share(layers_so_far));
    let batch = |first: u32| {
        let end = first.saturating_add(together).min(layers);
        Batch {
            left: image.size.0 as f64 * share(layers - end),
            unpack: Span::from_secs_f64(unpacked_s(end) - unpacked_s(first))
                + kubelet.unpack_layer * u64::from(end - first),
        }
    };
    (0..layers).step_by(together as usize).map(batch).collect()
}

/// How many seconds it takes to write so many unpacked bytes: fast until the page cache is full, then as fast as the
/// disk takes them.
fn write_s(kubelet: &Kubelet, bytes: f64) -> f64 {
    let cached = bytes.min(kubelet.unpack_cache.0 as f64);
    cached / kubelet.unpack.0 + (bytes - cached) / kubelet.unpack_beyond_cache.0
}

/// How far the unpacking of one pull has come.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Unpacking {
    /// Batches that have arrived, so far as was looked.
    arrived: usize,
    /// When all of these are unpacked.
    pub(crate) done: Time,
}

impl Unpacking {
    /// Takes note of the batches that have arrived. `passed` knows when no more than so many bytes were to come, if
    /// that is so already.
    pub(crate) fn account(&mut self, batches: &[Batch], passed: impl Fn(f64) -> Option<Time>) {
        while let Some(batch) = batches.get(self.arrived)
            && let Some(at) = passed(batch.left)
        {
            self.done = self.done.max(at) + batch.unpack;
            self.arrived += 1;
        }
    }
}

#[cfg(test)]
mod tests;

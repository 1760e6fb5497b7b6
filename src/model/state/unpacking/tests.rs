mod twin;

use super::*;
use crate::model::params::{Bytes, BytesPerSecond};
use std::num::NonZeroU32;

const MB: f64 = 1e6;

/// A kubelet that unpacks 100 MB/s until 600 MB are written and 50 MB/s beyond, and takes a second for each layer.
fn kubelet(parallel_layers: u32) -> Kubelet {
    let mut kubelet = <Kubelet as crate::model::params::Field>::placeholder();
    kubelet.parallel_layers = NonZeroU32::new(parallel_layers).expect("some");
    (kubelet.unpack, kubelet.unpack_beyond_cache) = (BytesPerSecond(100.0 * MB), BytesPerSecond(50.0 * MB));
    (kubelet.unpack_cache, kubelet.unpack_layer) = (Bytes(600_000_000), Span::from_secs(1));
    kubelet
}

fn image(size_mb: u64, unpacked_mb: u64, layers: u32) -> Image {
    let mut image = <Image as crate::model::params::Field>::placeholder();
    (image.size, image.unpacked) = (Bytes(size_mb * 1_000_000), Some(Bytes(unpacked_mb * 1_000_000)));
    image.layers = NonZeroU32::new(layers).expect("some");
    image
}

fn secs(seconds: f64) -> Time {
    Time::from_secs_f64(seconds)
}

/// When an image is unpacked that comes at `rate_mb_per_s` from the beginning on.
fn done(image: &Image, kubelet: &Kubelet, rate_mb_per_s: f64) -> Time {
    let mut unpacking = Unpacking::default();
    let size = image.size.0 as f64;
    unpacking.account(&batches(image, kubelet), |left| Some(Time::from_secs_f64((size - left) / (rate_mb_per_s * MB))));
    unpacking.done
}

#[test]
fn a_single_layer_is_unpacked_when_all_of_it_is_there() {
    assert_eq!(done(&image(200, 500, 1), &kubelet(3), 20.0), secs(10.0 + 5.0 + 1.0));
}

#[test]
fn layers_are_unpacked_while_others_come() {
    // Ten layers of 20 MB, one at a time, one a second; each is written within half a second and takes a second more.
    assert_eq!(done(&image(200, 500, 10), &kubelet(1), 20.0), secs(1.0 + 10.0 * 1.5), "the unpacking never waits");
    // At 8 MB/s each comes after 2.5 s, and only the last one is left to unpack.
    assert_eq!(done(&image(200, 500, 10), &kubelet(1), 8.0), secs(25.0 + 1.5), "the transfer is what takes time");
}

#[test]
fn layers_that_are_fetched_together_arrive_together() {
    // Three come after 3, 6 and 9 s, the tenth after 10 s.
    assert_eq!(done(&image(200, 500, 10), &kubelet(3), 20.0), secs(3.0 + 10.0 * 1.5));
    assert_eq!(batches(&image(200, 500, 10), &kubelet(3)).len(), 4);
    assert_eq!(done(&image(200, 500, 10), &kubelet(1_000_000), 20.0), secs(10.0 + 10.0 * 1.5));
}

#[test]
fn writing_slows_down_where_the_page_cache_is_full() {
    // 600 MB at 100 MB/s, 400 MB at 50 MB/s.
    assert_eq!(done(&image(1, 1000, 1), &kubelet(3), 1.0), secs(1.0 + 6.0 + 8.0 + 1.0));
    assert_eq!(done(&image(5, 1000, 5), &kubelet(1), 5.0), secs(0.2 + 6.0 + 8.0 + 5.0), "whatever the layers");
}

#[test]
fn an_image_unpacks_to_three_times_its_size_unless_it_says_otherwise() {
    let mut image = image(100, 0, 1);
    image.unpacked = None;
    assert_eq!(done(&image, &kubelet(3), 100.0), secs(1.0 + 3.0 + 1.0));
}

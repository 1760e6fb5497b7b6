//! Registries' pull limits.

use super::{Headroom, LimitVerdict, new_nodes, thousands};
use crate::model::mechanism::images::refusal_message;
use crate::model::params::{Egress, Registry};
use crate::model::state::ids::ImageId;
use crate::model::state::plan::Plan;
use crate::time::Span;

/// The registries that have a limit, then the others that new nodes pull from.
pub(super) fn pulls(plan: &Plan) -> Vec<Headroom> {
    let registries = plan.scenario.registry.iter().enumerate();
    let used = registries.filter(|(place, (_, registry))| {
        registry.pull_limit().is_some() || (new_nodes(plan) > 0 && !images_from(plan, *place).is_empty())
    });
    let mut found: Vec<Headroom> =
        used.map(|(place, (name, registry))| of_registry(plan, place, name, registry)).collect();
    found.sort_by_key(|registry| registry.have.is_none());
    found
}

/// The images that every new node pulls from a registry.
fn images_from(plan: &Plan, registry: usize) -> Vec<ImageId> {
    let needed = plan.daemonsets.iter().map(|set| set.image).chain(plan.workload_images.iter().copied());
    let mut images: Vec<ImageId> = Vec::new();
    for image in needed {
        let pulled = !plan.image(image).preloaded && plan.image_registry[image].index() == registry;
        if pulled && !images.contains(&image) {
            images.push(image);
        }
    }
    images
}

fn of_registry(plan: &Plan, place: usize, name: &str, registry: &Registry) -> Headroom {
    let images = images_from(plan, place);
    let (new, zones) = (new_nodes(plan), plan.open_zones().len() as u32);
    let addresses = match plan.scenario.cloud.egress {
        Egress::OneNatGateway => 1,
        Egress::NatGatewayPerZone => zones,
        Egress::AddressPerNode => new.max(1),
    };
    let behind_one = new.div_ceil(addresses);
    let need = u64::from(behind_one) * images.len() as u64;
    let key = match registry.pulls_per_window {
        Some(_) => format!("registry.{name}.pulls_per_window"),
        None => format!("registry.{name}.plan"),
    };
    let mut found =
        Headroom::new("registry-pulls", key, "pulls per address", need, registry.pull_limit().map(u64::from));
    let Some(limit) = registry.pull_limit().filter(|_| found.lacks()) else {
        let ask = format!("make sure that {} allows them, or state registry.{name}.plan", registry.host);
        found.remedy = found.have.is_none().then_some(ask);
        return found;
    };
    let windows = need.div_ceil(u64::from(limit.max(1))) - 1;
    let late = if limit == 0 { "for ever".to_owned() } else { Span::to_string(&(registry.window * windows)) };
    found.verdict = LimitVerdict::Binds;
    found.when = Some(format!(
        "with pull {} of an address; the last nodes wait {late} for the window to free a slot",
        thousands(u64::from(limit) + 1)
    ));
    found.message = images.first().map(|&image| refusal_message(registry, plan.image(image)));
    let enough = (u64::from(new) * images.len() as u64).div_ceil(u64::from(limit.max(1)));
    let more = enough.saturating_sub(u64::from(addresses));
    let gateways =
        if more == 1 { "1 more NAT gateway".to_owned() } else { format!("{} more NAT gateways", thousands(more)) };
    found.remedy = Some(match plan.scenario.cloud.egress {
        Egress::AddressPerNode => "a paid plan, or a private registry".to_owned(),
        _ => format!("{gateways}, or a paid plan, or a private registry"),
    });
    found
}

//! The colours of the shared resources of a case: the same in all its charts.

use crate::experiment::explain::Explanation;

use super::theme::{self, Colour, GREY, Look};

/// So many have a colour of their own.
const COLOURS: usize = 7;

/// Resources in the order of their colours.
pub struct ResourceColours<'a>(Vec<&'a str>);

impl<'a> ResourceColours<'a> {
    /// Those that are the bottleneck for longest or have the most waiting come first.
    pub fn of(why: &'a Explanation) -> Self {
        let weight = |name: &str| {
            let bound = why.bottlenecks.iter().filter(|one| one.resource == name);
            let bound: f64 = bound.map(|one| one.to.since(one.from).as_secs_f64()).sum();
            let used = why.resources.iter().filter(|used| used.resource == name).flat_map(|used| &used.points);
            bound + used.map(|point| point.waiting).sum::<f64>()
        };
        let names = why.resources.iter().map(|used| used.resource.as_str());
        let mut names: Vec<(&str, f64)> = names.map(|name| (name, weight(name))).collect();
        names.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        Self(names.into_iter().map(|(name, _)| name).take(COLOURS).collect())
    }

    /// Of one resource; grey where there are too many.
    pub fn colour(&self, name: &str) -> Colour {
        self.place(name).map_or(GREY, theme::apart)
    }

    /// Its colour and mark.
    pub fn look(&self, name: &str) -> Look {
        Look { colour: self.colour(name), mark: theme::mark_in_order(self.place(name).unwrap_or(COLOURS)) }
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|known| *known == name)
    }
}

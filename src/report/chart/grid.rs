//! The keys in which the cases of a study differ, as axes, and the place of each case on them.

use crate::report::study::Study;
use crate::report::words::{self, TARGET_NODES};

use super::axis;

/// A key with more than one value among the cases.
#[derive(Clone, Debug, PartialEq)]
pub struct GridAxis<'a> {
    /// The key.
    pub key: &'a str,
    /// Its values in words: from small to large if they are numbers, else as they came.
    pub values: Vec<String>,
    /// The same as numbers, if all of them are.
    pub numbers: Option<Vec<f64>>,
}

/// Cases that all set the same keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid<'a> {
    /// The keys that vary.
    pub axes: Vec<GridAxis<'a>>,
    /// By case: its place on each axis.
    pub places: Vec<Vec<usize>>,
}

impl<'a> Grid<'a> {
    /// Of a study whose cases all set the same keys and differ from one another.
    pub fn of(study: &'a Study) -> Option<Self> {
        let cases = &study.results.cases;
        let keys: Vec<&str> = words::axes(cases.first()?).map(|(key, _)| key).collect();
        if cases.iter().any(|case| !words::axes(case).map(|(key, _)| key).eq(keys.iter().copied())) {
            return None;
        }
        let sizes = cases.iter().map(|case| case.target_nodes.to_string()).collect();
        let mut columns: Vec<(&str, Vec<String>)> = vec![(TARGET_NODES, sizes)];
        for (place, key) in keys.into_iter().enumerate() {
            let value = |case| words::axes(case).nth(place).map_or("", |(_, value)| value).trim_matches('"').to_owned();
            columns.push((key, cases.iter().map(value).collect()));
        }
        let (axes, columns): (Vec<_>, Vec<_>) =
            columns.into_iter().map(|(key, of_cases)| GridAxis::of(key, &of_cases)).unzip();
        let varies = |place: &usize| axes[*place].values.len() > 1;
        let varying: Vec<usize> = (0..axes.len()).filter(varies).collect();
        let places: Vec<Vec<usize>> =
            (0..cases.len()).map(|case| varying.iter().map(|axis| columns[*axis][case]).collect()).collect();
        let mut distinct = places.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let axes: Vec<GridAxis<'a>> = varying.into_iter().map(|axis| axes[axis].clone()).collect();
        (distinct.len() == cases.len()).then_some(Self { axes, places })
    }

    /// The axis with numbers that has most values, the cluster's size first.
    pub fn along(&self) -> Option<usize> {
        let numeric = (0..self.axes.len()).filter(|axis| self.axes[*axis].numbers.is_some());
        numeric.max_by_key(|axis| (self.axes[*axis].key == TARGET_NODES, self.axes[*axis].values.len()))
    }

    /// The cases that share their values on all axes but one, as `join.workers 2`: their name, then their numbers.
    pub fn rows(&self, along: usize) -> Vec<(String, Vec<usize>)> {
        let others = |place: &[usize]| -> Vec<usize> {
            place.iter().enumerate().filter(|(axis, _)| *axis != along).map(|(_, value)| *value).collect()
        };
        let mut rows: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
        for (case, place) in self.places.iter().enumerate() {
            let key = others(place);
            match rows.iter_mut().find(|(known, _)| *known == key) {
                Some((_, cases)) => cases.push(case),
                None => rows.push((key, vec![case])),
            }
        }
        rows.sort();
        let axes: Vec<&GridAxis<'_>> =
            self.axes.iter().enumerate().filter(|(axis, _)| *axis != along).map(|(_, axis)| axis).collect();
        let name = |key: &[usize]| -> String {
            let parts: Vec<String> = axes.iter().zip(key).map(|(axis, value)| axis.named(*value)).collect();
            parts.join(", ")
        };
        rows.into_iter()
            .map(|(key, mut cases)| {
                cases.sort_by_key(|case| self.places[*case][along]);
                (name(&key), cases)
            })
            .collect()
    }
}

impl<'a> GridAxis<'a> {
    /// Of the values of all cases, and their places.
    fn of(key: &'a str, of_cases: &[String]) -> (Self, Vec<usize>) {
        let mut values: Vec<String> = Vec::new();
        for value in of_cases {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        let mut numbers: Option<Vec<f64>> = values.iter().map(|value| value.parse().ok()).collect();
        numbers = numbers.filter(|numbers| numbers.iter().all(|number| number.is_finite()));
        if let Some(numbers) = &mut numbers {
            values.sort_by(|a, b| {
                let number = |text: &str| text.parse().unwrap_or(f64::NAN);
                number(a).total_cmp(&number(b))
            });
            numbers.sort_by(f64::total_cmp);
        }
        let place = |value: &String| values.iter().position(|known| known == value).unwrap_or(0);
        let places = of_cases.iter().map(place).collect();
        (Self { key, values, numbers }, places)
    }

    /// A value with the last part of its key: `200 nodes`, `scan_interval 30s`.
    pub fn named(&self, value: usize) -> String {
        let text = self.label(value);
        if self.key == TARGET_NODES {
            return format!("{text} nodes");
        }
        format!("{} {text}", super::wording::last_part(self.key))
    }

    /// A value as an axis shows it.
    pub fn label(&self, value: usize) -> String {
        self.numbers.as_ref().map_or_else(|| self.values[value].clone(), |numbers| axis::label(numbers[value]))
    }

    /// Its title beside a chart.
    pub fn title(&self) -> String {
        if self.key == TARGET_NODES { "Cluster size (nodes)".to_owned() } else { self.key.to_owned() }
    }
}

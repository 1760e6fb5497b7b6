use scaleup::experiment::results::{CaseResult, Results};
use scaleup::report::comparison::Compared;
use scaleup::report::exports::csv_file;
use scaleup::report::json::document;
use scaleup::report::tables::differences;
use scaleup::report::text::comparison::text;
use scaleup::time::Span;

use super::charts::study;
use super::made_up::Sketch;

/// A made-up case whose stages from `stage` on are ready at other times: by replication, seconds sooner or later.
fn moved(nodes: u32, stage: usize, seconds: impl Fn(usize) -> f64) -> CaseResult {
    let mut case = Sketch::documented(nodes).case();
    for (number, replication) in case.replications.iter_mut().enumerate() {
        for times in replication.stages.iter_mut().skip(stage) {
            let by = Span::from_secs_f64(seconds(number).abs());
            let at = times.ready.expect("made ready");
            let sooner = scaleup::time::Time::ZERO + at.since(scaleup::time::Time::ZERO).saturating_sub(by);
            times.ready = Some(if seconds(number) < 0.0 { sooner } else { at + by });
        }
    }
    case
}

fn compared(cases: Vec<(&str, CaseResult)>) -> Compared {
    let named = |(name, case): (&str, CaseResult)| CaseResult {
        scenario: name.to_owned(),
        description: format!("what {name} is"),
        set: vec![("scenario".to_owned(), format!("{name:?}"))],
        ..case
    };
    let cases = cases.into_iter().map(named).collect();
    Compared::of(&Results { command: "compare".to_owned(), seed: 1, cases, ..Results::default() })
}

fn first_line(compared: &Compared) -> String {
    text(compared, 120).lines().next().expect("a line").to_owned()
}

/// A made-up difference around 72 s.
fn about(number: usize) -> f64 {
    -72.0 + (number % 7) as f64 - 3.0
}

/// A made-up difference around nothing: 0.25 s on average.
fn noise(number: usize) -> f64 {
    (number % 4) as f64 * 2.0 - 2.75
}

#[test]
fn two_scenarios_get_a_sentence_and_a_row_for_each_stage() {
    let compared = compared(vec![("gp2", moved(100, 5, |_| 0.0)), ("io1", moved(100, 2, about))]);
    assert_eq!(
        text(&compared, 120),
        "\
io1 makes the workload ready 1m 12s sooner than gp2 (95 %: 1m 12s to 1m 12s)

A: gp2
B: io1

Mean time until all of a stage are Ready to stay:

| stage    |       A |       B | B after A ± 95 % |      B faster in (95 %) | pairing |
|----------|---------|---------|------------------|-------------------------|---------|
| nodes    |  3m 55s |  3m 55s |         the same |                       - |       - |
| baseline |  4m 04s |  4m 04s |         the same |                       - |       - |
| rok      |  7m 31s |  6m 19s |   -1m 12s ± 0.5s | 100 % (96.3 % to 100 %) |    33 x |
| rok-csi  |  9m 44s |  8m 32s |   -1m 12s ± 0.5s | 100 % (96.3 % to 100 %) |    49 x |
| workload | 14m 41s | 13m 29s |   -1m 12s ± 0.5s | 100 % (96.3 % to 100 %) |   123 x |

After: the difference, below zero where it is sooner; what reaches over zero with its interval is open.
Pairing: how many times more scale-ups it would take without the same random numbers.

100 simulated scale-ups of each, seed 1.
"
    );
}

#[test]
fn what_is_later_the_same_or_unresolved_is_said_so() {
    let base = || ("gp2", moved(100, 5, |_| 0.0));
    let line = |other: CaseResult| first_line(&compared(vec![base(), ("io1", other)]));
    assert_eq!(
        line(moved(100, 4, |number| -about(number))),
        "io1 makes the workload ready 1m 12s later than gp2 (95 %: 1m 12s to 1m 12s)"
    );
    assert_eq!(
        line(moved(100, 5, |_| 0.0)),
        "io1 changes nothing: the workload is ready at the same instant as with gp2 in all 100 scale-ups"
    );
    assert_eq!(
        line(moved(100, 4, |number| f64::from(number as u32 % 3) * 1e-4)),
        "io1 makes no difference of a millisecond: the workload is ready as with gp2"
    );
    assert_eq!(
        line(moved(100, 4, noise)),
        "no difference resolved in 100 scale-ups between gp2 and io1 (95 %: 196ms sooner to 696ms later); \
         313 would be needed"
    );
}

#[test]
fn scale_ups_that_never_become_ready_are_counted_and_lose() {
    let never = |from: usize| {
        let mut case = moved(100, 4, about);
        case.replications.iter_mut().skip(from).for_each(|replication| replication.stages[4].ready = None);
        case
    };
    let some = compared(vec![("gp2", moved(100, 5, |_| 0.0)), ("io1", never(90))]);
    assert_eq!(
        first_line(&some),
        "io1 makes the workload ready 1m 12s sooner than gp2 (95 %: 1m 12s to 1m 12s); only gp2 becomes ready in 10 of \
         100 scale-ups, only io1 in 0: they are left out"
    );
    let found = some.comparison.against_first(1).expect("a difference");
    assert!((found.b_faster - 0.9).abs() < 1e-12 && found.only_a == 10, "{found:?}");
    assert_eq!(some.comparison.best().expect("a best").place, 0, "what always becomes ready is better");
    let none = compared(vec![("gp2", moved(100, 5, |_| 0.0)), ("io1", never(0))]);
    assert_eq!(first_line(&none), "the workload becomes ready with gp2 only, and never with io1, in 100 scale-ups");
    let neither = compared(vec![("gp2", never(0)), ("io1", never(0))]);
    assert_eq!(first_line(&neither), "the workload never becomes ready, with gp2 or with io1, in any of 100 scale-ups");
}

#[test]
fn of_several_the_best_is_named_with_those_that_are_as_good() {
    let cases = || {
        vec![
            ("gp2", moved(100, 5, |_| 0.0)),
            ("io1", moved(100, 2, about)),
            ("io2", moved(100, 2, |number| about(number) + noise(number))),
            ("slow", moved(100, 2, |number| 30.0 + noise(number))),
        ]
    };
    let several = compared(cases());
    assert!((several.comparison.confidence_each - (1.0 - 0.05 / 6.0)).abs() < 1e-12);
    let best = several.comparison.best().expect("a best");
    assert_eq!((best.place, best.rivals), (1, vec![2]));
    let text = text(&several, 120);
    assert!(
        text.starts_with(
            "best of 4: io1: workload ready 1m 12s sooner than with gp2 (95 %: 1m 12s to 1m 13s); not told apart from \
             io2\n"
        ),
        "{text}"
    );
    for row in text.lines().filter(|line| line.starts_with('|')) {
        assert!(row.chars().count() <= 120, "{row}");
    }
    assert!(text.contains("| slow     |  15m 11s ± 3.3s |    +30.3s ± 0.7s |       0 % |"), "{text}");
    assert!(text.contains("- io2: what io2 is\n"), "{text}");
}

#[test]
fn the_document_and_the_table_have_the_promised_fields() {
    let compared = compared(vec![("gp2", moved(100, 5, |_| 0.0)), ("io1", moved(100, 2, about))]);
    let results = Results { cases: compared.comparison.cases.clone(), ..compared.study.clone() };
    let document = document(&study(results));
    let keys: Vec<&str> = document.as_object().expect("an object").keys().skip(8).map(String::as_str).collect();
    assert_eq!(keys, ["settings", "goal", "confidence_of_each_interval", "best", "differences"]);
    let found = &document["differences"][4];
    assert_eq!((&found["a"], &found["b"], &found["stage"]), (&"gp2".into(), &"io1".into(), &"workload".into()));
    assert_eq!(found["seconds"]["mean"], -72.05);
    assert!(
        found["seconds"]["ci95_low"].as_f64() < Some(-72.05) && found["seconds"]["ci95_high"].as_f64() > Some(-72.05)
    );
    assert_eq!(found["probability_b_faster"], 1.0);
    assert_eq!(found["probability_b_faster_ci95"]["low"], 0.963);
    assert_eq!(found["resolved"], true);
    assert_eq!(document["differences"][0]["resolved"], false);
    let csv = String::from_utf8(csv_file(&differences(&compared.comparison))).expect("text");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "a,b,stage,replications,pairs,a_mean_s,b_mean_s,seconds_mean,seconds_ci95_low,seconds_ci95_high,\
         probability_b_faster,probability_b_faster_ci95_low,probability_b_faster_ci95_high,resolved,only_a_ready,\
         only_b_ready,variance_ratio,replications_to_resolve"
    );
    assert_eq!(lines[1], "gp2,io1,nodes,100,100,234.812,234.812,0,0,0,0.5,0,1,false,0,0,,");
    assert!(lines[5].starts_with("gp2,io1,workload,100,100,") && lines[5].contains(",true,0,0,"), "{}", lines[5]);
    assert_eq!(lines.len(), 6);
}

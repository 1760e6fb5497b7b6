use scaleup::experiment::*;
use scaleup::scenario::*;
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let reps: u32 = args[0].parse().unwrap();
    let mut set: Vec<Setting> = args[1..].iter().map(|s| Setting::new("--set", s.as_str())).collect();
    println!("{:>6} {:>8} {:>8} {:>8} {:>8} {:>8} | b-n  rok  csi  wl  | wl-b | flaps peak | members events ms", "nodes", "nodes","base","rok","csi","wl");
    for n in [100, 200, 300] {
        set.push(Setting::new("--set", format!("cluster.target_nodes={n}")));
        let loaded = match load(std::path::Path::new("scenarios/ekf.toml"), &set) { Ok(l) => l, Err(p) => { eprintln!("{}", p.render(false)); return; } };
        let t = std::time::Instant::now();
        let r = run_cases(&[Case { set: vec![], scenario: loaded.scenario }], Settings { replications: reps, seed: 1, threads: None }, &|| ()).unwrap();
        let ms = t.elapsed().as_secs_f64() * 1e3;
        let c = &r[0];
        let mean = |i: usize| c.replications.iter().map(|x| x.stages[i].ready.map_or(f64::NAN, |t| t.as_secs_f64())).sum::<f64>() / reps as f64 / 60.0;
        let m: Vec<f64> = (0..5).map(mean).collect();
        let flaps = c.replications.iter().map(|x| x.stages[2].flaps as f64).sum::<f64>() / reps as f64;
        let peak = c.replications.iter().map(|x| x.stages[2].not_ready_peak as f64).sum::<f64>() / reps as f64;
        println!("{n:>6} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>8.2} | {:.2} {:.2} {:.2} {:.2} | {:.2} | {flaps:.0} {peak:.0} | {} {} {:.2}", m[0], m[1], m[2], m[3], m[4], m[1]-m[0], m[2]-m[1], m[3]-m[2], m[4]-m[3], m[4]-m[1], c.record.members, c.record.end.events, ms / reps as f64);
        if !c.record.end.ready { println!("{:?}", c.record.end); }
    }
}

//! The charts, from the figures of the branch that is looked at.

mod draw;
mod scale;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

use crate::base::{ServerId, Span, Time};
use crate::sim::history::Branches;
use crate::sim::metrics::{Bucket, Metrics, Sort, Trouble};
use crate::ui::view::charts::{Chart, Charts, Measure, POINTS_MAX, STEP_LEAST, Watch};
use scale::Scale;

/// What it shows: the whole branch, or the window, up to the branch's end.
pub fn of(branches: &Branches, watch: &Watch) -> Charts {
    let tip = branches.viewed().history().tip();
    let (end, now) = (tip.world().now(), branches.shown().world().now());
    let metrics = tip.metrics();
    let (from, to) = watch.window.unwrap_or((Time::ZERO, end));
    let (from, to) = (from.min(end), to.min(end));
    let step = step(metrics.width(), to.since(from));
    let first = from.0 / step.0;
    let points = points(metrics, step, first, to.0.div_ceil(step.0).max(first + 1), end);
    let from = Time(first * step.0);
    let whole = step.times(points.len() as u64);
    let part = |time: Time| time.0.checked_sub(from.0).map(|us| us as f64 / whole.0 as f64);
    let mut charts = Charts {
        is_quiet: tip.world().clients().all(|client| client.requests().is_empty()),
        is_zoomed: watch.window.is_some(),
        from,
        step,
        points: points.len(),
        end,
        now: part(now).filter(|part| *part <= 1.0),
        ticks: scale::time_ticks(from, whole),
        leaderless: draw::bands(&points, |bucket| bucket.leaderless),
        amiss: draw::bands(&points, |bucket| bucket.trouble.0 != 0),
        charts: all(&points, tip.world().config().servers),
        ..Charts::default()
    };
    charts.here = charts.point_at(part(now).unwrap_or(0.0));
    // Of a point that has just begun no rate is known.
    if charts.here > 0 && !points[charts.here].is_rated {
        charts.here -= 1;
    }
    charts
}

/// A stretch of time, and how long it is up to the end of the run.
struct Point {
    bucket: Bucket,
    long: Span,
    /// Whether it is long enough for rates.
    is_rated: bool,
}

impl std::ops::Deref for Point {
    type Target = Bucket;

    fn deref(&self) -> &Bucket {
        &self.bucket
    }
}

/// How long each point stands for: a power of two of buckets, so that points never straddle one.
fn step(width: Span, window: Span) -> Span {
    let mut step = width;
    while step < STEP_LEAST || window.0 / step.0 >= POINTS_MAX {
        step = step.times(2);
    }
    step
}

/// The points from the `first` to the one before the `last`, each made of its buckets.
fn points(metrics: &Metrics, step: Span, first: u64, last: u64, end: Time) -> Vec<Point> {
    let each = usize::try_from(step.0 / metrics.width().0).unwrap_or(1);
    let skipped = usize::try_from(first).unwrap_or(usize::MAX).saturating_mul(each);
    let mut buckets = metrics.buckets().skip(skipped);
    let mut points: Vec<Point> = Vec::new();
    for at in first..last {
        let begins = Time(at * step.0);
        let mut bucket = match (buckets.next(), points.last()) {
            (Some(bucket), _) => bucket.clone(),
            // Nothing has happened since the last bucket began.
            (None, Some(before)) => before.following(),
            (None, None) => Bucket::default(),
        };
        buckets.by_ref().take(each - 1).for_each(|later| bucket.add(later));
        let long = Span(end.since(begins).0.min(step.0));
        points.push(Point { bucket, long, is_rated: long.0 * 2 >= step.0 });
    }
    points
}

/// What is read off a stretch.
type Read<'a> = &'a dyn Fn(&Point) -> Option<f64>;

fn all(points: &[Point], servers: u8) -> Vec<Chart> {
    vec![
        latency(points),
        lines(
            points,
            "Throughput",
            "requests a second",
            Scale::Linear,
            &[
                ("committed", "money", Measure::Rate, &|it| it.rate(it.committed)),
                ("refused", "refused", Measure::Rate, &|it| it.rate(it.refused)),
                ("balances", "quiet", Measure::Rate, &|it| it.rate(it.read)),
            ],
        ),
        lines(
            points,
            "Waiting for an answer",
            "requests, at the most",
            Scale::Linear,
            &[("waiting", "money", Measure::Count, &|it| Some(f64::from(it.waiting)))],
        ),
        leaders(points, servers),
        lines(
            points,
            "Term",
            "the latest",
            Scale::Steps,
            &[("term", "leader", Measure::Count, &|it| Some(it.term.0 as f64))],
        ),
        amiss(points),
        messages(points),
        lines(
            points,
            "Mining a block",
            "ms and tries, mean, log",
            Scale::Log,
            &[
                ("time", "ink", Measure::Ms, &|it| per(it.mining.as_ms(), it.mined)),
                ("tries", "quiet", Measure::Count, &|it| per(it.attempts as f64, it.mined)),
            ],
        ),
        disks(points, servers),
    ]
}

impl Point {
    /// How many a second.
    fn rate(&self, count: u32) -> Option<f64> {
        self.is_rated.then(|| f64::from(count) * 1e6 / self.long.0.max(1) as f64)
    }
}

fn per(sum: f64, count: u32) -> Option<f64> {
    (count > 0).then(|| sum / f64::from(count))
}

fn latency(points: &[Point]) -> Chart {
    let percentile =
        |percent: u64| move |it: &Point| it.latency.percentile(percent).map(|span| span.as_ms());
    lines(
        points,
        "Commit latency",
        "ms, log",
        Scale::Log,
        &[
            ("p50", "ink", Measure::Ms, &percentile(50)),
            ("p95", "money", Measure::Ms, &percentile(95)),
            ("p99", "pending", Measure::Ms, &percentile(99)),
        ],
    )
}

fn messages(points: &[Point]) -> Chart {
    let sent = |sort: Sort| move |it: &Point| it.rate(it.sent[sort as usize]);
    lines(
        points,
        "Messages sent",
        "a second",
        Scale::Linear,
        &[
            ("clients", "money", Measure::Rate, &sent(Sort::Client)),
            ("blocks", "append", Measure::Rate, &sent(Sort::Block)),
            ("heartbeats", "quiet", Measure::Rate, &sent(Sort::Heartbeat)),
            ("answers", "append", Measure::Rate, &sent(Sort::Reply)),
            ("votes", "candidate", Measure::Rate, &sent(Sort::Vote)),
            ("other", "ink", Measure::Rate, &sent(Sort::Other)),
        ],
    )
}

fn disks(points: &[Point], servers: u8) -> Chart {
    let series = ServerId::first(servers).map(|id| {
        let place = usize::from(id.number() - 1);
        // What is kept has two bytes a letter, as the browser counts it.
        let used = |it: &Point| f64::from(it.disk[place]) * 2.0 / 1000.0;
        let values = points.iter().map(|it| Some(used(it))).collect();
        draw::series(id.to_string().into(), "ink", place, Measure::Kb, values)
    });
    draw::chart("Disk used", "KB", Scale::Linear, series.collect())
}

fn leaders(points: &[Point], servers: u8) -> Chart {
    let lanes = ServerId::first(servers).map(|id| {
        let leads = points.iter().map(|it| it.leader == Some(id)).collect();
        (id.to_string(), "leader", leads)
    });
    draw::lanes("Leader", "who leads", "nobody", lanes.collect())
}

fn amiss(points: &[Point]) -> Chart {
    let lane = |label: &str, is_so: &dyn Fn(&Point) -> bool| {
        (label.to_owned(), "cut", points.iter().map(is_so).collect())
    };
    let troubles = [
        lane("no leader", &|it| it.leaderless),
        lane("down", &|it| it.trouble.has(Trouble::DOWN)),
        lane("paused", &|it| it.trouble.has(Trouble::PAUSED)),
        lane("cut", &|it| it.trouble.has(Trouble::CUT)),
        lane("slow", &|it| it.trouble.has(Trouble::SLOW)),
    ];
    draw::lanes("Amiss", "with servers and the network", "nothing", troubles.into())
}

fn lines(
    points: &[Point],
    title: &'static str,
    unit: &'static str,
    scale: Scale,
    series: &[(&str, &'static str, Measure, Read<'_>)],
) -> Chart {
    let lines = series.iter().enumerate().map(|(dash, (label, tone, measure, read))| {
        let values = points.iter().map(read).collect();
        draw::series((*label).into(), tone, dash, *measure, values)
    });
    draw::chart(title, unit, scale, lines.collect())
}

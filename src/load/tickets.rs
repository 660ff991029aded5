//! Who may start when: the one place that counts the requests of a run.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::Schedule;

/// The requests of a run, to be taken one by one by whoever is free.
#[derive(Debug)]
pub(super) struct Tickets {
    began: Instant,
    pace: Pace,
    taken: AtomicU64,
}

#[derive(Debug)]
enum Pace {
    /// The next as soon as somebody is free: so many, and none after this time.
    Closed { total: u64, until: Option<Instant> },
    /// Each at its own time, whatever came of those before it.
    Open { schedule: Schedule, released: AtomicU64 },
}

/// What whoever is free gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ticket {
    /// A request that was to start at this time.
    Due(Instant),
    /// None is due yet.
    Later,
    /// There are no more.
    Never,
}

impl Tickets {
    /// So many requests.
    pub(super) fn count(began: Instant, total: u64) -> Self {
        Self::new(began, Pace::Closed { total, until: None })
    }

    /// Requests until the time is up.
    pub(super) fn lasting(began: Instant, duration: Duration) -> Self {
        let until = began.checked_add(duration);
        Self::new(began, Pace::Closed { total: u64::MAX, until })
    }

    /// Requests by a schedule.
    pub(super) fn scheduled(began: Instant, schedule: Schedule) -> Self {
        Self::new(began, Pace::Open { schedule, released: AtomicU64::new(0) })
    }

    fn new(began: Instant, pace: Pace) -> Self {
        Self { began, pace, taken: AtomicU64::new(0) }
    }

    /// The next request, for somebody who is free now.
    pub(super) fn take(&self, now: Instant) -> Ticket {
        match &self.pace {
            // However short the time is, there is one request.
            Pace::Closed { until: Some(until), .. }
                if now >= *until && self.taken.load(Ordering::Relaxed) > 0 =>
            {
                Ticket::Never
            }
            Pace::Closed { total, .. } => {
                match self.taken.fetch_add(1, Ordering::Relaxed) < *total {
                    true => Ticket::Due(now),
                    false => Ticket::Never,
                }
            }
            Pace::Open { schedule, released } => {
                let due = released.load(Ordering::Acquire);
                let next = |taken| (taken < due).then_some(taken + 1);
                match self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next) {
                    Ok(n) => Ticket::Due(self.began + schedule.start(n)),
                    Err(n) if n >= schedule.total() => Ticket::Never,
                    Err(_) => Ticket::Later,
                }
            }
        }
    }

    /// Makes everything due that has come to its time; gives the time of the next, if there is
    /// one.
    pub(super) fn release(&self, now: Instant) -> Option<Instant> {
        let Pace::Open { schedule, released } = &self.pace else { return None };
        let mut n = released.load(Ordering::Relaxed);
        let next = loop {
            if n >= schedule.total() {
                break None;
            }
            let start = self.began + schedule.start(n);
            if start > now {
                break Some(start);
            }
            n += 1;
        };
        released.store(n, Ordering::Release);
        next
    }

    /// How many requests are due that nobody has taken.
    pub(super) fn waiting(&self) -> u64 {
        match &self.pace {
            Pace::Closed { .. } => 0,
            Pace::Open { released, .. } => {
                let taken = self.taken.load(Ordering::Relaxed);
                released.load(Ordering::Acquire).saturating_sub(taken)
            }
        }
    }

    /// Whether requests have times of their own.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.pace, Pace::Open { .. })
    }

    /// Whether the last one was taken.
    pub(super) fn are_gone(&self) -> bool {
        match &self.pace {
            Pace::Closed { .. } => false,
            Pace::Open { schedule, .. } => self.taken.load(Ordering::Relaxed) >= schedule.total(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_run_ends_by_number_or_by_time() {
        let now = Instant::now();
        let tickets = Tickets::count(now, 2);
        let taken: Vec<_> = (0..4).map(|_| tickets.take(now)).collect();
        assert_eq!(taken, [Ticket::Due(now), Ticket::Due(now), Ticket::Never, Ticket::Never]);
        let tickets = Tickets::lasting(now, Duration::from_secs(1));
        assert_eq!(tickets.take(now), Ticket::Due(now));
        assert_eq!(tickets.take(now + Duration::from_secs(1)), Ticket::Never);
    }

    #[test]
    fn an_open_run_hands_out_what_is_due_with_the_time_it_was_due_at() {
        let began = Instant::now();
        let schedule = Schedule::of("2/s".parse().unwrap(), 3);
        let tickets = Tickets::scheduled(began, schedule);
        let at = |half_seconds: u32| began + Duration::from_millis(500) * half_seconds;
        assert_eq!(tickets.take(at(9)), Ticket::Later);
        assert_eq!(tickets.release(at(0)), Some(at(1)));
        assert_eq!((tickets.take(at(0)), tickets.take(at(0))), (Ticket::Due(at(0)), Ticket::Later));
        // Nobody was free for long: the wait counts from when each was due.
        assert_eq!(tickets.release(at(9)), None);
        assert_eq!(tickets.waiting(), 2);
        assert_eq!(tickets.take(at(9)), Ticket::Due(at(1)));
        assert_eq!(tickets.take(at(9)), Ticket::Due(at(2)));
        assert_eq!(tickets.take(at(9)), Ticket::Never);
        assert!(tickets.are_gone());
    }
}

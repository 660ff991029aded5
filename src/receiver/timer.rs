//! One timer a connection. The HTTP library asks for a new one before each head; to make it, to
//! enter it with the runtime and to take it out again would be a good part of a request's cost.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use hyper::rt::{Sleep, Timer};
use tokio::time;

type Spare = Arc<Mutex<Option<Pin<Box<time::Sleep>>>>>;

/// Hands out the same timer again and again: it stays entered and is only put off.
#[derive(Debug, Default)]
pub(super) struct OneTimer {
    spare: Spare,
}

impl Timer for OneTimer {
    fn sleep(&self, duration: std::time::Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(self.now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        let spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner).take();
        let deadline = time::Instant::from_std(deadline);
        let sleep = match spare {
            Some(mut sleep) => {
                sleep.as_mut().reset(deadline);
                sleep
            }
            None => Box::pin(time::sleep_until(deadline)),
        };
        Box::pin(Lent { sleep: Some(sleep), spare: self.spare.clone() })
    }

    fn now(&self) -> Instant {
        time::Instant::now().into_std()
    }
}

/// The timer, until it is given back.
struct Lent {
    sleep: Option<Pin<Box<time::Sleep>>>,
    spare: Spare,
}

impl Future for Lent {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.sleep.as_mut().map_or(Poll::Ready(()), |sleep| sleep.as_mut().poll(context))
    }
}

impl Sleep for Lent {}

impl Drop for Lent {
    fn drop(&mut self) {
        *self.spare.lock().unwrap_or_else(PoisonError::into_inner) = self.sleep.take();
    }
}

//! What is due, in order of time: timers and effects together. Owns the walk of a hand-moved clock; each worker owns its own rows.

use crate::Desk;
use crate::error::Result;
use aftercare_domain::time::Micros;

impl Desk {
    /// With a hand-moved clock: stops at every moment up to `until` at which something is due, does it, and ends there. Otherwise does
    /// what is due now. Answers how much was done.
    pub async fn run_due(&self, until: Micros) -> Result<usize> {
        let mut done = 0;
        while let Some(due) = self.next_due().await?.filter(|due| *due <= until) {
            self.stand_at(due);
            match self.do_due().await? {
                // What is due is claimed by another node, or waits for its next try.
                0 => break,
                some => done += some,
            }
        }
        self.stand_at(until);
        // What was left by the break above, now that it is later.
        while self.next_due().await?.is_some_and(|due| due <= until) {
            match self.do_due().await? {
                0 => break,
                some => done += some,
            }
        }
        Ok(done)
    }

    async fn do_due(&self) -> Result<usize> {
        Ok(self.fire_due_timers().await? + self.carry_out_due().await?)
    }

    async fn next_due(&self) -> Result<Option<Micros>> {
        Ok([self.next_timer().await?, self.next_effect().await?].into_iter().flatten().min())
    }

    fn stand_at(&self, to: Micros) {
        if let Some(clock) = self.clock.by_hand() {
            clock.move_to(to);
        }
    }
}

//! Server-sent events: which cases changed. Owns one reader of the feed per process, and one stream per listener.
//!
//! A listener first catches up from the feed, then gets what the reader reads; who falls behind catches up again. Only changes of the
//! listener's shops are told, and a listener whose session ended or whose rights changed is cut off within a minute.

use crate::call::Call;
use aftercare_app::live::FeedRow;
use aftercare_app::presence::Here;
use aftercare_app::{Desk, Result};
use aftercare_domain::people::{Action, policy};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use std::convert::Infallible;
use std::result::Result as Outcome;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc};
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use tokio_stream::wrappers::ReceiverStream;

/// Pages a slow listener may lag behind before it reads the feed again.
const BUFFER: usize = 256;
/// Changes within this time are read together.
const GATHER: Duration = Duration::from_millis(20);
/// Changes of other nodes are seen at the latest after this.
const POLL: Duration = Duration::from_millis(1_000);
/// A listener's rights are asked again after this.
const ASK_AGAIN: Duration = Duration::from_secs(60);

/// Rows read together: whole transactions, in the order of commits.
type Page = Arc<[FeedRow]>;

/// The reader of the feed; it ends with the last handle.
pub(crate) struct Live {
    rows: broadcast::Sender<Page>,
    reader: JoinHandle<()>,
}

impl Live {
    pub(crate) fn start(desk: Desk) -> Self {
        let rows = broadcast::Sender::new(BUFFER);
        let reader = tokio::spawn(read(desk, rows.clone()));
        Self { rows, reader }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

async fn read(desk: Desk, rows: broadcast::Sender<Page>) {
    let mut changes = desk.live.subscribe();
    let mut last = loop {
        match desk.feed_here().await {
            Ok(here) => break here,
            Err(error) => tracing::warn!(%error, "the feed cannot be read"),
        }
        sleep(POLL).await;
    };
    loop {
        tokio::select! {
            _ = changes.recv() => sleep(GATHER).await,
            () = sleep(POLL) => {}
        }
        changes = changes.resubscribe();
        loop {
            match desk.feed_after(last).await {
                Ok(page) if page.is_empty() => break,
                Ok(page) => {
                    last = page.last().map_or(last, |row| row.place);
                    // Nobody listening is fine.
                    let _ = rows.send(page.into());
                }
                Err(error) => {
                    tracing::warn!(%error, "the feed cannot be read");
                    break;
                }
            }
        }
    }
}

/// Where a listener left off.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    /// The last `seq` seen; absent: only what changes from now on.
    after: Option<i64>,
}

/// The stream of one listener.
pub(crate) async fn listen(call: Call, given: After) -> Result<Response> {
    let rows = call.visit.api.inner.live.rows.subscribe();
    let again = call.visit.headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let last = match again.or(given.after) {
        Some(after) => after,
        None => call.desk.feed_here().await?,
    };
    let (sender, events) = mpsc::channel(64);
    tokio::spawn(async move {
        let api = call.visit.api.clone();
        api.inner.metrics.streams.inc();
        Listener { call, sender, last }.run(rows).await;
        api.inner.metrics.streams.dec();
    });
    let alive = KeepAlive::new().interval(Duration::from_secs(15));
    Ok(Sse::new(ReceiverStream::new(events)).keep_alive(alive).into_response())
}

struct Listener {
    call: Call,
    sender: mpsc::Sender<Outcome<Event, Infallible>>,
    last: i64,
}

/// The listener went away or lost the right; the stream ends.
struct Gone;

impl Listener {
    async fn run(mut self, mut pages: broadcast::Receiver<Page>) {
        let mut presence = self.call.desk.presence.subscribe();
        let mut closing = self.call.visit.api.inner.closing.subscribe();
        let mut asking = interval(ASK_AGAIN);
        asking.set_missed_tick_behavior(MissedTickBehavior::Delay);
        asking.reset_at(Instant::now() + ASK_AGAIN);
        let here = Event::default().event("here").data(json!({ "seq": self.last }).to_string());
        if self.sender.send(Ok(here)).await.is_err() || self.catch_up().await.is_err() {
            return;
        }
        loop {
            let step = tokio::select! {
                page = pages.recv() => match page {
                    Ok(page) => self.tell(&page).await,
                    Err(broadcast::error::RecvError::Lagged(_)) => self.catch_up().await,
                    Err(broadcast::error::RecvError::Closed) => Err(Gone),
                },
                here = presence.recv() => match here {
                    Ok(here) => self.tell_presence(&here).await,
                    // Whoever lagged behind hears of it with the next sign of life.
                    Err(_) => Ok(()),
                },
                _ = asking.tick() => self.ask_again().await,
                () = self.sender.closed() => Err(Gone),
                () = async { drop(closing.wait_for(|closing| *closing).await) } => Err(Gone),
            };
            if step.is_err() {
                return;
            }
        }
    }

    async fn catch_up(&mut self) -> Outcome<(), Gone> {
        loop {
            let page = self.call.desk.feed_after(self.last).await.map_err(|error| {
                tracing::warn!(%error, "a live stream ends");
                Gone
            })?;
            if page.is_empty() {
                return Ok(());
            }
            self.tell(&page).await?;
        }
    }

    /// Rows of one transaction share a place; only the last of them says that place, so that a listener who was cut off in between
    /// goes on before all of them.
    async fn tell(&mut self, page: &[FeedRow]) -> Outcome<(), Gone> {
        let mut here = self.last;
        for (n, row) in page.iter().enumerate().filter(|(_, row)| row.place > self.last) {
            if page.get(n + 1).is_none_or(|next| next.place > row.place) {
                here = row.place;
            }
            if self.call.context.actor.sees(row.shop) {
                let data = json!({ "shop_id": row.shop, "case_id": row.case, "version": row.version, "seq": here });
                let event = Event::default().event("case").id(here.to_string()).data(data.to_string());
                self.sender.send(Ok(event)).await.map_err(|_| Gone)?;
            }
        }
        self.last = here;
        Ok(())
    }

    /// It has no place in the feed: who missed it asks again soon anyway.
    async fn tell_presence(&self, here: &Here) -> Outcome<(), Gone> {
        if !self.call.context.actor.sees(here.shop_id) {
            return Ok(());
        }
        let data = serde_json::to_string(here).map_err(|_| Gone)?;
        self.sender.send(Ok(Event::default().event("presence").data(data))).await.map_err(|_| Gone)
    }

    async fn ask_again(&mut self) -> Outcome<(), Gone> {
        let visit = &self.call.visit;
        let (actor, _) = crate::signed::caller(&visit.api, &visit.headers).await.map_err(|_| Gone)?;
        if !policy::could(&actor.who, Action::ReadQueue) {
            return Err(Gone);
        }
        self.call.context.actor = actor;
        Ok(())
    }
}

//! What happened, in the order in which it can be told, and the chain of hashes over it; on both engines.

use crate::desk::{World, on_both};
use aftercare_app::audit::seal::{Seal, Verdict};
use aftercare_app::case::open::OpenCase;
use aftercare_domain::id::Id;
use aftercare_store::{DbError, Tx, values};
use std::sync::mpsc;
use std::time::Duration;
use tokio::task::JoinHandle;

const FEED: &[&str] = &["shop_id", "case_id", "case_version", "at"];

fn row(tx: &mut Tx<'_>, version: i64) -> Result<(), DbError> {
    tx.insert("feed", FEED, values![1, Id::from_bytes([9; 16]), version, 0]);
    // The next statement sends the row.
    tx.execute("UPDATE setting SET value = 'x' WHERE name = 'nothing'", &values![]).map(drop)
}

/// A writer that takes its number, tells so, waits for a word, and then adds a row; or adds it first.
fn writer(world: &World, version: i64, row_first: bool) -> (mpsc::Receiver<()>, mpsc::Sender<()>, JoinHandle<Result<(), DbError>>) {
    let ((tell, told), (word, heard)) = (mpsc::channel::<()>(), mpsc::channel::<()>());
    let store = world.desk.store.clone();
    let work = move |tx: &mut Tx<'_>| {
        tx.insert("login_try", &["subject", "failures", "blocked_until", "updated_at"], values![vec![version as u8], 0, 0, 0]);
        if row_first {
            row(tx, version)?;
        }
        tx.query_opt("SELECT 1 FROM meta WHERE name = 'schema'", &[], |_| Ok(()))?;
        // Both fail only when nobody listens or speaks any more; the outcome is looked at in the end.
        let _ = tell.send(());
        let _ = heard.recv_timeout(Duration::from_secs(2));
        if row_first { Ok(()) } else { row(tx, version) }
    };
    (told, word, tokio::spawn(async move { store.write::<_, DbError, _>(work).await }))
}

#[test]
fn a_reader_never_passes_a_change_that_is_still_to_be_committed() {
    on_both(|world: World| async move {
        let wait = |told: &mpsc::Receiver<()>| tokio::task::block_in_place(|| told.recv_timeout(Duration::from_millis(500)));
        // The first writer has the lower transaction number, the second the lower place in the sequence and ends last.
        let (first_told, first_word, first) = writer(&world, 1, false);
        wait(&first_told).expect("the first has begun");
        let (second_told, second_word, second) = writer(&world, 2, true);
        // With one writer thread the second has not begun yet.
        let _ = wait(&second_told);
        first_word.send(()).expect("a word");
        first.await.expect("ran").expect("committed");
        let before = world.desk.feed_after(0).await.expect("a page");
        // On SQLite both are one commit: the second has stopped waiting by now.
        let _ = second_word.send(());
        second.await.expect("ran").expect("committed");
        let place = before.last().map_or(0, |row| row.place);
        let mut after = world.desk.feed_after(place).await.expect("a page");
        // On a server with other databases their open transactions hold the feed back as well: later, never lost.
        for _ in 0..200 {
            if before.len() + after.len() >= 2 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            after = world.desk.feed_after(place).await.expect("a page");
        }
        let mut versions: Vec<i64> = before.iter().chain(&after).map(|row| row.version).collect();
        versions.sort_unstable();
        assert_eq!(versions, [1, 2], "told before: {before:?}");
    });
}

async fn open(world: &World, text: &str) -> Id {
    let agent = world.desk.context(world.desk.sign_in("agent", crate::desk::PASSWORD).await.expect("signed in").actor);
    let input = OpenCase {
        order_no: None,
        channel: "chat".into(),
        text: text.into(),
        request: None,
        scenario: None,
        external_ref: None,
        severity: None,
        emotion: None,
    };
    world.desk.open_case(&agent, world.shop, input).await.expect("opened").case_id
}

/// Seals until the newest row of both logs is sealed. On a server with other databases their open transactions hold rows back
/// (later, never lost), so what was written together may end in several seals.
async fn sealed(world: &World) -> Seal {
    for _ in 0..200 {
        world.desk.seal_audit().await.expect("sealed");
        let newest = async |log: &str| {
            let log = log.to_owned();
            let place = move |tx: &mut Tx<'_>| {
                let place = tx.place();
                let newest =
                    tx.query_opt(&format!("SELECT {place} FROM {log} WHERE {place} > 0 ORDER BY {place} DESC LIMIT 1"), &[], |row| {
                        row.get(0)
                    })?;
                Ok::<i64, DbError>(newest.unwrap_or(0))
            };
            world.desk.store.read(place).await.expect("read")
        };
        let (feed, audit) = (newest("feed").await, newest("audit").await);
        let last = world.desk.last_seal(&aftercare_app::Context::desk(world.desk.clock.now())).await.expect("read");
        if let Some(seal) = last.filter(|seal| seal.feed_place >= feed && seal.audit_place >= audit) {
            return seal;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the newest rows were not sealed");
}

#[test]
fn a_changed_event_or_audit_row_breaks_the_chain_at_its_seal() {
    on_both(|world: World| async move {
        world.staff("agent").await;
        let case = open(&world, "在吗").await;
        let first = sealed(&world).await;
        open(&world, "还在吗").await;
        let last = sealed(&world).await;
        assert_eq!(world.desk.seal_audit().await.expect("sealed"), 0, "nothing is left to seal");
        assert_eq!(world.desk.verify_audit(Some(first.clone())).await.expect("verified"), Verdict::Sound(last.n));
        for harm in [
            "UPDATE event SET payload = '{}' || payload WHERE shop_id = 1 AND case_id = $1 AND case_version = 1 AND n = 0",
            "UPDATE audit SET object = object || 'x' WHERE seq = 1",
        ] {
            let run = async |sql: String| {
                let params = if sql.contains("$1") { values![case].to_vec() } else { vec![] };
                world.desk.store.write::<_, DbError, _>(move |tx| tx.execute(&sql, &params)).await.expect("changed")
            };
            assert_eq!(run(harm.to_owned()).await, 1);
            let verdict = world.desk.verify_audit(None).await.expect("verified");
            assert!(matches!(verdict, Verdict::Broken(n) if n <= first.n), "{harm}: {verdict:?}");
            let heal =
                harm.replace("'{}' || payload", "SUBSTR(payload, 3)").replace("object || 'x'", "SUBSTR(object, 1, LENGTH(object) - 1)");
            run(heal).await;
            assert_eq!(world.desk.verify_audit(None).await.expect("verified"), Verdict::Sound(last.n));
        }
        let n = first.n;
        let other = Seal { hash: "00".repeat(32), ..first };
        assert_eq!(world.desk.verify_audit(Some(other)).await.expect("verified"), Verdict::Missing(n));
    });
}

//! What a transaction promises, on both engines alike.

use aftercare_store::testing::on_both;
use aftercare_store::{DbError, Store, Tx, values};

const STAFF: &[&str] = &["id", "name", "display_name", "agent_no", "role", "password_hash", "created_at"];

fn add_staff(tx: &mut Tx<'_>, name: &str) -> Result<(), DbError> {
    let id: [u8; 16] = aftercare_store::vault::random();
    tx.insert("staff", STAFF, values![id, name, name, "A01", "agent", "x", 0]);
    Ok(())
}

fn names(store: &Store) -> Vec<String> {
    store.read_blocking(|tx| tx.query("SELECT name FROM staff ORDER BY name", &[], |row| row.get::<String>(0))).expect("names")
}

#[test]
fn what_was_answered_is_there_and_what_failed_is_not() {
    on_both(|engine, store| {
        store.write_blocking::<_, DbError, _>(|tx| add_staff(tx, "a")).expect("a write");
        let refused = store.write_blocking::<(), DbError, _>(|tx| {
            add_staff(tx, "b")?;
            tx.execute("UPDATE staff SET role = $1 WHERE name = $2", &values!["lead", "a"])?;
            Err(DbError::Closed)
        });
        assert!(refused.is_err());
        assert_eq!(names(&store), ["a"], "{engine}");
        let role = store.read_blocking(|tx| tx.query_opt("SELECT role FROM staff", &[], |row| row.get::<String>(0)));
        assert_eq!(role.expect("a read").as_deref(), Some("agent"), "{engine}");
    });
}

#[test]
fn a_row_that_is_there_already_is_told_apart() {
    on_both(|engine, store| {
        let add = || store.write_blocking::<_, DbError, _>(|tx| add_staff(tx, "a"));
        add().expect("the first");
        assert!(matches!(add(), Err(DbError::Unique(_))), "{engine}");
    });
}

#[test]
fn a_broken_ledger_rule_is_refused_by_the_database_too() {
    on_both(|engine, store| {
        let outcome = store.write_blocking::<_, DbError, _>(|tx| {
            tx.insert("stock", &["shop_id", "sku", "on_hand", "reserved"], values![1, "coat", 1, 2]);
            Ok(())
        });
        assert!(matches!(outcome, Err(DbError::Check(_))), "{engine}: {outcome:?}");
    });
}

#[test]
fn many_rows_of_many_tables_go_in_together_with_absent_values() {
    on_both(|engine, store| {
        let counted = store.write_blocking::<_, DbError, _>(|tx| {
            for n in 0..500 {
                tx.count(aftercare_domain::id::ShopId(n % 3), "open", "all", 1, 100);
            }
            tx.insert("login_try", &["subject", "failures", "blocked_until", "updated_at"], values![vec![1u8], 0, 0, 0]);
            tx.insert(
                "audit",
                &["shop_id", "actor_id", "actor_role", "action", "object", "payload", "at"],
                values![1, None::<Vec<u8>>, "system", "x", "y", "{}", 0],
            );
            tx.query_opt("SELECT CAST(SUM(count) AS BIGINT), CAST(SUM(amount_minor) AS BIGINT) FROM counter_delta", &[], |row| {
                Ok((row.get::<i64>(0)?, row.get::<i64>(1)?))
            })
        });
        assert_eq!(counted.expect("a write"), Some((500, 50_000)), "{engine}");
    });
}

#[test]
fn two_hundred_callers_at_once_lose_nothing() {
    on_both(|engine, store| {
        store
            .write_blocking::<_, DbError, _>(|tx| {
                tx.insert("stock", &["shop_id", "sku", "on_hand"], values![1, "coat", 50]);
                Ok(())
            })
            .expect("stock");
        let taken: usize = std::thread::scope(|scope| {
            let take = |_: usize| {
                let store = store.clone();
                scope.spawn(move || {
                    store.write_blocking::<_, DbError, _>(|tx| {
                        let left = tx.query_opt(
                            "SELECT on_hand FROM stock WHERE shop_id = $1 AND sku = $2 FOR UPDATE",
                            &values![1, "coat"],
                            |row| row.get::<i64>(0),
                        )?;
                        if left == Some(0) {
                            return Ok(0);
                        }
                        tx.execute("UPDATE stock SET on_hand = on_hand - 1 WHERE shop_id = $1 AND sku = $2", &values![1, "coat"])
                            .map(|n| n as usize)
                    })
                })
            };
            let threads: Vec<_> = (0..200).map(take).collect();
            threads.into_iter().map(|thread| thread.join().expect("a thread").expect("an answer")).sum()
        });
        assert_eq!(taken, 50, "{engine}");
    });
}

#[test]
fn a_command_that_panics_changes_nothing_and_the_store_goes_on() {
    on_both(|engine, store| {
        let outcome = store.write_blocking::<(), DbError, _>(|tx| {
            add_staff(tx, "a")?;
            tx.execute("UPDATE staff SET role = 'x'", &[])?;
            panic!("a fault of the program");
        });
        assert!(matches!(outcome, Err(DbError::Engine(_))), "{engine}");
        assert!(names(&store).is_empty(), "{engine}");
    });
}

#[test]
fn a_read_cannot_write() {
    on_both(|engine, store| {
        let outcome = store.read_blocking::<_, DbError, _>(|tx| tx.execute("UPDATE staff SET role = 'x'", &[]));
        assert!(outcome.is_err(), "{engine}");
    });
}

mod opening {
    use aftercare_store::testing::{Folder, targets};
    use aftercare_store::{Config, DbError, OpenError, Store, Target, values};

    #[test]
    fn a_second_process_on_the_same_file_is_refused() {
        let folder = Folder::new().expect("a folder");
        let open = || Store::open(&Config::new(Target::Folder(folder.path().to_owned())));
        let first = open().expect("the first");
        assert!(matches!(open(), Err(OpenError::InUse(_))));
        drop(first);
        open().expect("after the first ended");
    }

    #[test]
    fn data_of_a_newer_program_is_refused_and_left_alone() {
        for (engine, target, _folder) in targets() {
            let config = Config::new(target);
            let store = Store::open(&config).expect(engine);
            store
                .write_blocking::<_, DbError, _>(|tx| tx.execute("UPDATE meta SET value = $1 WHERE name = 'schema'", &values!["99"]))
                .expect(engine);
            drop(store);
            let Err(error) = Store::open(&config) else { panic!("{engine} opened newer data") };
            assert!(matches!(error, OpenError::NewerSchema { found: 99, .. }), "{engine}: {error}");
        }
    }

    /// Every later migration is undone by hand first. The second one moves what was there: each token of the search index becomes a value by its case.
    #[test]
    fn data_of_an_older_program_is_brought_up_to_date() {
        const TOKENS: [i64; 3] = [i64::MIN + 7, -1, 5];
        for (engine, target, folder) in targets() {
            let config = Config::new(target);
            let store = Store::open(&config).expect(engine);
            let case = [7_u8; 16];
            let back = store.write_blocking::<_, DbError, _>(move |tx| {
                const LATER: &[&str] = &[
                    "DROP TABLE webhook_delivery",
                    "DROP TABLE webhook",
                    "DROP INDEX cases_of_cause",
                    "DROP INDEX cases_of_result",
                    "DROP INDEX cases_of_scenario",
                    "DROP TABLE quality_word",
                    "DROP TABLE case_article",
                    "DROP TABLE export_part",
                    "DROP TABLE export_job",
                    "DROP TABLE presence",
                    "DROP TABLE notification",
                    "DROP TABLE watcher",
                    "DROP INDEX cases_by_amount",
                    "DROP TABLE saved_view",
                    "DROP TABLE bulk_row",
                    "DROP TABLE bulk_job",
                    "DROP TABLE later_send",
                    "ALTER TABLE effect DROP COLUMN stage_before",
                    "DROP TABLE buyer_mark",
                    "DROP TABLE identity_link",
                    "DROP INDEX staff_of_custom_role",
                    "ALTER TABLE staff DROP COLUMN custom_role_id",
                    "DROP TABLE custom_role",
                    "ALTER TABLE session DROP COLUMN device",
                    "ALTER TABLE session DROP COLUMN factor_at",
                    "DROP TABLE factor_demand",
                    "DROP TABLE recovery_code",
                    "DROP TABLE second_factor",
                    "ALTER TABLE playbook DROP COLUMN note",
                    "DROP TABLE knowledge",
                    "DROP TABLE knowledge_version",
                    "DROP TABLE knowledge_use",
                    "DROP TABLE portal_ticket",
                    "DROP INDEX login_try_by_age",
                    "DROP TABLE import_made",
                    "DROP TABLE import_part",
                    "DROP TABLE import_job",
                    "DROP TABLE search_text",
                ];
                LATER.iter().try_for_each(|later| tx.execute(later, &[]).map(drop))?;
                tx.execute("CREATE INDEX search_token_of_case ON search_token (shop_id, case_id)", &[])?;
                tx.execute("UPDATE meta SET value = '1' WHERE name = 'schema'", &[])?;
                TOKENS.iter().for_each(|token| tx.insert("search_token", &["shop_id", "token", "case_id"], values![1, *token, case]));
                Ok(())
            });
            back.expect(engine);
            drop(store);
            let store = Store::open(&config).expect(engine);
            let sql = "SELECT tokens FROM search_text WHERE shop_id = 1 AND case_id = $1";
            let read = store.read_blocking(move |tx| tx.query(sql, &values![case], |row| row.get::<Vec<u8>>(0)));
            let mut tokens: Vec<i64> =
                read.expect(engine).into_iter().map(|it| i64::from_be_bytes(it.try_into().expect("8 bytes"))).collect();
            tokens.sort_unstable();
            assert_eq!(tokens, TOKENS, "{engine}");
            let there = std::fs::read_dir(folder.path()).into_iter().flatten().flatten();
            let backup = there.filter(|file| file.file_name().to_string_lossy().starts_with("before-schema-")).count();
            assert_eq!(backup, usize::from(engine == "sqlite"), "{engine}: a file is backed up before");
        }
    }

    #[test]
    fn what_was_written_is_there_after_opening_again() {
        for (engine, target, _folder) in targets() {
            let config = Config::new(target);
            for round in 0..3 {
                let store = Store::open(&config).expect(engine);
                let kept = store.write_blocking::<_, DbError, _>(move |tx| {
                    tx.insert("setting", &["name", "value"], values![format!("round-{round}"), "x"]);
                    tx.query_opt("SELECT COUNT(*) FROM setting", &[], |row| row.get::<i64>(0))
                });
                assert_eq!(kept.expect(engine), Some(round + 1), "{engine}");
            }
        }
    }
}

//! No statement that a test ran may read a whole table: every one is explained at the end of the test, on the engine it ran on.
//!
//! Owns what counts as reading too much. SQLite has no statistics here and PostgreSQL is forbidden sequential scans, so a plan
//! that still scans has no index to use.

use crate::dialect::{Engine, statement};
use crate::{DbError, Target};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

static HEARD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Tables that stay small whatever a shop sells (`counter_delta` because it is folded away all the time); reading them whole is fine.
const SMALL: &[&str] =
    &["meta", "shop", "staff", "staff_shop", "setting", "node", "playbook", "custom_field", "api_token", "import_run", "counter_delta"];

/// Remembers a statement for the check.
pub(crate) fn heard(sql: &str) {
    let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
    if !heard.contains(sql) {
        heard.insert(sql.to_owned());
    }
}

/// Explains everything heard so far; one line for each statement that reads too much.
pub(crate) fn too_much(target: &Target) -> Vec<String> {
    let heard: Vec<String> = HEARD.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect();
    let found = match target {
        Target::Folder(folder) => on_sqlite(folder, &heard),
        Target::Postgres(address) => on_postgres(address, &heard),
    };
    found.unwrap_or_else(|error| vec![format!("the plans could not be read: {error}")])
}

fn on_sqlite(folder: &Path, heard: &[String]) -> Result<Vec<String>, DbError> {
    let connection = rusqlite::Connection::open_with_flags(folder.join(crate::sqlite::FILE), rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut faults = Vec::new();
    for sql in heard.iter().filter(|sql| explainable(sql)) {
        let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {}", statement(Engine::Sqlite, sql)))?;
        let steps: Vec<String> = explain.raw_query().mapped(|row| row.get(3)).collect::<Result<_, _>>()?;
        let sorted = steps.iter().any(|step| step.contains("TEMP B-TREE FOR ORDER BY"));
        let bounded = sql.contains("LIMIT") && !sorted;
        faults.extend(steps.iter().filter(|step| sqlite_reads_too_much(sql, step, bounded)).map(|step| format!("{step}\n    in {sql}")));
    }
    Ok(faults)
}

/// `SEARCH … (shop_id=?)` alone is the whole shop, unless the index gives the order and a LIMIT ends it.
fn sqlite_reads_too_much(sql: &str, step: &str, bounded: bool) -> bool {
    let mut words = step.split(' ');
    let (verb, table) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if SMALL.contains(&table)
        || step.contains("CONSTANT ROW")
        || step.contains("VIRTUAL TABLE")
        || step.contains("SUBQUERY")
        // what a window is made over: how that was read stands in steps of its own
        || table.starts_with("(subquery")
        || sql.contains(&format!(") AS {table}"))
        || sql.contains(&format!("{table} AS "))
    {
        return false;
    }
    match verb {
        "SCAN" => !(bounded && step.contains("USING")),
        "SEARCH" => step.ends_with("(shop_id=?)") && !bounded,
        _ => false,
    }
}

fn on_postgres(address: &str, heard: &[String]) -> Result<Vec<String>, DbError> {
    let mut client = postgres::Client::connect(address, postgres::NoTls)?;
    client.batch_execute("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan")?;
    let mut faults = Vec::new();
    for sql in heard.iter().filter(|sql| explainable(sql)) {
        client.batch_execute(&format!("PREPARE heard AS {sql}"))?;
        let nulls = vec!["NULL"; parameters(sql)].join(", ");
        let arguments = if nulls.is_empty() { String::new() } else { format!("({nulls})") };
        for line in client.simple_query(&format!("EXPLAIN EXECUTE heard{arguments}"))? {
            let postgres::SimpleQueryMessage::Row(row) = line else { continue };
            let step = row.get(0).unwrap_or_default();
            if let Some((_, table)) = step.split_once("Seq Scan on ")
                && !SMALL.contains(&table.split(' ').next().unwrap_or_default())
            {
                faults.push(format!("{step}\n    in {sql}"));
            }
        }
        client.batch_execute("DEALLOCATE heard")?;
    }
    Ok(faults)
}

/// A test may look at a whole table itself: such a statement begins with `/* test */`.
fn explainable(sql: &str) -> bool {
    ["SELECT", "UPDATE", "DELETE", "WITH"].iter().any(|verb| sql.trim_start().starts_with(verb))
}

fn parameters(sql: &str) -> usize {
    let numbers = sql.split('$').skip(1).filter_map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<usize>().ok()
    });
    numbers.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_shop_is_too_much_and_a_page_is_not() {
        let check = |step: &str, bounded: bool, expect: bool| assert_eq!(sqlite_reads_too_much("", step, bounded), expect, "{step}");
        check("SCAN cases", true, true);
        check("SCAN shop", false, false);
        check("SCAN (subquery-5)", false, false);
        check("SEARCH r USING INDEX sqlite_autoindex_request_1 (shop_id=?)", false, true);
        check("SEARCH cases USING INDEX cases_open (shop_id=?)", true, false);
        check("SEARCH cases USING INDEX cases_of_order (shop_id=? AND order_id=?)", false, false);
    }

    #[test]
    fn parameters_are_counted_by_their_highest_number() {
        assert_eq!(parameters("SELECT $2, $10, $1"), 10);
        assert_eq!(parameters("SELECT 1"), 0);
    }
}

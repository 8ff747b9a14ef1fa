//! Negative controls: every mechanism with a switch is taken away, and its test has to fail. Owns running the rows of docs/SAFETY.md.

use std::path::Path;
use std::process::Command;

/// Rows whose command can be run as it stands begin so.
const SWITCH: &str = "AFTERCARE_WITHOUT=";

pub(crate) fn run(names: &[String]) -> Result<(), String> {
    let file = Path::new("docs/SAFETY.md");
    let text = std::fs::read_to_string(file).map_err(|why| format!("{}: {why}", file.display()))?;
    let mut passed = Vec::new();
    for row in rows(&text).filter(|row| names.is_empty() || names.iter().any(|name| name == row.switch)) {
        println!("without {}: {}", row.switch, row.command);
        let mut words = row.command.split_whitespace();
        let program = words.next().unwrap_or_default();
        let mut command = Command::new(program);
        let status = command.args(words.map(|word| word.trim_matches('\''))).env("AFTERCARE_WITHOUT", row.switch).status();
        if status.map_err(|why| format!("{}: {why}", row.command))?.success() {
            passed.push(row.switch);
        }
    }
    if passed.is_empty() { Ok(()) } else { Err(format!("these tests pass without what they test: {}", passed.join(", "))) }
}

struct Row<'a> {
    switch: &'a str,
    command: &'a str,
}

/// The rows with a switch: mechanism, switch, command, failure.
fn rows(text: &str) -> impl Iterator<Item = Row<'_>> {
    text.lines().filter_map(|line| {
        let mut cells = line.split('|').map(str::trim);
        let switch = cells.nth(2)?.trim_matches('`').strip_prefix(SWITCH)?;
        let command = cells.next()?.trim_matches('`');
        Some(Row { switch, command })
    })
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn rows_with_a_switch_are_found() {
        let table = "| mechanism | switch | command | failure seen |\n| fence | `AFTERCARE_WITHOUT=fence` | `cargo nextest run x` | twice |\n\
            | gate | `if true` in a file | `cargo nextest run y` | sent |";
        let found: Vec<_> = rows(table).map(|row| (row.switch, row.command)).collect();
        assert_eq!(found, [("fence", "cargo nextest run x")]);
    }
}

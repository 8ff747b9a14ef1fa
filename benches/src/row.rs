//! One printed row. Owns the form; the ratio is value over limit value, both in the row's unit.

/// A measured figure beside what the machine can do at best for the same work.
pub struct Row {
    pub name: &'static str,
    pub value: f64,
    pub unit: &'static str,
    pub limit: f64,
}

impl Row {
    /// Prints it.
    pub fn print(&self) {
        let Self { name, value, unit, limit } = self;
        println!("{name} {value:.2} {unit} | limit {limit:.2} | {:.2}", value / limit);
    }
}

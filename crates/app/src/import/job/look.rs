//! A first look at a file: what it seems to be, what its columns seem to mean, and some rows as they would be read. Changes nothing.

use super::part::Kind;
use super::{Job, State};
use crate::error::{Result, bad_input};
use crate::import::mapping::Encoding;
use crate::import::{Mapping, Table, table};
use crate::order::mask;
use crate::{Context, Desk};
use aftercare_domain::id::{Id, ShopId};
use aftercare_domain::import::{Field, columns, time_format};
use aftercare_domain::people::{Action, policy::Object};
use aftercare_domain::privacy::masked;
use aftercare_domain::refusal::{Code, Refusal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Rows shown.
const SHOWN: usize = 20;
/// Times looked at to find out how they are written.
const SAMPLES: usize = 200;

/// How the file is to be looked at; everything that is absent is guessed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Look {
    /// The person's own mapping so far.
    pub mapping: Option<Mapping>,
}

/// What was seen.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Looked {
    /// sheet, utf-8 or gb18030.
    pub kind: String,
    /// Rows without the header.
    pub rows: usize,
    /// The columns' names.
    pub headers: Vec<String>,
    /// The mapping used: the one given, or what was guessed.
    pub mapping: Mapping,
    /// Fields that are needed and have no column.
    pub missing: Vec<String>,
    /// The first rows, personal data masked.
    pub sample: Vec<Vec<String>>,
}

impl Desk {
    /// Looks at the file of a job.
    pub async fn look_at_import(&self, context: &Context, (shop, id): (ShopId, Id), look: Look) -> Result<Looked> {
        context.actor.may(Action::Import, &Object::shop("shop", shop))?;
        if let Some(mapping) = &look.mapping {
            mapping.check().map_err(|problem| bad_input("mapping", problem))?;
        }
        let job = self.store.read(move |tx| Job::load(tx, shop, id)).await?;
        if job.state == State::Uploading {
            return Err(Refusal::new(Code::ImportPart).with("wanted", job.parts).with("given", job.parts - 1).into());
        }
        let name = job.name(&self.vault);
        let bytes = self.import_bytes(&job, Kind::File).await?;
        let looked = tokio::task::spawn_blocking(move || looked(&name, &bytes, look.mapping));
        let looked = looked.await.map_err(|error| aftercare_store::DbError::Shape(error.to_string()))?;
        looked.map_err(|problem| file_fault(&job.name(&self.vault), problem))
    }
}

/// The refusal of a file as a whole; its name stands in it already.
pub(super) fn file_fault(name: &str, problem: String) -> crate::Error {
    Refusal::new(Code::ImportFile).with("file", masked(name)).with("problem", masked(&problem)).into()
}

fn looked(name: &str, bytes: &[u8], given: Option<Mapping>) -> std::result::Result<Looked, String> {
    let plain = Mapping::guessed(None, None, "%F".into(), BTreeMap::new());
    let table = Table::read(name, bytes, given.as_ref().unwrap_or(&plain))?;
    let headers: Vec<String> = table.headers().into_iter().map(|header| header.trim().to_owned()).collect();
    let mapping = given.unwrap_or_else(|| guess(bytes, &table, &headers));
    let meaning: BTreeMap<usize, Field> =
        mapping.columns.iter().filter_map(|(field, header)| Some((headers.iter().position(|name| name == header)?, *field))).collect();
    let shown = |row: &csv::StringRecord| row.iter().enumerate().map(|(at, cell)| cell_shown(meaning.get(&at), cell)).collect();
    let mut missing: Vec<String> = mapping.missing().into_iter().map(str::to_owned).collect();
    missing.extend(mapping.columns.values().filter(|header| !headers.contains(header)).cloned());
    Ok(Looked {
        kind: kind(bytes).to_owned(),
        rows: table.len(),
        sample: table.rows().take(SHOWN).map(|(_, row)| shown(row)).collect(),
        missing,
        headers,
        mapping,
    })
}

fn kind(bytes: &[u8]) -> &'static str {
    match bytes {
        sheet if sheet.starts_with(b"PK") => "sheet",
        text if std::str::from_utf8(text).is_ok() => "utf-8",
        _ => "gb18030",
    }
}

fn guess(bytes: &[u8], table: &Table, headers: &[String]) -> Mapping {
    let names: Vec<&str> = headers.iter().map(String::as_str).collect();
    let found = columns(&names);
    let times: Vec<&str> = found.get(&Field::Time).map_or_else(Vec::new, |at| {
        table.rows().filter_map(|(_, row)| row.get(*at)).filter(|cell| !cell.trim().is_empty()).take(SAMPLES).collect()
    });
    // Some rows may be broken: what most of them are written in counts.
    let format = time_format(&times).or_else(|| times.iter().find_map(|one| time_format(&[one])));
    let (encoding, separator) = match kind(bytes) {
        "sheet" => (None, None),
        "utf-8" => (Some(Encoding::Utf8), Some(table::separator(&String::from_utf8_lossy(bytes)) as char)),
        _ => (Some(Encoding::Gb18030), Some(table::separator(&String::from_utf8_lossy(bytes)) as char)),
    };
    let columns = found.into_iter().map(|(field, at)| (field, headers[at].clone())).collect();
    Mapping::guessed(encoding, separator, format.unwrap_or("%Y-%m-%d %H:%M:%S").to_owned(), columns)
}

/// A cell as whoever sets up the import sees it.
fn cell_shown(field: Option<&Field>, cell: &str) -> String {
    match field {
        Some(Field::BuyerName) => mask::name(cell),
        Some(Field::Phone) => mask::phone(cell),
        Some(Field::Address) => mask::address(cell),
        Some(Field::Buyer) => mask::name(cell),
        Some(Field::OrderNo | Field::Waybill | Field::Sku) => cell.to_owned(),
        _ => masked(cell),
    }
}

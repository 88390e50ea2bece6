//! The search in an incident's texts: fixed strings and regular expressions, in any case. It needs the whole record.

use anyhow::Result;
use inc_core::incident::Incident;
use inc_core::text::clean_line;
use regex::{Regex, RegexBuilder};

use crate::failure::Failure;

/// How large a compiled expression may become, in bytes.
const SIZE: usize = 1 << 20;

/// Texts of which one must be found.
pub struct Search {
    fixed: Vec<String>,
    expressions: Vec<Regex>,
}

impl Search {
    /// A search for one of these; `None` where nothing is searched for.
    ///
    /// # Errors
    /// An expression that is wrong or too large.
    pub fn of(fixed: &[String], expressions: &[String]) -> Result<Option<Self>> {
        if fixed.is_empty() && expressions.is_empty() {
            return Ok(None);
        }
        let fixed = fixed.iter().map(|text| text.to_lowercase()).collect();
        let expressions = expressions.iter().map(|text| compile(text)).collect::<Result<_>>()?;
        Ok(Some(Self { fixed, expressions }))
    }

    /// Whether one of the texts is in the incident.
    pub fn finds(&self, incident: &Incident) -> bool {
        texts(incident).any(|text| {
            let is_fixed = !self.fixed.is_empty() && {
                let text = text.to_lowercase();
                self.fixed.iter().any(|wanted| text.contains(wanted))
            };
            is_fixed || self.expressions.iter().any(|wanted| wanted.is_match(text))
        })
    }

    /// What is searched for, after "none".
    pub fn words(&self) -> String {
        let fixed = self.fixed.iter().map(|text| format!("`{}`", clean_line(text)));
        let expressions = self.expressions.iter().map(|text| format!("/{}/", clean_line(text.as_str())));
        format!("with the text {}", fixed.chain(expressions).collect::<Vec<_>>().join(" or "))
    }
}

fn compile(text: &str) -> Result<Regex> {
    let built = RegexBuilder::new(text).case_insensitive(true).size_limit(SIZE).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => Failure::usage(format!(
            "--regex: `{}` becomes larger than {} MiB: repeat less",
            clean_line(text),
            SIZE >> 20
        )),
        // Its message shows the expression with a mark below the place.
        error => Failure::usage(format!("--regex: {error}")),
    })
}

/// Every text of an incident that a search looks at.
fn texts(incident: &Incident) -> impl Iterator<Item = &str> {
    let summary = &incident.summary;
    let parts = [&summary.description, &summary.cause, &summary.impact, &summary.mitigation];
    let entries = incident.timeline.iter().flat_map(|entry| {
        std::iter::once(entry.text.as_str()).chain(entry.details.iter().map(|detail| detail.as_str()))
    });
    std::iter::once(incident.title.as_str())
        .chain(parts.into_iter().flatten().map(|part| part.as_str()))
        .chain(entries)
}

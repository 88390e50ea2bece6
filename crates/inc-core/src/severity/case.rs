//! What a policy judges: the impact of an incident, and the circumstances that a policy may look at.

use crate::impact::{Count, Impact};
use crate::incident::{Incident, Kind};
use crate::settings::Settings;
use crate::span::Span;

/// An impact with its circumstances.
#[derive(Debug, Clone, PartialEq)]
pub struct Case<'a> {
    /// How many are touched, how badly, and what it costs.
    pub impact: &'a Impact,
    /// Where it happens; `None` where nobody was asked.
    pub environment: Option<&'a str>,
    /// An incident, a drill or a near miss.
    pub kind: Kind,
    /// From the start to the end, where both are known and in order.
    pub elapsed: Option<Span>,
    /// How many customers there are in all, where the team said.
    pub customer_base: Option<Count>,
    /// What is not told of dimensions and circumstances does not apply: an example speaks only of what it names.
    pub is_example: bool,
}

impl<'a> Case<'a> {
    /// The case of a record.
    pub fn of(incident: &'a Incident, settings: &Settings) -> Self {
        let elapsed = incident.start().zip(incident.resolved_at);
        Self {
            impact: &incident.impact,
            environment: incident.environment.as_ref().map(|name| name.as_str()),
            kind: incident.kind,
            elapsed: elapsed.and_then(|(start, end)| Span::of(end.since(&start))),
            customer_base: settings.customer_base,
            is_example: false,
        }
    }

    /// An impact of which nothing else is known.
    pub fn bare(impact: &'a Impact) -> Self {
        Self {
            impact,
            environment: None,
            kind: Kind::Incident,
            elapsed: None,
            customer_base: None,
            is_example: false,
        }
    }

    /// The share of customers, in percent: given, or computed from their number and the base.
    ///
    /// `Err` where the number is above the base, with the words for it.
    pub(super) fn computed_share(&self) -> Option<Result<f64, String>> {
        let (count, base) = (self.impact.customers.known()?.get(), self.customer_base?.get());
        if count > base {
            return Some(Err(format!(
                "{count} customers are more than the customer_base of {base} in inc.yaml"
            )));
        }
        // Nobody of nobody is nobody.
        Some(Ok(if base == 0 { 0.0 } else { count as f64 * 100.0 / base as f64 }))
    }
}

//! The properties under `impact.dora`, each with its path; read, answered and taken out as the others are.

use super::Facts;
use crate::answer::Answer;
use crate::impact::Currency;
use crate::instant::Instant;

/// A property under `impact.dora`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the property of that name in `Facts`")]
pub enum Field {
    CriticalServices,
    RelevantClients,
    CounterpartsPercent,
    TransactionsPercent,
    TransactionsAmount,
    TransactionsAmountPercent,
    Reputation,
    ClassifiedAt,
    NotifiedAt,
    IntermediateAt,
    FinalAt,
}

const NAMED: [(&str, Field); 11] = [
    ("impact.dora.critical_services", Field::CriticalServices),
    ("impact.dora.relevant_clients", Field::RelevantClients),
    ("impact.dora.counterparts_percent", Field::CounterpartsPercent),
    ("impact.dora.transactions_percent", Field::TransactionsPercent),
    ("impact.dora.transactions_amount", Field::TransactionsAmount),
    ("impact.dora.transactions_amount_percent", Field::TransactionsAmountPercent),
    ("impact.dora.reputation", Field::Reputation),
    ("impact.dora.classified_at", Field::ClassifiedAt),
    ("impact.dora.notified_at", Field::NotifiedAt),
    ("impact.dora.intermediate_at", Field::IntermediateAt),
    ("impact.dora.final_at", Field::FinalAt),
];

/// The readers of texts that all properties share.
pub(crate) struct Readers<'a> {
    /// What was typed.
    pub text: &'a str,
    /// It as a time.
    pub time: &'a dyn Fn() -> Result<Answer<Instant>, String>,
    /// The currency of an amount that names none.
    pub currency: Currency,
}

impl Field {
    /// Every one, with its path.
    pub fn all() -> impl Iterator<Item = (&'static str, Self)> {
        NAMED.into_iter()
    }

    /// The path, as `impact.dora.critical_services`.
    pub fn path(self) -> &'static str {
        NAMED.iter().find(|(_, field)| *field == self).map(|(path, _)| *path).unwrap_or_default()
    }

    /// Whether the record answers it.
    pub(crate) fn is_answered(self, facts: &Facts) -> bool {
        match self {
            Self::CriticalServices => facts.critical_services.is_asked(),
            Self::RelevantClients => facts.relevant_clients.is_asked(),
            Self::CounterpartsPercent => facts.counterparts_percent.is_asked(),
            Self::TransactionsPercent => facts.transactions_percent.is_asked(),
            Self::TransactionsAmount => facts.transactions_amount.is_asked(),
            Self::TransactionsAmountPercent => facts.transactions_amount_percent.is_asked(),
            Self::Reputation => facts.reputation.is_asked(),
            Self::ClassifiedAt => facts.classified_at.is_asked(),
            Self::NotifiedAt => facts.notified_at.is_asked(),
            Self::IntermediateAt => facts.intermediate_at.is_asked(),
            Self::FinalAt => facts.final_at.is_asked(),
        }
    }

    /// Sets it from what somebody typed.
    pub(crate) fn assign(self, facts: &mut Facts, readers: &Readers<'_>) -> Result<(), String> {
        use crate::field::{answered_list, money, read};
        let Readers { text, time, currency } = readers;
        match self {
            Self::CriticalServices => facts.critical_services = read(text)?,
            Self::RelevantClients => facts.relevant_clients = read(text)?,
            Self::CounterpartsPercent => facts.counterparts_percent = read(text)?,
            Self::TransactionsPercent => facts.transactions_percent = read(text)?,
            Self::TransactionsAmount => facts.transactions_amount = money(text, *currency)?,
            Self::TransactionsAmountPercent => facts.transactions_amount_percent = read(text)?,
            Self::Reputation => facts.reputation = answered_list(text)?,
            Self::ClassifiedAt => facts.classified_at = time()?,
            Self::NotifiedAt => facts.notified_at = time()?,
            Self::IntermediateAt => facts.intermediate_at = time()?,
            Self::FinalAt => facts.final_at = time()?,
        }
        Ok(())
    }

    /// Takes it out: not asked.
    pub(crate) fn clear(self, facts: &mut Facts) {
        match self {
            Self::CriticalServices => facts.critical_services = Answer::Missing,
            Self::RelevantClients => facts.relevant_clients = Answer::Missing,
            Self::CounterpartsPercent => facts.counterparts_percent = Answer::Missing,
            Self::TransactionsPercent => facts.transactions_percent = Answer::Missing,
            Self::TransactionsAmount => facts.transactions_amount = Answer::Missing,
            Self::TransactionsAmountPercent => facts.transactions_amount_percent = Answer::Missing,
            Self::Reputation => facts.reputation = Answer::Missing,
            Self::ClassifiedAt => facts.classified_at = Answer::Missing,
            Self::NotifiedAt => facts.notified_at = Answer::Missing,
            Self::IntermediateAt => facts.intermediate_at = Answer::Missing,
            Self::FinalAt => facts.final_at = Answer::Missing,
        }
    }
}

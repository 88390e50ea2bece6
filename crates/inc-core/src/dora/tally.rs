//! What a record says for each threshold, as bounds: what is missing leaves them open instead of being guessed.

use std::collections::BTreeSet;

use super::verdict::{Bound, Missing, Together, why_open};
use super::{Code, Country, Rules, field};
use crate::answer::Answer;
use crate::field::Field;
use crate::impact::{Count, Flag, Impact, Percent};
use crate::incident::Incident;
use crate::span::Span;

/// The values of one incident, or of several together.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    pub critical: Bound<bool>,
    pub access: Bound<bool>,
    pub relevant: Bound<bool>,
    pub clients: Bound<u64>,
    pub clients_percent: Bound<f64>,
    pub counterparts_percent: Bound<f64>,
    pub transactions_percent: Bound<f64>,
    pub amount_percent: Bound<f64>,
    pub reputation: Bound<BTreeSet<&'static str>>,
    /// In seconds.
    pub duration: Bound<u64>,
    /// In seconds, only of critical services.
    pub downtime: Bound<u64>,
    /// In seconds: downtime that does not count, as no critical service is affected.
    pub idle_downtime: u64,
    pub member_states: Bound<BTreeSet<Code>>,
    pub data_losses: Bound<BTreeSet<&'static str>>,
    /// In hundredths of the threshold's currency.
    pub costs: Bound<u64>,
}

impl Together for Tally {
    fn together(self, other: Self) -> Self {
        Self {
            critical: self.critical.together(other.critical),
            access: self.access.together(other.access),
            relevant: self.relevant.together(other.relevant),
            clients: self.clients.together(other.clients),
            clients_percent: self.clients_percent.together(other.clients_percent),
            counterparts_percent: self.counterparts_percent.together(other.counterparts_percent),
            transactions_percent: self.transactions_percent.together(other.transactions_percent),
            amount_percent: self.amount_percent.together(other.amount_percent),
            reputation: self.reputation.together(other.reputation),
            duration: self.duration.together(other.duration),
            downtime: self.downtime.together(other.downtime),
            idle_downtime: self.idle_downtime.together(other.idle_downtime),
            member_states: self.member_states.together(other.member_states),
            data_losses: self.data_losses.together(other.data_losses),
            costs: self.costs.together(other.costs),
        }
    }
}

impl Tally {
    /// The values alone, without what is missing: enough for a verdict, and quickly added up.
    pub fn bare(self) -> Self {
        Self {
            critical: self.critical.bare(),
            access: self.access.bare(),
            relevant: self.relevant.bare(),
            clients: self.clients.bare(),
            clients_percent: self.clients_percent.bare(),
            counterparts_percent: self.counterparts_percent.bare(),
            transactions_percent: self.transactions_percent.bare(),
            amount_percent: self.amount_percent.bare(),
            reputation: self.reputation.bare(),
            duration: self.duration.bare(),
            downtime: self.downtime.bare(),
            idle_downtime: self.idle_downtime,
            member_states: self.member_states.bare(),
            data_losses: self.data_losses.bare(),
            costs: self.costs.bare(),
        }
    }

    pub fn of(incident: &Incident, rules: &Rules<'_>) -> Self {
        let record = Record { incident, rules };
        let Impact { dora, .. } = &incident.impact;
        let critical = record.flag(&dora.critical_services, field::Field::CriticalServices);
        Self {
            access: record.yes(&incident.impact.malicious_access, Field::MaliciousAccess),
            relevant: record.flag(&dora.relevant_clients, field::Field::RelevantClients),
            clients: record.number(&incident.impact.customers, Field::Customers),
            clients_percent: record.clients_percent(),
            counterparts_percent: record
                .percent(&dora.counterparts_percent, Field::Dora(field::Field::CounterpartsPercent)),
            transactions_percent: record.transactions_percent(),
            amount_percent: record.amount_percent(),
            reputation: record.list(
                &dora.reputation,
                |one| one.name(),
                Field::Dora(field::Field::Reputation),
            ),
            duration: record.duration(),
            downtime: record.downtime(&critical),
            idle_downtime: record.idle_downtime(&critical),
            member_states: record.member_states(),
            data_losses: record.list(&incident.impact.data_losses, |one| one.name(), Field::DataLosses),
            costs: record.costs(),
            critical,
        }
    }
}

/// One record, being read.
struct Record<'a> {
    incident: &'a Incident,
    rules: &'a Rules<'a>,
}

impl Record<'_> {
    fn missing(&self, field: &Field, why: impl Into<String>) -> Missing {
        let id = &self.incident.id;
        Missing { incident: id.clone(), path: field.path(), why: why.into(), command: field.command(id) }
    }

    fn yes(&self, answer: &Answer<Flag>, field: Field) -> Bound<bool> {
        let bound = Bound::of(answer, false, |flag| Ok(flag.0), |why| self.missing(&field, why));
        // Nobody knows yet, but it is yes or no: a flag has an end.
        Bound { most: bound.most.or(Some(true)), ..bound }
    }

    fn flag(&self, answer: &Answer<Flag>, field: field::Field) -> Bound<bool> {
        self.yes(answer, Field::Dora(field))
    }

    fn number(&self, answer: &Answer<Count>, field: Field) -> Bound<u64> {
        Bound::of(answer, 0, |count| Ok(count.get()), |why| self.missing(&field, why))
    }

    fn percent(&self, answer: &Answer<Percent>, field: Field) -> Bound<f64> {
        Bound::of(answer, 0.0, |share| Ok(share.get()), |why| self.missing(&field, why))
    }

    fn list<T>(
        &self,
        answer: &Answer<Vec<T>>,
        name: impl Fn(&T) -> &'static str,
        field: Field,
    ) -> Bound<BTreeSet<&'static str>> {
        let names = |items: &Vec<T>| Ok(items.iter().map(name).collect());
        Bound::of(answer, BTreeSet::new(), names, |why| self.missing(&field, why))
    }

    fn clients_percent(&self) -> Bound<f64> {
        let impact = &self.incident.impact;
        let base = self.rules.customer_base.map(Count::get).filter(|base| *base > 0);
        let number = self.number(&impact.customers, Field::Customers);
        if let (Some(base), true) = (base, number.is_exact())
            && number.least > base
        {
            let why = format!("{} is more than {base}, the customer_base of inc.yaml", number.least);
            return Bound::open(0.0, self.missing(&Field::Customers, why));
        }
        let base = base.map(|base| base as f64);
        self.share(&impact.customers_percent, Field::CustomersPercent, number, Field::Customers, base)
    }

    fn transactions_percent(&self) -> Bound<f64> {
        let impact = &self.incident.impact;
        let number = self.number(&impact.transactions, Field::Transactions);
        let average = self.rules.policy.daily_average.transactions;
        let average = average.map(|average| average.get().get() as f64);
        let field = Field::Dora(field::Field::TransactionsPercent);
        self.share(&impact.dora.transactions_percent, field, number, Field::Transactions, average)
    }

    fn amount_percent(&self) -> Bound<f64> {
        let facts = &self.incident.impact.dora;
        let costs = &self.rules.policy.thresholds.economic_impact;
        let by = Field::Dora(field::Field::TransactionsAmount);
        let worth = |money: &_| costs.worth(*money);
        let number = Bound::of(&facts.transactions_amount, 0, worth, |why| self.missing(&by, why));
        // An average without a rate cannot be reckoned with: then the share itself is wanted.
        let average = self.rules.policy.daily_average.amount;
        let average = average.and_then(|average| costs.worth(average.get()).ok()).map(|worth| worth as f64);
        let field = Field::Dora(field::Field::TransactionsAmountPercent);
        self.share(&facts.transactions_amount_percent, field, number, by, average)
    }

    /// A share: given, or reckoned from a number and what it is a part of. Where the two differ, it lies between them.
    fn share(
        &self,
        given: &Answer<Percent>,
        given_by: Field,
        number: Bound<u64>,
        number_by: Field,
        whole: Option<f64>,
    ) -> Bound<f64> {
        let reckoned = match (number.is_exact(), number.least, whole) {
            (true, 0, _) => Some(0.0),
            (true, number, Some(whole)) => Some(number as f64 * 100.0 / whole),
            _ => None,
        };
        let share = self.percent(given, given_by.clone());
        match (share.is_exact(), reckoned) {
            (true, Some(reckoned)) if reckoned != share.least => Bound {
                least: reckoned.min(share.least),
                most: Some(reckoned.max(share.least)),
                open: vec![self.missing(
                    &given_by,
                    format!(
                        "{} %, though by {} it is {} %: one is wrong",
                        share.least,
                        number_by.path(),
                        told_share(reckoned, share.least)
                    ),
                )],
            },
            (true, _) => share,
            (false, Some(reckoned)) => Bound::known(reckoned),
            // With a whole to divide by, the number is what the team gives; without, the share.
            (false, None) if whole.is_some() => Bound::<f64> { open: number.open, ..share },
            (false, None) => share,
        }
    }

    fn duration(&self) -> Bound<u64> {
        match &self.incident.impact.duration {
            Answer::Known(span) => Bound::known(span.seconds()),
            Answer::None | Answer::NotApplicable => Bound::known(0),
            Answer::Missing | Answer::Unknown => self.elapsed(),
        }
    }

    fn elapsed(&self) -> Bound<u64> {
        let Some(start) = self.incident.start() else {
            let why = self.incident.started_at.word().unwrap_or("not asked");
            return Bound::open(0, self.missing(&Field::StartedAt, why));
        };
        let lasted = |end: crate::instant::Instant| Span::of(end.since(&start)).map(Span::seconds);
        match self.incident.resolved_at {
            Some(end) if end.since(&start) < chrono::TimeDelta::zero() => {
                Bound::open(0, self.missing(&Field::ResolvedAt, "lies before started_at"))
            }
            Some(end) => Bound::known(lasted(end).unwrap_or_default()),
            None if self.incident.status.is_open() => {
                let so_far = lasted(self.rules.now).unwrap_or_default();
                Bound::open(so_far, self.missing(&Field::ResolvedAt, "missing: not over yet"))
            }
            None => Bound::open(0, self.missing(&Field::ResolvedAt, "missing")),
        }
    }

    /// Downtime counts where critical services are affected.
    fn downtime(&self, critical: &Bound<bool>) -> Bound<u64> {
        let seconds = |span: &Span| Ok(span.seconds());
        let missing = |why| self.missing(&Field::Downtime, why);
        let downtime = Bound::of(&self.incident.impact.downtime, 0, seconds, missing);
        if critical.most == Some(false) {
            return Bound::known(0);
        }
        let least = if critical.least { downtime.least } else { 0 };
        let open = downtime.open.into_iter().chain(critical.open.iter().cloned());
        Bound { least, most: downtime.most, open: open.collect() }
    }

    fn idle_downtime(&self, critical: &Bound<bool>) -> u64 {
        let downtime = self.incident.impact.downtime.known().filter(|_| critical.most == Some(false));
        downtime.map(|span| span.seconds()).unwrap_or_default()
    }

    fn member_states(&self) -> Bound<BTreeSet<Code>> {
        let states = &self.rules.policy.thresholds.member_states;
        let mut members = BTreeSet::new();
        let countries = &self.incident.impact.countries;
        if let Some(why) = why_open(countries) {
            return Bound::open(members, self.missing(&Field::Countries, why));
        }
        let mut unclear = vec![];
        for country in countries.known().into_iter().flatten() {
            match states.country(country.as_str()) {
                Country::Member(code) => _ = members.insert(code),
                Country::Other => {}
                Country::Unclear => unclear.push(format!("`{country}`")),
            }
        }
        match unclear.is_empty() {
            true => Bound::known(members),
            false => {
                let names = unclear.join(", ");
                let why = format!("{names}: no member state's name, and no country's code of two letters");
                Bound::open(members, self.missing(&Field::Countries, why))
            }
        }
    }

    fn costs(&self) -> Bound<u64> {
        let costs = &self.rules.policy.thresholds.economic_impact;
        let missing = |why| self.missing(&Field::EconomicImpact, why);
        Bound::of(&self.incident.impact.economic_impact, 0, |money| costs.worth(*money), missing)
    }
}

/// Four decimals without trailing zeros; more where fewer would look like `beside`, or lie on its other side.
pub(super) fn told_share(share: f64, beside: f64) -> String {
    let rounded = |decimals: usize| format!("{share:.decimals$}").parse().unwrap_or(share);
    let reads_true = |shown: &f64| shown.partial_cmp(&beside) == share.partial_cmp(&beside);
    (4..=12).map(rounded).find(reads_true).unwrap_or(share).to_string()
}

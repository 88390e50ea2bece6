//! The properties of an incident that people may set one by one, each with its path, reader and command.

use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::dora;
use crate::id::Id;
use crate::impact::{Currency, Flag, Impact, Money};
use crate::incident::{Incident, Kind};
use crate::instant::{Instant, Zone, understand};
use crate::nearest;
use crate::settings::Settings;
use crate::text::{Line, Prose, TextError, clean_line};
use crate::timeline::Link;

/// A property that can be set by its path.
///
/// Absent here: what other programs keep true (status, severity, roles, timeline, PDCAs) and what never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the property of that name in `Incident`")]
pub enum Field {
    Title,
    Kind,
    Environment,
    StartedAt,
    DetectedAt,
    DeclaredAt,
    MitigatedAt,
    ResolvedAt,
    Reporter,
    Responders,
    DetectedVia,
    Customers,
    CustomersPercent,
    CustomerImpact,
    SingleCustomerImpact,
    MoneyAtRisk,
    Transactions,
    Features,
    Countries,
    ThirdParties,
    Duration,
    Downtime,
    DataLosses,
    MaliciousAccess,
    EconomicImpact,
    /// `impact.dora.<name>`
    Dora(dora::Field),
    RootCause,
    Department,
    Cft,
    Stack,
    TechTeam,
    Description,
    Cause,
    ImpactSummary,
    Mitigation,
    Alerts,
    /// `links.<name>`
    Link(Line),
    /// `custom.<key>`
    Custom(String),
    /// `impact.custom.<key>`
    ImpactCustom(String),
}

/// What the reader of a value needs to know.
pub struct Reading<'a> {
    /// The present, for `10 min ago`.
    pub now: Instant,
    /// The zone of local times.
    pub zone: &'a Zone,
    /// The team's words: the currency of an amount without one, the ways of detection.
    pub settings: &'a Settings,
}

/// Why a property was not set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// No property has this path.
    #[error("no property `{path}` can be set; {hint}")]
    Unknown {
        /// The path that was given.
        path: String,
        /// The nearest one, or the program that changes it.
        hint: String,
    },
    /// The text is no value of the property.
    #[error("{path}: {why}")]
    Value {
        /// The property.
        path: String,
        /// What is wrong with the text.
        why: String,
    },
    /// The property cannot be absent.
    #[error("{0} cannot be left out: set it to another value")]
    Needed(String),
}

const NAMED: [(&str, Field); 35] = [
    ("title", Field::Title),
    ("kind", Field::Kind),
    ("environment", Field::Environment),
    ("started_at", Field::StartedAt),
    ("detected_at", Field::DetectedAt),
    ("declared_at", Field::DeclaredAt),
    ("mitigated_at", Field::MitigatedAt),
    ("resolved_at", Field::ResolvedAt),
    ("reporter", Field::Reporter),
    ("responders", Field::Responders),
    ("detected_via", Field::DetectedVia),
    ("impact.customers", Field::Customers),
    ("impact.customers_percent", Field::CustomersPercent),
    ("impact.customer_impact", Field::CustomerImpact),
    ("impact.single_customer_impact", Field::SingleCustomerImpact),
    ("impact.money_at_risk", Field::MoneyAtRisk),
    ("impact.transactions", Field::Transactions),
    ("impact.features", Field::Features),
    ("impact.countries", Field::Countries),
    ("impact.third_parties", Field::ThirdParties),
    ("impact.duration", Field::Duration),
    ("impact.downtime", Field::Downtime),
    ("impact.data_losses", Field::DataLosses),
    ("impact.malicious_access", Field::MaliciousAccess),
    ("impact.economic_impact", Field::EconomicImpact),
    ("root_cause", Field::RootCause),
    ("team.department", Field::Department),
    ("team.cft", Field::Cft),
    ("team.stack", Field::Stack),
    ("team.tech_team", Field::TechTeam),
    ("summary.description", Field::Description),
    ("summary.cause", Field::Cause),
    ("summary.impact", Field::ImpactSummary),
    ("summary.mitigation", Field::Mitigation),
    ("alerts", Field::Alerts),
];

/// The properties that belong to another program, and which.
const ELSEWHERE: [(&str, &str); 12] = [
    ("status", "use `inc-status set`"),
    ("severity", "it is computed: use `inc-severity assess` or `inc-severity override`"),
    ("assessment", "it is computed: use `inc-severity assess` or `inc-severity override`"),
    ("commander", "use `inc-role assign commander NAME`"),
    ("roles", "use `inc-role assign ROLE NAME`"),
    ("timeline", "use `inc-timeline add`, `edit` or `remove`"),
    ("pdcas", "use `pdca new --incident`"),
    ("id", "an id never changes"),
    ("uid", "a uid never changes"),
    ("schema", "the schema is the program's"),
    ("timezone", "edit the file with `inc-edit`"),
    ("contested", "settle it with `inc-edit --settle PATH=ours|theirs|VALUE`"),
];

impl Field {
    /// The impact properties that the report shows, which "impact answered" asks for.
    pub const IMPACT: [Self; 7] = [
        Self::Customers,
        Self::CustomerImpact,
        Self::SingleCustomerImpact,
        Self::MoneyAtRisk,
        Self::Transactions,
        Self::Features,
        Self::Countries,
    ];

    /// The four parts of the summary.
    pub const SUMMARY: [Self; 4] = [Self::Description, Self::Cause, Self::ImpactSummary, Self::Mitigation];

    /// Every property with a fixed path.
    pub fn all() -> Vec<Self> {
        let named = NAMED.iter().map(|(_, field)| field.clone());
        named.chain(dora::Field::all().map(|(_, field)| Self::Dora(field))).collect()
    }

    /// The path, as `summary.cause`.
    pub fn path(&self) -> String {
        match self {
            Self::Link(name) => format!("links.{name}"),
            Self::Custom(key) => format!("custom.{key}"),
            Self::ImpactCustom(key) => format!("impact.custom.{key}"),
            Self::Dora(field) => field.path().to_owned(),
            named => {
                let found = NAMED.iter().find(|(_, field)| field == named);
                found.map(|(path, _)| (*path).to_owned()).unwrap_or_default()
            }
        }
    }

    /// The path that ends in this word: `cause` for `summary.cause` is a likely slip.
    pub(crate) fn by_last_word(word: &str) -> Option<&'static str> {
        let mut paths = NAMED.iter().map(|(path, _)| *path).chain(dora::Field::all().map(|(path, _)| path));
        paths.find(|path| path.rsplit_once('.').is_some_and(|(_, last)| last == word))
    }

    /// The command that supplies the property.
    pub fn command(&self, id: &Id) -> String {
        let path = self.path();
        match path.strip_prefix("impact.") {
            // Among them are the times of reports, which are no part of an assessment of severity.
            _ if matches!(self, Self::Dora(_)) => format!("inc-edit {id} --set {path}=VALUE"),
            Some(name) if name.contains('.') => format!("inc-severity assess {id} --set {name}=VALUE"),
            Some(name) => format!("inc-severity assess {id} --{} VALUE", name.replace('_', "-")),
            None => match self {
                Self::MitigatedAt => format!("inc-status set {id} mitigated --at TIME"),
                Self::ResolvedAt => format!("inc-status set {id} resolved --at TIME"),
                _ => format!("inc-edit {id} --set {path}=VALUE"),
            },
        }
    }

    /// What the record says, where the property is an instant.
    pub fn instant(&self, incident: &Incident) -> Option<Instant> {
        match self {
            Self::StartedAt => incident.start(),
            Self::DetectedAt => incident.detection(),
            Self::DeclaredAt => Some(incident.declared_at),
            Self::MitigatedAt => incident.mitigated_at,
            Self::ResolvedAt => incident.resolved_at,
            _ => None,
        }
    }

    /// Whether the severity is computed from it.
    pub fn is_impact(&self) -> bool {
        self.path().starts_with("impact.")
    }

    /// Whether the record answers it; `unknown`, `none` and `n/a` are answers.
    pub fn is_answered(&self, incident: &Incident) -> bool {
        let impact = &incident.impact;
        match self {
            Self::Title | Self::Kind | Self::DeclaredAt => true,
            Self::Environment => incident.environment.is_some(),
            Self::StartedAt => incident.started_at.is_asked(),
            Self::DetectedAt => incident.detected_at.is_asked(),
            Self::MitigatedAt => incident.mitigated_at.is_some(),
            Self::ResolvedAt => incident.resolved_at.is_some(),
            Self::Reporter => incident.reporter.is_some(),
            Self::Responders => !incident.responders.is_empty(),
            Self::DetectedVia => incident.detected_via.is_asked(),
            Self::Customers => impact.customers.is_asked(),
            Self::CustomersPercent => impact.customers_percent.is_asked(),
            // A share of customers answers the band as well.
            Self::CustomerImpact => {
                impact.customer_impact.is_asked() || impact.customers_percent.is_settled()
            }
            Self::SingleCustomerImpact => impact.single_customer_impact.is_asked(),
            Self::MoneyAtRisk => impact.money_at_risk.is_asked(),
            Self::Transactions => impact.transactions.is_asked(),
            Self::Features => impact.features.is_asked(),
            Self::Countries => impact.countries.is_asked(),
            Self::ThirdParties => impact.third_parties.is_asked(),
            Self::Duration => impact.duration.is_asked(),
            Self::Downtime => impact.downtime.is_asked(),
            Self::DataLosses => impact.data_losses.is_asked(),
            Self::MaliciousAccess => impact.malicious_access.is_asked(),
            Self::EconomicImpact => impact.economic_impact.is_asked(),
            Self::Dora(field) => field.is_answered(&impact.dora),
            Self::RootCause => incident.root_cause.is_asked(),
            Self::Department => incident.team.department.is_asked(),
            Self::Cft => incident.team.cft.is_asked(),
            Self::Stack => incident.team.stack.is_asked(),
            Self::TechTeam => incident.team.tech_team.is_asked(),
            Self::Description => incident.summary.description.is_some(),
            Self::Cause => incident.summary.cause.is_some(),
            Self::ImpactSummary => incident.summary.impact.is_some(),
            Self::Mitigation => incident.summary.mitigation.is_some(),
            Self::Alerts => !incident.alerts.is_empty(),
            Self::Link(name) => incident.links.iter().any(|link| link.name == *name),
            Self::Custom(key) => incident.custom.contains_key(key),
            Self::ImpactCustom(key) => impact.custom.contains_key(key),
        }
    }

    /// Sets the property from what somebody typed.
    ///
    /// # Errors
    /// [`FieldError::Value`] where the text is no value of the property.
    pub fn set(&self, incident: &mut Incident, text: &str, reading: &Reading<'_>) -> Result<(), FieldError> {
        self.assign(incident, text, reading).map_err(|why| FieldError::Value { path: self.path(), why })
    }

    fn assign(&self, incident: &mut Incident, text: &str, reading: &Reading<'_>) -> Result<(), String> {
        let time = || understand(text, reading.now, reading.zone).map_err(|e| e.to_string());
        if self.is_impact() {
            return self.assign_impact(&mut incident.impact, text, reading);
        }
        match self {
            Self::Title => incident.title = read(text)?,
            Self::Kind => incident.kind = kind(text)?,
            Self::Environment => incident.environment = Some(read(text)?),
            Self::StartedAt => incident.started_at = answered(text, time)?,
            Self::DetectedAt => incident.detected_at = answered(text, time)?,
            Self::DeclaredAt => incident.declared_at = time()?,
            Self::MitigatedAt => incident.mitigated_at = Some(time()?),
            Self::ResolvedAt => incident.resolved_at = Some(time()?),
            Self::Reporter => incident.reporter = Some(read(text)?),
            Self::Responders => incident.responders = list(text)?,
            Self::DetectedVia => incident.detected_via = detection(text, reading.settings)?,
            Self::RootCause => incident.root_cause = answered_list(text)?,
            Self::Department => incident.team.department = read(text)?,
            Self::Cft => incident.team.cft = read(text)?,
            Self::Stack => incident.team.stack = read(text)?,
            Self::TechTeam => incident.team.tech_team = read(text)?,
            Self::Description => incident.summary.description = Some(read(text)?),
            Self::Cause => incident.summary.cause = Some(read(text)?),
            Self::ImpactSummary => incident.summary.impact = Some(read(text)?),
            Self::Mitigation => incident.summary.mitigation = Some(read(text)?),
            Self::Alerts => incident.alerts = list(text)?,
            Self::Link(name) => set_link(&mut incident.links, name, text)?,
            Self::Custom(key) => {
                let text: Prose = read(text)?;
                incident.custom.insert(key.clone(), Value::String(text.to_string()));
            }
            _ => unreachable!("the impact's own were set above"),
        }
        Ok(())
    }

    /// Sets a property of an impact that stands in no record yet.
    ///
    /// # Errors
    /// [`FieldError::Value`] where the text is no value of it, or the property no part of an impact.
    pub fn set_impact(
        &self,
        impact: &mut Impact,
        text: &str,
        reading: &Reading<'_>,
    ) -> Result<(), FieldError> {
        self.assign_impact(impact, text, reading).map_err(|why| FieldError::Value { path: self.path(), why })
    }

    fn assign_impact(&self, impact: &mut Impact, text: &str, reading: &Reading<'_>) -> Result<(), String> {
        match self {
            Self::Customers => impact.customers = read(text)?,
            Self::CustomersPercent => impact.customers_percent = read(text)?,
            Self::CustomerImpact => impact.customer_impact = band(text)?,
            Self::SingleCustomerImpact => impact.single_customer_impact = read(text)?,
            Self::MoneyAtRisk => impact.money_at_risk = money(text, reading.settings.currency)?,
            Self::Transactions => impact.transactions = read(text)?,
            Self::Features => impact.features = answered_list(text)?,
            Self::Countries => impact.countries = answered_list(text)?,
            Self::ThirdParties => impact.third_parties = answered_list(text)?,
            Self::Duration => impact.duration = read(text)?,
            Self::Downtime => impact.downtime = read(text)?,
            Self::DataLosses => impact.data_losses = answered_list(text)?,
            Self::MaliciousAccess => impact.malicious_access = read(text)?,
            Self::EconomicImpact => impact.economic_impact = money(text, reading.settings.currency)?,
            Self::ImpactCustom(key) => {
                impact.custom.insert(key.clone(), typed(text)?);
            }
            Self::Dora(field) => {
                let time = || {
                    let read = || understand(text, reading.now, reading.zone).map_err(|e| e.to_string());
                    answered(text, read)
                };
                let readers = dora::Readers { text, time: &time, currency: reading.settings.currency };
                field.assign(&mut impact.dora, &readers)?;
            }
            _ => return Err("it is no part of the impact".to_owned()),
        }
        Ok(())
    }

    /// Takes the property out of the record: not asked.
    ///
    /// # Errors
    /// [`FieldError::Needed`] for a property that every record has.
    pub fn clear(&self, incident: &mut Incident) -> Result<(), FieldError> {
        let impact = &mut incident.impact;
        match self {
            Self::Title | Self::Kind | Self::DeclaredAt => return Err(FieldError::Needed(self.path())),
            Self::Environment => incident.environment = None,
            Self::StartedAt => incident.started_at = Answer::Missing,
            Self::DetectedAt => incident.detected_at = Answer::Missing,
            Self::MitigatedAt => incident.mitigated_at = None,
            Self::ResolvedAt => incident.resolved_at = None,
            Self::Reporter => incident.reporter = None,
            Self::Responders => incident.responders = vec![],
            Self::DetectedVia => incident.detected_via = Answer::Missing,
            Self::Customers => impact.customers = Answer::Missing,
            Self::CustomersPercent => impact.customers_percent = Answer::Missing,
            Self::CustomerImpact => impact.customer_impact = Answer::Missing,
            Self::SingleCustomerImpact => impact.single_customer_impact = Answer::Missing,
            Self::MoneyAtRisk => impact.money_at_risk = Answer::Missing,
            Self::Transactions => impact.transactions = Answer::Missing,
            Self::Features => impact.features = Answer::Missing,
            Self::Countries => impact.countries = Answer::Missing,
            Self::ThirdParties => impact.third_parties = Answer::Missing,
            Self::Duration => impact.duration = Answer::Missing,
            Self::Downtime => impact.downtime = Answer::Missing,
            Self::DataLosses => impact.data_losses = Answer::Missing,
            Self::MaliciousAccess => impact.malicious_access = Answer::Missing,
            Self::EconomicImpact => impact.economic_impact = Answer::Missing,
            Self::Dora(field) => field.clear(&mut impact.dora),
            Self::RootCause => incident.root_cause = Answer::Missing,
            Self::Department => incident.team.department = Answer::Missing,
            Self::Cft => incident.team.cft = Answer::Missing,
            Self::Stack => incident.team.stack = Answer::Missing,
            Self::TechTeam => incident.team.tech_team = Answer::Missing,
            Self::Description => incident.summary.description = None,
            Self::Cause => incident.summary.cause = None,
            Self::ImpactSummary => incident.summary.impact = None,
            Self::Mitigation => incident.summary.mitigation = None,
            Self::Alerts => incident.alerts = vec![],
            Self::Link(name) => incident.links.retain(|link| link.name != *name),
            Self::Custom(key) => {
                // `shift_remove` keeps the order of the other keys.
                incident.custom.shift_remove(key);
            }
            Self::ImpactCustom(key) => {
                impact.custom.shift_remove(key);
            }
        }
        Ok(())
    }
}

impl FromStr for Field {
    type Err = FieldError;

    fn from_str(path: &str) -> Result<Self, FieldError> {
        let path = path.trim();
        if let Some((_, field)) = NAMED.iter().find(|(name, _)| *name == path) {
            return Ok(field.clone());
        }
        let unknown = |hint: String| FieldError::Unknown { path: clean_line(path), hint };
        if let Some((_, field)) = dora::Field::all().find(|(name, _)| *name == path) {
            return Ok(Self::Dora(field));
        }
        if let Some(name) = path.strip_prefix("links.") {
            return name.parse().map(Self::Link).map_err(|e| unknown(e.to_string()));
        }
        if let Some(key) = path.strip_prefix("custom.") {
            return match key.parse::<Line>() {
                Ok(key) => Ok(Self::Custom(key.to_string())),
                Err(e) => Err(unknown(e.to_string())),
            };
        }
        if let Some(key) = path.strip_prefix("impact.custom.") {
            return match key.parse::<Line>() {
                Ok(key) => Ok(Self::ImpactCustom(key.to_string())),
                Err(e) => Err(unknown(e.to_string())),
            };
        }
        let root = path.split(['.', '[']).next().unwrap_or_default();
        if let Some((_, how)) = ELSEWHERE.iter().find(|(name, _)| *name == root) {
            return Err(unknown((*how).to_owned()));
        }
        if let Some(full) = Self::by_last_word(path) {
            return Err(unknown(format!("did you mean `{full}`?")));
        }
        let mut known: Vec<&str> = NAMED.iter().map(|(path, _)| *path).collect();
        known.extend(dora::Field::all().map(|(path, _)| path));
        known.extend(["links.NAME", "custom.KEY", "impact.custom.KEY"]);
        Err(unknown(nearest::hint(path, &known)))
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.path())
    }
}

pub(crate) fn read<T: FromStr<Err: fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|e: T::Err| e.to_string())
}

/// One of the three words for nothing, else what `read` makes of the text.
fn answered<T>(text: &str, read: impl FnOnce() -> Result<T, String>) -> Result<Answer<T>, String> {
    match text.parse::<Answer<String>>() {
        Ok(Answer::Known(_)) | Err(_) => read().map(Answer::Known),
        Ok(Answer::Unknown) => Ok(Answer::Unknown),
        Ok(Answer::None) => Ok(Answer::None),
        Ok(Answer::NotApplicable) => Ok(Answer::NotApplicable),
        Ok(Answer::Missing) => Ok(Answer::Missing),
    }
}

/// `a, b, c`: the items of a list, each one line; an empty text is the empty list.
fn list<T: FromStr<Err: fmt::Display>>(text: &str) -> Result<Vec<T>, String> {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    items.map(read).collect()
}

pub(crate) fn answered_list<T: FromStr<Err: fmt::Display>>(text: &str) -> Result<Answer<Vec<T>>, String> {
    match read::<Answer<String>>(text)? {
        Answer::Known(text) if text.is_empty() => Err(TextError::Empty.to_string()),
        Answer::Known(text) => match list(&text)? {
            items if items.is_empty() => {
                Err("no item stands between the commas; `none` says that there is none".to_owned())
            }
            items => Ok(Answer::Known(items)),
        },
        other => Ok(other.map(|_| vec![])),
    }
}

/// A value whose type only the policy knows: a flag, a number, or a text.
fn typed(text: &str) -> Result<Value, String> {
    let text: Prose = read(text)?;
    let flag = text.as_str().parse::<Flag>().ok().map(|flag| Value::Bool(flag.0));
    let is_plain = |c: char| c.is_ascii_digit() || c == '.';
    let number = || serde_json::from_str::<Value>(text.as_str()).ok();
    let number = text.as_str().starts_with(|c: char| c.is_ascii_digit()).then(number).flatten();
    let number = number.filter(|_| text.as_str().chars().all(is_plain));
    Ok(flag.or(number).unwrap_or_else(|| Value::String(text.to_string())))
}

/// `none` is a band here, the one that policies call NONE.
fn band(text: &str) -> Result<Answer<crate::impact::Breadth>, String> {
    match text.trim().to_lowercase().as_str() {
        "none" => Ok(Answer::Known(crate::impact::Breadth::None)),
        _ => read(text),
    }
}

/// One of the team's ways of detection; in a record typed by hand another word stays as it is.
fn detection(text: &str, settings: &Settings) -> Result<Answer<Line>, String> {
    let answer: Answer<Line> = read(text)?;
    let known: Vec<&str> = settings.detected_via.keys().map(String::as_str).collect();
    match &answer {
        Answer::Known(way) if !known.contains(&way.as_str()) => Err(format!(
            "`{way}` is no way of detection of this team (inc.yaml, detected_via); {}",
            nearest::hint(way.as_str(), &known)
        )),
        _ => Ok(answer),
    }
}

pub(crate) fn money(text: &str, currency: Currency) -> Result<Answer<Money>, String> {
    match read::<Answer<String>>(text)? {
        Answer::Known(text) => Money::parse(&text, currency).map(Answer::Known),
        other => Ok(other.map(|_| Money { amount: crate::impact::Amount::whole(0), currency })),
    }
}

fn kind(text: &str) -> Result<Kind, String> {
    let found = Kind::ALL.into_iter().find(|kind| kind.name() == text.trim());
    found.ok_or_else(|| format!("unknown kind `{}`; known are: incident, drill, near-miss", clean_line(text)))
}

/// A name that a hand gave to two links is one link after that.
fn set_link(links: &mut Vec<Link>, name: &Line, text: &str) -> Result<(), String> {
    let url = read(text)?;
    match links.iter().position(|link| link.name == *name) {
        Some(at) => {
            links[at].url = url;
            let mut rest = links.split_off(at + 1);
            rest.retain(|link| link.name != *name);
            links.append(&mut rest);
        }
        None => links.push(Link { name: name.clone(), url }),
    }
    Ok(())
}

/// The custom keys of a record, for those who show them: each with its value as one line of text.
pub fn custom_texts(custom: &Map<String, Value>) -> Vec<(String, String)> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    custom.iter().map(|(key, value)| (key.clone(), text(value))).collect()
}

#[cfg(test)]
mod tests;

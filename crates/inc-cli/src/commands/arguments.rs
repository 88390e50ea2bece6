//! Arguments that several programs share.

use std::str::FromStr;

use anyhow::Result;
use chrono::{Days, NaiveDate};
use clap::Args;
use inc_core::field::Field;
use inc_core::incident::Kind;
use inc_core::instant::understand_day;

use crate::failure::Failure;
use crate::session::Session;

/// The impact properties, each with its option; only what is given changes.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Impact (each also takes unknown, none or n/a)")]
pub struct ImpactOptions {
    /// How many customers are touched
    #[arg(long, value_name = "COUNT", allow_hyphen_values = true)]
    pub customers: Option<String>,
    /// Which share of all customers that is, in percent
    #[arg(long, value_name = "PERCENT", allow_hyphen_values = true)]
    pub customers_percent: Option<String>,
    /// Breadth: NONE, S, M, L or XL
    #[arg(long, value_name = "BAND", allow_hyphen_values = true)]
    pub customer_impact: Option<String>,
    /// Depth, how bad it is for one customer: S, M, L or XL
    #[arg(long, value_name = "BAND", allow_hyphen_values = true)]
    pub single_customer_impact: Option<String>,
    /// Money that may be lost: 12000 or "12000 EUR"
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub money_at_risk: Option<String>,
    /// Transactions that failed or hang
    #[arg(long, value_name = "COUNT", allow_hyphen_values = true)]
    pub transactions: Option<String>,
    /// Features that do not work, with commas between
    #[arg(long, value_name = "LIST")]
    pub features: Option<String>,
    /// Countries where it is felt, with commas between
    #[arg(long, value_name = "LIST")]
    pub countries: Option<String>,
    /// Suppliers that are part of it, with commas between
    #[arg(long, value_name = "LIST")]
    pub third_parties: Option<String>,
    /// How long it lasted, where that is not from its start to its end: "2h 30min"
    #[arg(long, value_name = "SPAN")]
    pub duration: Option<String>,
    /// How long a service could not be used at all: 45min
    #[arg(long, value_name = "SPAN")]
    pub downtime: Option<String>,
    /// What was lost of data: availability, authenticity, integrity, confidentiality, with commas between
    #[arg(long, value_name = "LIST")]
    pub data_losses: Option<String>,
    /// Whether somebody got in, with malice and without authorisation: true or false
    #[arg(long, value_name = "FLAG")]
    pub malicious_access: Option<String>,
    /// What it cost, directly and indirectly: 12000 or "12000 EUR"
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub economic_impact: Option<String>,
}

impl ImpactOptions {
    /// What was given, as properties and their texts.
    pub fn settings(self) -> Vec<(Field, String)> {
        [
            (Field::Customers, self.customers),
            (Field::CustomersPercent, self.customers_percent),
            (Field::CustomerImpact, self.customer_impact),
            (Field::SingleCustomerImpact, self.single_customer_impact),
            (Field::MoneyAtRisk, self.money_at_risk),
            (Field::Transactions, self.transactions),
            (Field::Features, self.features),
            (Field::Countries, self.countries),
            (Field::ThirdParties, self.third_parties),
            (Field::Duration, self.duration),
            (Field::Downtime, self.downtime),
            (Field::DataLosses, self.data_losses),
            (Field::MaliciousAccess, self.malicious_access),
            (Field::EconomicImpact, self.economic_impact),
        ]
        .into_iter()
        .filter_map(|(field, text)| text.map(|text| (field, text)))
        .collect()
    }
}

/// `name=value` of an impact property, as `inc-severity --set` takes it: `custom.security=true`, `impact.transactions=3`.
#[derive(Debug, Clone)]
pub struct ImpactSetting(Setting);

impl FromStr for ImpactSetting {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (name, value) =
            text.split_once('=').ok_or("write NAME=VALUE, such as custom.security=true or downtime=45min")?;
        let path = if name.starts_with("impact.") { name.to_owned() } else { format!("impact.{name}") };
        match path.parse::<Field>() {
            Ok(field) => Ok(Self(Setting { field, text: value.to_owned() })),
            Err(error) => Err(match name.parse::<Field>() {
                Ok(other) => {
                    format!("`{other}` is no part of the impact: use `inc-edit --set {other}=VALUE`")
                }
                Err(_) => error.to_string(),
            }),
        }
    }
}

/// What options and `--set` give together, each property once.
///
/// # Errors
/// A property that is given twice: nobody can say which one was meant.
pub fn impact_settings(options: ImpactOptions, set: Vec<ImpactSetting>) -> Result<Vec<(Field, String)>> {
    let mut all = options.settings();
    all.extend(set.into_iter().map(|ImpactSetting(setting)| setting.into_pair()));
    each_once(&all)?;
    Ok(all)
}

/// Refuses a property that is given twice.
///
/// # Errors
/// The first such property.
pub fn each_once(settings: &[(Field, String)]) -> Result<()> {
    let twice =
        (1..settings.len()).find(|n| settings[..*n].iter().any(|(field, _)| *field == settings[*n].0));
    match twice {
        Some(n) => Err(Failure::usage(format!("`{}` is given twice: keep one of the two", settings[n].0))),
        None => Ok(()),
    }
}

/// `path=value`, as `--set` takes it.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Which property.
    pub field: Field,
    /// Its new value, as typed.
    pub text: String,
}

impl Setting {
    /// The property and its value.
    pub fn into_pair(self) -> (Field, String) {
        (self.field, self.text)
    }
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (path, value) =
            text.split_once('=').ok_or("write PATH=VALUE, such as summary.cause=\"A full disk\"")?;
        let field = path.parse::<Field>().map_err(|e| e.to_string())?;
        Ok(Self { field, text: value.to_owned() })
    }
}

/// The day that `option` names to who looks back: 2023-03-27, yesterday, 7 days ago, or a weekday.
///
/// # Errors
/// A phrase that is no day.
pub fn past_day(option: &str, text: &str, session: &Session) -> Result<NaiveDate> {
    let now = session.now()?;
    let zone = &session.settings()?.timezone;
    let day = understand_day(text, now, zone).map_err(|e| Failure::usage(format!("{option}: {e}")))?;
    Ok(looking_back(day, text, zone.local(now).date))
}

/// A bare weekday means the coming one to who plans, and the past one, today included, to who looks back.
fn looking_back(day: NaiveDate, text: &str, today: NaiveDate) -> NaiveDate {
    let is_word = text.trim().chars().all(char::is_alphabetic);
    let is_weekday = is_word && day > today && !text.trim().eq_ignore_ascii_case("tomorrow");
    if is_weekday { day - Days::new(7) } else { day }
}

/// `incident`, `drill` or `near-miss`.
///
/// # Errors
/// Another word.
pub fn parse_kind(text: &str) -> std::result::Result<Kind, String> {
    let found = Kind::ALL.into_iter().find(|kind| kind.name() == text);
    found.ok_or_else(|| "known are: incident, drill, near-miss".to_owned())
}

//! Countries: which are member states, under which names, and which codes are those of other countries.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::policy::Number;
use crate::text::{Line, clean_line};

/// The threshold of the geographical spread, and the member states by which it is counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "Raw")]
pub struct MemberStates {
    /// How many member states meet it.
    pub at_least: Number<1, 100>,
    /// What the answers call the value.
    pub words: Line,
    /// The names of each, besides its code.
    pub names: BTreeMap<Code, Vec<Line>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    at_least: Number<1, 100>,
    words: Line,
    names: BTreeMap<Code, Vec<Line>>,
}

impl TryFrom<Raw> for MemberStates {
    type Error = String;

    fn try_from(Raw { at_least, words, names }: Raw) -> Result<Self, String> {
        let states = Self { at_least, words, names };
        let count = states.names.len();
        if (at_least.get() as usize) > count {
            return Err(format!("at_least {} is more than the {count} member states named", at_least.get()));
        }
        for (code, names) in &states.names {
            let twice = names.iter().find(|name| states.find(name.as_str()) != Some(*code));
            if let Some(name) = twice {
                return Err(format!("`{name}` is a name of {code} and of another member state"));
            }
        }
        Ok(states)
    }
}

/// What a country of a record turns out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Country {
    /// A member state.
    Member(Code),
    /// Another country.
    Other,
    /// Neither a member state's name or code nor another country's code.
    Unclear,
}

impl MemberStates {
    /// What a country is, by its code or a name, in any case.
    pub fn country(&self, text: &str) -> Country {
        let text = text.trim();
        match self.find(text) {
            Some(code) => Country::Member(code),
            None if OTHERS.split(' ').any(|code| code.eq_ignore_ascii_case(text)) => Country::Other,
            None => Country::Unclear,
        }
    }

    fn find(&self, text: &str) -> Option<Code> {
        let folded = text.to_lowercase();
        let is = |code: &Code, names: &[Line]| {
            code.as_str().eq_ignore_ascii_case(text)
                || names.iter().any(|name| name.as_str().to_lowercase() == folded)
        };
        self.names.iter().find(|(code, names)| is(code, names)).map(|(code, _)| *code)
    }
}

/// The two capital letters of a country, as ISO 3166-1 writes them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Code([u8; 2]);

impl Code {
    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Code {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match <[u8; 2]>::try_from(text.as_bytes()) {
            Ok(letters) if letters.iter().all(u8::is_ascii_uppercase) => Ok(Self(letters)),
            _ => Err(format!(
                "`{}` is not the code of a country: two capital letters, such as FR",
                clean_line(text)
            )),
        }
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// The 27 of 2024, each with its English names; Greece also as the EU's own `EL`.
const MEMBERS: [(&str, &[&str]); 27] = [
    ("AT", &["Austria"]),
    ("BE", &["Belgium"]),
    ("BG", &["Bulgaria"]),
    ("CY", &["Cyprus"]),
    ("CZ", &["Czechia", "Czech Republic"]),
    ("DE", &["Germany"]),
    ("DK", &["Denmark"]),
    ("EE", &["Estonia"]),
    ("ES", &["Spain"]),
    ("FI", &["Finland"]),
    ("FR", &["France"]),
    ("GR", &["Greece", "EL"]),
    ("HR", &["Croatia"]),
    ("HU", &["Hungary"]),
    ("IE", &["Ireland"]),
    ("IT", &["Italy"]),
    ("LT", &["Lithuania"]),
    ("LU", &["Luxembourg"]),
    ("LV", &["Latvia"]),
    ("MT", &["Malta"]),
    ("NL", &["Netherlands", "The Netherlands"]),
    ("PL", &["Poland"]),
    ("PT", &["Portugal"]),
    ("RO", &["Romania"]),
    ("SE", &["Sweden"]),
    ("SI", &["Slovenia"]),
    ("SK", &["Slovakia"]),
];

/// The codes of ISO 3166-1 that are not a member state's, and `UK`, which people write for `GB`.
const OTHERS: &str = "AD AE AF AG AI AL AM AO AQ AR AS AU AW AX AZ BA BB BD BF BH BI BJ BL BM BN BO BQ BR BS BT BV BW \
    BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX DJ DM DO DZ EC EG EH ER ET FJ FK FM FO GA GB GD GE GF GG \
    GH GI GL GM GN GP GQ GS GT GU GW GY HK HM HN HT ID IL IM IN IO IQ IR IS JE JM JO JP KE KG KH KI KM KN KP KR KW KY \
    KZ LA LB LC LI LK LR LS LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MU MV MW MX MY MZ NA NC NE NF NG NI NO \
    NP NR NU NZ OM PA PE PF PG PH PK PM PN PR PS PW PY QA RE RS RU RW SA SB SC SD SG SH SJ SL SM SN SO SR SS ST SV SX \
    SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UK UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA \
    ZM ZW";

impl Default for MemberStates {
    fn default() -> Self {
        let line = |text: &&str| text.parse::<Line>().unwrap_or_else(|_| unreachable!("a constant line"));
        let code = |text: &str| text.parse::<Code>().unwrap_or_else(|_| unreachable!("a constant code"));
        let names =
            MEMBERS.into_iter().map(|(member, names)| (code(member), names.iter().map(line).collect()));
        Self { at_least: Number::constant(2), words: line(&"member states touched"), names: names.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_known_by_its_code_or_name() {
        let states = MemberStates::default();
        let member = |code: &str| Country::Member(code.parse().unwrap());
        for (text, expected) in [
            ("FR", member("FR")),
            ("fr", member("FR")),
            (" France ", member("FR")),
            ("czech republic", member("CZ")),
            ("EL", member("GR")),
            ("CH", Country::Other),
            ("uk", Country::Other),
            ("NO", Country::Other),
            ("FQ", Country::Unclear),
            ("Switzerland", Country::Unclear),
            ("DACH", Country::Unclear),
            ("", Country::Unclear),
        ] {
            assert_eq!(states.country(text), expected, "{text}");
        }
        assert_eq!(states.names.len(), 27);
        assert!(OTHERS.split(' ').all(|code| code.parse::<Code>().is_ok()));
        assert!(!OTHERS.split(' ').any(|code| states.find(code).is_some()));
    }

    #[test]
    fn names_that_contradict_each_other_are_refused() {
        let read = |json| serde_json::from_value::<MemberStates>(json).map_err(|e| e.to_string());
        let with =
            |at_least: u32, names| serde_json::json!({"at_least": at_least, "words": "x", "names": names});
        for (json, words) in [
            (with(2, serde_json::json!({"FR": ["France"]})), "at_least 2 is more than the 1 member states"),
            (with(1, serde_json::json!({"FR": ["A"], "DE": ["a"]})), "is a name of FR and of another"),
            (with(1, serde_json::json!({"fr": []})), "two capital letters"),
            (with(0, serde_json::json!({"FR": []})), "0 is not from 1 to 100"),
        ] {
            let error = read(json).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }
}

//! The values of an impact: what is refused, and what survives writing.

use super::*;

#[test]
fn absurd_numbers_are_refused() {
    for bad in ["-3", "1e9", "NaN", "", "1.5", "99999999999999999999", "+1", "inf", "0x10"] {
        assert!(bad.parse::<Count>().is_err(), "{bad}");
    }
    for bad in ["-0.1", "100.1", "NaN", "1e1", "", "."] {
        assert!(bad.parse::<Percent>().is_err(), "{bad}");
    }
    for bad in
        ["-1", "1e3", "NaN", "1.234", "12 euros", "", "EUR", "1,000", "1 000 EUR", "1e30", "é", "EUR 1 EUR"]
    {
        assert!(Money::parse(bad, Currency::EUR).is_err(), "{bad}");
    }
}

#[test]
fn money_reads_both_ways_round() {
    let chf: Currency = "CHF".parse().unwrap();
    for (text, expected) in
        [("0", "0 EUR"), ("12000.50", "12000.50 EUR"), ("12000CHF", "12000 CHF"), ("chf 0.1", "0.10 CHF")]
    {
        assert_eq!(Money::parse(text, Currency::EUR).unwrap().to_string(), expected, "{text}");
    }
    assert_eq!(Money::parse("3", chf).unwrap().currency, chf);
}

#[test]
fn every_amount_of_hundredths_survives_writing() {
    for hundredths in (0..5_000_000u64).step_by(37).chain([100_000_000_000_000 - 1]) {
        let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
        let amount: Amount = text.parse().unwrap();
        let value = serde_json::to_value(amount).unwrap();
        assert_eq!(serde_json::from_value::<Amount>(value).unwrap(), amount);
        assert_eq!(amount.to_string(), text.trim_end_matches(".00"));
    }
}

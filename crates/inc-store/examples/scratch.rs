use serde::{Deserialize, de};
use std::collections::BTreeMap;
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Rec { schema: u64, #[serde(default)] title: Option<String>, #[serde(default)] name: String, #[serde(default)] kind: Option<Kind>, #[serde(default)] impact: Option<Impact>, #[serde(default)] timeline: Vec<Entry>, #[serde(default)] n: Option<u64>, #[serde(default)] f: Option<f64>, #[serde(default)] b: Option<bool>,
 #[serde(default)] custom: BTreeMap<String, serde_json::Value>, #[serde(default)] pct: Option<Pct> , #[serde(default)] chk: Option<Chk>, #[serde(default)] ext: Option<Ext>}
#[derive(Debug, Deserialize)] #[serde(rename_all="kebab-case")] enum Kind { Incident, NearMiss }
#[derive(Debug, Deserialize)] #[serde(rename_all="kebab-case")] #[allow(dead_code)] enum Ext { A, B(u64), C{x:u64} }
#[derive(Debug, Deserialize)] #[serde(deny_unknown_fields)] #[allow(dead_code)] struct Impact { customers: u64, customer_impact: Option<String>, #[serde(default)] pct: Option<Pct> }
#[derive(Debug, Deserialize)] #[serde(deny_unknown_fields)] #[allow(dead_code)] struct Entry { at: At, text: String }
#[derive(Debug)] #[allow(dead_code)] struct At(String);
impl<'de> Deserialize<'de> for At { fn deserialize<D: de::Deserializer<'de>>(d:D)->Result<Self,D::Error>{ let s=String::deserialize(d)?; if s.contains('T') {Ok(At(s))} else {Err(de::Error::custom(format!("`{s}` is not an instant")))} } }
#[derive(Debug, Deserialize)] #[serde(try_from="String")] #[allow(dead_code)] struct Chk(String);
impl TryFrom<String> for Chk { type Error=String; fn try_from(s:String)->Result<Self,String>{Err(format!("bad {s}"))} }
#[derive(Debug)] #[allow(dead_code)] enum Pct { N(f64), I(i64), U(u64), S(String), Unit }
impl<'de> Deserialize<'de> for Pct { fn deserialize<D: de::Deserializer<'de>>(d:D)->Result<Self,D::Error>{
 struct V; impl<'de> de::Visitor<'de> for V { type Value=Pct; fn expecting(&self,f:&mut std::fmt::Formatter)->std::fmt::Result{f.write_str("a number from 0 to 100, or unknown")}
 fn visit_u64<E:de::Error>(self,v:u64)->Result<Pct,E>{ if v>100 {return Err(E::invalid_value(de::Unexpected::Unsigned(v),&self));} Ok(Pct::U(v)) }
 fn visit_i64<E:de::Error>(self,v:i64)->Result<Pct,E>{ Ok(Pct::I(v)) }
 fn visit_f64<E:de::Error>(self,v:f64)->Result<Pct,E>{ if v>100. {return Err(E::custom("too much"));} Ok(Pct::N(v)) }
 fn visit_str<E:de::Error>(self,v:&str)->Result<Pct,E>{ Ok(Pct::S(v.into())) }
 fn visit_unit<E:de::Error>(self)->Result<Pct,E>{ Ok(Pct::Unit) }
 } d.deserialize_any(V) } }
fn main(){
  let arg: Vec<String>=std::env::args().collect();
  let _=arg;
  let docs=["schema: 1\ntitle: no\nname: 1:30\n","schema: 1\ntitle: 010\nname: 1_000\nn: 010","schema: 1\nn: 1_000\ntitle: ~","schema: 1\nname: ~","schema: 1\nname:\n","schema: 1\nimpact:\n  customers: 0\n  custmer_impact: XL\n","schema: 1\nimpact:\n  customer_impact: XL\n","schema: 1\nbogus: 3\nimpact:\n  customers: 0\n","schema: 1\nkind: near-mis\n","schema: 1\nkind: [a]\n","schema: 1\nn: abc\n","schema: 1\nn: -1\n","schema: 1\nn: 1.0\n","schema: 1\nn: 1e3\n","schema: 1\nn: \"12\"\n","schema: 1\nn: 99999999999999999999\n",
"schema: 1\nf: 1e9\n","schema: 1\nf: .nan\n","schema: 1\nf: NaN\n","schema: 1\nf: 1e999\n","schema: 1\nb: yes\n","schema: 1\nb: \"true\"\n","schema: 1\ntimeline:\n  - at: xx\n    text: y\n","schema: 1\ntimeline:\n  - text: y\n","schema: 1\ntimeline:\n  - at: 1T\n    text: y\n  - at: 1T\n    txt: z\n","schema: 1\ntimeline: foo\n","schema: 1\nimpact: foo\n","schema: 1\nimpact: [a]\n","schema: 1\ntitle: {a: b}\n","schema: 1\nchk: foo\n","schema: 1\next: {b: x}\n","schema: 1\next: {zz: x}\n","schema: 1\next: !b 3\n",
"schema: 1\npct: 120\n","schema: 1\npct: 120.5\n","schema: 1\npct: 1e1\n","schema: 1\npct: .nan\n","schema: 1\npct: 010\n","schema: 1\npct: 1_0\n","schema: 1\npct: ~\n","schema: 1\npct: no\n","schema: 1\npct: [1]\n","schema: 1\npct: true\n","schema: 1\nimpact:\n  customers: 1\n  pct: 120.5\n","schema: 1\nname: a\nname: b\n","schema: 1\n<<: {name: a}\n","schema: 1\nname: *a\n","schema: 1\n---\nschema: 2\n","schema: 1\nname: !foo x\n","schema: 1\nname: @x\n","schema: 1\nname: a: b\n","schema: 1\nname: \"abc\n","schema: 1\nimpact:\n\tcustomers: 1\n","schema: 1\nname: [a, b\n","schema: 1\n name: b\n","schema: 1\nname\n","foo","- a","","# c","---\n","schema: 1\r\nname: 'é' x\r\n","\u{feff}schema: 1\nbogus: 1\n","\u{feff}bogus: 1\n","schema: 1\nname: a\u{85}b\nbogus: 1","schema: 1\rbogus: 1","schema: 1\n? [a]\n: b\n","schema: 1\n1: b\n","schema: 1\n~: b\n","schema: 1\ncustom: {1: a}\n","schema: 1\ncustom: {a: .nan}\n","schema: 1\ncustom: {a: 1e5, b: 010, c: 1_0, d: ~, e: no, f: 0x10, g: 1e400, h: 123456789012345678901234567890}\n","schema: 1\ntimeline: &a\n  - *a\n","schema: 1\nname: &a x\ntitle: *a\n","schema: 1\nname: &a x\nn: *a\n","schema: 1\nname: %x\n","schema: 1\nname: `x`\n","schema: 1\nname: |\n  a\n b\n","schema: 1\nname:x\n", "schema: 1\nname: x\n...\nfoo\n","%YAML 1.1\n---\nschema: 1\ntitle: no\nb: no","schema: 1\nname: - a\n","schema: 1\nn: 0x1F","schema: 1\nn: 0o17", "schema: 1\nn: +12","schema: 1\ntitle: ''\nname: \"\\q\"","schema: 1\ntimeline:\n- at: 1T\n  text: a\n -at: 1T\n"];
  for d in docs { 
    let o=opts();
    let mut track=serde_path_to_error::Track::new();
    let r=serde_yaml::with_deserializer_from_str_with_options(d,o,|de| Rec::deserialize(serde_path_to_error::Deserializer::new(de,&mut track)));
    println!("--- {d:?}");
    match r { Ok(r)=>println!("OK {r:?}"), Err(e)=>{ let l=e.location().map(|l|(l.line(),l.column(),l.span().len())); println!("ERR path={} loc={l:?} {:?}\n    {e}", track.path(), e.without_snippet()) } }
  }
}
fn opts()->serde_yaml::Options { serde_yaml::options!{ budget: serde_yaml::budget!{ max_depth: 64 }, strict_booleans: true, leading_zero_numbers_as_strings: true, underscored_numbers_as_strings: true, merge_keys: serde_yaml::options::MergeKeyPolicy::Error, duplicate_keys: serde_yaml::options::DuplicateKeyPolicy::Error, with_snippet: false, reject_unsupported_tags: true, } }

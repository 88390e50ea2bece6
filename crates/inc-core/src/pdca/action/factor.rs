//! Plan: contributing factors, which made the problem worse or likelier and are no causes to cure.

use super::{Refusal, Told};
use crate::pdca::{Factor, Pdca, command, label};
use crate::text::{Prose, brief, ours};
use crate::timeline::Link;

impl Pdca {
    pub(super) fn add_factor(&mut self, factor: Prose, links: Vec<Link>, told: &mut Told<'_, '_>) -> String {
        let labels = || self.contributing_factors.iter().map(|factor| factor.id.as_str());
        let taken = |label: &str| labels().any(|other| label::same(other, label));
        let id = ours(&label::next("F", labels(), taken));
        let subject = format!("pdca: contributing factor {id}: {}", brief(factor.as_str()));
        told.said = Some(id.to_string());
        self.contributing_factors.push(Factor { id, uid: None, factor, links });
        subject
    }

    pub(super) fn edit_factor(
        &mut self,
        given: &str,
        text: Option<Prose>,
        links: Vec<Link>,
    ) -> Result<String, Refusal> {
        let at = self.factor_at(given)?;
        let again = command::edit_factor(&self.id, self.contributing_factors[at].id.as_str());
        let factor = &mut self.contributing_factors[at];
        if text.is_none() && links.is_empty() {
            return Err(Refusal::Nothing { command: again });
        }
        if let Some(text) = text {
            factor.factor = text;
        }
        factor.links.extend(links);
        Ok(format!("pdca: edit {}: {}", factor.id, brief(factor.factor.as_str())))
    }

    pub(super) fn remove_factor(&mut self, given: &str) -> Result<String, Refusal> {
        let at = self.factor_at(given)?;
        let factor = self.contributing_factors.remove(at);
        Ok(format!("pdca: remove {}: {}", factor.id, brief(factor.factor.as_str())))
    }

    fn factor_at(&self, given: &str) -> Result<usize, Refusal> {
        let known: Vec<&str> = self.contributing_factors.iter().map(|factor| factor.id.as_str()).collect();
        self.pick("contributing factor", given, &known, label::fold, || command::factor(&self.id))
    }
}

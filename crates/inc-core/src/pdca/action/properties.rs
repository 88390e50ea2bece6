//! Properties of the PDCA itself: title, owner, participants, problem, context, escalation.

use super::create::check_source;
use super::{Refusal, Setting, Told};
use crate::pdca::{Pdca, Source, SourceKind, command, label};
use crate::text::Line;

impl Pdca {
    pub(super) fn set(&mut self, settings: Vec<Setting>, told: &mut Told<'_, '_>) -> Result<String, Refusal> {
        if settings.is_empty() {
            return Err(Refusal::Nothing { command: command::problem(&self.id) });
        }
        let names: Vec<&str> = settings.iter().map(Setting::name).collect();
        let subject = format!("pdca: set {}", names.join(", "));
        for setting in settings {
            match setting {
                Setting::Title(title) => self.title = title,
                Setting::Owner(owner) => self.owner = owner,
                Setting::Participants(participants) => self.participants = participants,
                Setting::MoreParticipants(more) => self.more_participants(more, told),
                Setting::FewerParticipants(fewer) => self.fewer_participants(&fewer)?,
                Setting::Cft(cft) => self.cft = cft,
                Setting::ProblemStatement(problem) => self.problem_statement = problem,
                Setting::Context(context) => {
                    if context.is_some() {
                        self.remark_on_context(told);
                    }
                    self.context = context;
                }
                Setting::Escalation(escalation) => self.escalation = escalation,
                Setting::Source(source) => self.set_source(source, told)?,
            }
        }
        Ok(subject)
    }

    fn more_participants(&mut self, more: Vec<Line>, told: &mut Told<'_, '_>) {
        for name in more {
            match self.participants.iter().any(|known| label::same(known.as_str(), name.as_str())) {
                true => told.remark(format!("{name} takes part already")),
                false => self.participants.push(name),
            }
        }
    }

    fn fewer_participants(&mut self, fewer: &[String]) -> Result<(), Refusal> {
        for name in fewer {
            let known: Vec<&str> = self.participants.iter().map(Line::as_str).collect();
            let add = || command::participant(&self.id);
            let at = self.pick("participant", name, &known, label::fold, add)?;
            self.participants.remove(at);
        }
        Ok(())
    }

    fn set_source(&mut self, source: Source, told: &mut Told<'_, '_>) -> Result<(), Refusal> {
        check_source(&source)?;
        if source != self.source {
            let Source { kind, reference } = &self.source;
            let reference = reference.as_ref().map(|text| format!(" {text}")).unwrap_or_default();
            told.remark(format!("it came from {kind}{reference} before"));
        }
        self.source = source;
        Ok(())
    }

    fn remark_on_context(&self, told: &mut Told<'_, '_>) {
        if self.source.kind == SourceKind::Incident {
            told.remark(
                "the incident's timeline is shown as the context already: no need to paste it".to_owned(),
            );
        }
    }
}

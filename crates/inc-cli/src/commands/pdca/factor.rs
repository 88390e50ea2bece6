//! `pdca factor`: contributing factors, which made the problem worse or likelier and are no causes to cure.

use anyhow::Result;
use inc_core::pdca::action::Action;
use inc_core::text::Prose;
use inc_core::timeline::Link;

use super::{change, refuse_id_as_text};
use crate::session::{Session, WriteOptions, incident_and};

pub(super) const USAGE: &str = "pdca factor [OPTIONS] [PDCA] TEXT
       pdca factor [OPTIONS] [PDCA] --edit F1 [--text TEXT] [--link NAME=URL]
       pdca factor [OPTIONS] [PDCA] --remove F1";

#[derive(Debug, clap::Args)]
pub(super) struct Factor {
    /// What made it worse or likelier; a PDCA may stand before it
    #[arg(num_args = 0..=2, value_name = "TEXT")]
    words: Vec<String>,
    /// Mend this factor instead of adding one
    #[arg(long, value_name = "F1")]
    edit: Option<String>,
    /// With --edit: the new words
    #[arg(long, value_name = "TEXT", requires = "edit", conflicts_with = "remove")]
    text: Option<Prose>,
    /// Take this factor out
    #[arg(long, value_name = "F1", conflicts_with_all = ["edit", "links"])]
    remove: Option<String>,
    /// Evidence, as name=url; may be repeated
    #[arg(long = "link", value_name = "NAME=URL")]
    links: Vec<Link>,
    #[command(flatten)]
    write: WriteOptions,
}

pub(super) fn run(factor: Factor, session: &Session) -> Result<()> {
    let (pdca, action) = match (factor.edit, factor.remove) {
        (Some(edited), _) => {
            let (pdca, []) = incident_and(factor.words)?;
            (pdca, Action::EditFactor { factor: edited, text: factor.text, links: factor.links })
        }
        (None, Some(factor_out)) => {
            let (pdca, []) = incident_and(factor.words)?;
            (pdca, Action::RemoveFactor { factor: factor_out })
        }
        (None, None) => {
            let (pdca, [text]) = incident_and(factor.words)?;
            refuse_id_as_text(pdca.as_deref(), &text, session)?;
            (pdca, Action::AddFactor { factor: text.parse()?, links: factor.links })
        }
    };
    change(pdca.as_deref(), &factor.write, session, |_| Ok(action))
}

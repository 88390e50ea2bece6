//! `pdca why`: the two why-trees; whys are added, tagged, told better, moved and taken out.

use anyhow::Result;
use inc_core::pdca::Branch;
use inc_core::pdca::action::{Action, End, NewWhy, Tag, WhyEdit, WhyParent};
use inc_core::text::Prose;
use inc_core::timeline::Link;

use super::{change, refuse_id_as_text};
use crate::session::{Session, WriteOptions, incident_and};

pub(super) const USAGE: &str = "pdca why [OPTIONS] [PDCA] TEXT --occurrence
       pdca why [OPTIONS] [PDCA] TEXT --non-detection
       pdca why [OPTIONS] [PDCA] TEXT --under WHY [--root-cause RC]
       pdca why [OPTIONS] [PDCA] --tag WHY --root-cause RC [--move]
       pdca why [OPTIONS] [PDCA] --tag WHY --out-of-control REASON
       pdca why [OPTIONS] [PDCA] --tag WHY --unknown REASON
       pdca why [OPTIONS] [PDCA] --non-detection --na REASON
       pdca why [OPTIONS] [PDCA] --edit WHY [--text TEXT] [--link NAME=URL] [--untag]
       pdca why [OPTIONS] [PDCA] --edit WHY --under WHY|--occurrence|--non-detection
       pdca why [OPTIONS] [PDCA] --remove WHY [--recursive]";

#[derive(Debug, clap::Args)]
// A place alone asks for a new why; with --edit, it is where the why goes.
#[group(id = "what", args = ["occurrence", "non_detection", "under", "tag", "edit", "remove"], required = true, multiple = true)]
pub(super) struct Why {
    /// The answer; a PDCA may stand before it
    #[arg(num_args = 0..=2, value_name = "TEXT")]
    words: Vec<String>,
    /// It answers: why did the problem occur?
    #[arg(long, group = "place")]
    occurrence: bool,
    /// It answers: why didn't we detect it sooner?
    #[arg(long, group = "place")]
    non_detection: bool,
    /// It answers why that why is so: `o1`, `n1.2`, …
    #[arg(long, value_name = "WHY", group = "place")]
    under: Option<String>,
    /// It is a root cause, for a countermeasure to answer: `RC2`, or `next` for the next free number
    #[arg(long, value_name = "RC", group = "end")]
    root_cause: Option<String>,
    /// Its branch ends here, and nobody of us can act on it, for this reason
    #[arg(long, value_name = "REASON", group = "end", conflicts_with = "edit")]
    out_of_control: Option<Prose>,
    /// Its branch ends here, and why that is so cannot be found out, for this reason
    #[arg(long, value_name = "REASON", group = "end", conflicts_with = "edit")]
    unknown: Option<Prose>,
    /// With --occurrence or --non-detection: the question does not apply, for this reason
    #[arg(long, value_name = "REASON", conflicts_with_all = ["under", "present", "end", "links"])]
    na: Option<Prose>,
    /// Tag a why that is there: as a root cause, or as the end of its branch
    #[arg(long, value_name = "WHY", requires = "end", conflicts_with = "place", group = "present")]
    tag: Option<String>,
    /// With --tag: take the label from the why that has it; what was proven against that one counts no more
    #[arg(long = "move", requires_all = ["tag", "root_cause"], conflicts_with_all = ["place", "edit", "remove"])]
    moving: bool,
    /// Mend a why that is there; with a place, move it there with all below it
    #[arg(long, value_name = "WHY", group = "present")]
    edit: Option<String>,
    // A requirement is waived where something given conflicts with what is required: so those are named as well, here
    // and below.
    /// With --edit: the new words
    #[arg(long, value_name = "TEXT", requires = "edit", conflicts_with_all = ["tag", "remove"])]
    text: Option<Prose>,
    /// With --edit: it is no root cause, and no other end of its branch
    #[arg(long, requires = "edit", conflicts_with_all = ["tag", "remove", "end"])]
    untag: bool,
    /// Take a why out
    #[arg(long, value_name = "WHY", group = "present", conflicts_with_all = ["place", "end", "links"])]
    remove: Option<String>,
    /// With --remove: with the whys below it, and the countermeasures that answer nothing else
    #[arg(long, requires = "remove", conflicts_with_all = ["place", "tag", "edit"])]
    recursive: bool,
    /// Evidence, as name=url; may be repeated
    #[arg(long = "link", value_name = "NAME=URL", conflicts_with = "tag")]
    links: Vec<Link>,
    /// With --edit: evidence to take out, by its name; may be repeated
    #[arg(long = "drop-link", value_name = "NAME", requires = "edit", conflicts_with_all = ["tag", "remove"])]
    fewer_links: Vec<String>,
    #[command(flatten)]
    write: WriteOptions,
}

pub(super) fn run(why: Why, session: &Session) -> Result<()> {
    let is_new = why.tag.is_none() && why.edit.is_none() && why.remove.is_none() && why.na.is_none();
    let (pdca, text) = match is_new {
        true => {
            let (pdca, [text]) = incident_and(why.words.clone())?;
            refuse_id_as_text(pdca.as_deref(), &text, session)?;
            (pdca, Some(text.parse::<Prose>()?))
        }
        false => (incident_and::<0>(why.words.clone())?.0, None),
    };
    let write = why.write.clone();
    let action = action(why, text);
    change(pdca.as_deref(), &write, session, |_| Ok(action))
}

/// What shall happen; `text` are the words of a new why.
fn action(why: Why, text: Option<Prose>) -> Action {
    let place = match (why.under, why.occurrence, why.non_detection) {
        (Some(label), ..) => Some(WhyParent::Under(label)),
        (None, true, _) => Some(WhyParent::Occurrence),
        (None, _, true) => Some(WhyParent::NonDetection),
        (None, false, false) => None,
    };
    let root_cause = why.root_cause.map(|label| match label.to_lowercase().as_str() {
        "next" => Tag::NextFree,
        _ => Tag::Named(label),
    });
    let end = why.out_of_control.map(End::OutOfControl).or(why.unknown.map(End::Unknown));
    if let Some(text) = text {
        let parent = place.unwrap_or(WhyParent::NonDetection);
        return Action::AddWhy(NewWhy { parent, why: text, root_cause, end, links: why.links });
    }
    if let Some(reason) = why.na {
        let branch = if why.occurrence { Branch::Occurrence } else { Branch::NonDetection };
        return Action::NotApplicable { branch, reason };
    }
    if let Some(removed) = why.remove {
        return Action::RemoveWhy { why: removed, recursive: why.recursive };
    }
    if let Some(edited) = why.edit {
        let edit = WhyEdit {
            text: why.text,
            root_cause,
            untag: why.untag,
            parent: place,
            more_links: why.links,
            fewer_links: why.fewer_links,
        };
        return Action::EditWhy { why: edited, edit };
    }
    let tagged = why.tag.unwrap_or_default();
    match (root_cause, end) {
        (Some(root_cause), _) => Action::TagRootCause { why: tagged, root_cause, moving: why.moving },
        (None, Some(end)) => Action::EndWhy { why: tagged, end },
        (None, None) => unreachable!("clap asks for one of them with --tag"),
    }
}

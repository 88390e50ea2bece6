//! The way from the problem to the acts as a flowchart: nodes by names of ours, and arrows between them.

use inc_core::pdca::{Act, ActStatus, Branch, Countermeasure, CountermeasureStatus, Pdca, Why};
use serde::Serialize;

use super::brief::{brief, wrapped};
use crate::view::pdca::end_of;

/// More nodes than anybody reads; what mermaid draws ends soon after.
const NODES: usize = 150;
/// How much of a text a node shows.
const TEXT: usize = 90;
/// How wide a line in a node is.
const WIDTH: usize = 34;
/// How much of a label that people gave a node shows.
const LABEL: usize = 20;

/// A flowchart.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Flow {
    /// What it shows, each before what follows from it.
    pub nodes: Vec<Node>,
    /// What leads where.
    pub edges: Vec<Edge>,
}

/// One box of a flowchart.
#[derive(Debug, Clone, Serialize)]
pub struct Node {
    /// Our own name for it, of a letter and a number: nothing of it is the record's.
    pub id: String,
    /// `problem`, `question`, `why`, `cause`, `ended`, `open`, `ok` or `ko`.
    pub class: &'static str,
    /// What it says.
    pub lines: Vec<String>,
}

/// An arrow between two boxes, by their ids.
#[derive(Debug, Clone, Serialize)]
pub struct Edge {
    /// Where it begins.
    pub from: String,
    /// Where it leads.
    pub to: String,
}

/// Why there is none, where there could be one.
pub fn gap(pdca: &Pdca) -> Option<String> {
    is_too_large(pdca).then(|| format!("The flowchart is left out: it would have more than {NODES} boxes."))
}

fn is_too_large(pdca: &Pdca) -> bool {
    pdca.whys().count() + pdca.countermeasures.len() + pdca.acts().count() > NODES
}

impl Flow {
    /// The flowchart of a record; none while no why is answered, and none that is too large to draw.
    pub fn of(pdca: &Pdca) -> Option<Self> {
        if pdca.whys().next().is_none() || is_too_large(pdca) {
            return None;
        }
        let mut flow = Self::default();
        let problem = pdca.problem_statement.as_ref().map_or(pdca.title.as_str(), |text| text.as_str());
        let problem = flow.node('p', "problem", "Problem".to_owned(), problem);
        let mut causes = vec![];
        for branch in Branch::ALL {
            flow.branch(pdca, branch, &problem, &mut causes);
        }
        for countermeasure in &pdca.countermeasures {
            flow.countermeasure(countermeasure, pdca, &causes);
        }
        Some(flow)
    }

    /// One question with the tree below it; collects the root causes with their nodes.
    fn branch<'a>(
        &mut self,
        pdca: &'a Pdca,
        branch: Branch,
        problem: &str,
        causes: &mut Vec<(&'a str, String)>,
    ) {
        let na = pdca.branch_na(branch);
        if pdca.branch(branch).is_empty() && na.is_none() {
            return;
        }
        let head = format!("{}: {}", branch.label(), branch.question());
        let na = na.map(|reason| format!("does not apply: {}", reason.as_str())).unwrap_or_default();
        let question = self.node('q', "question", head, &na);
        self.edge(problem, &question);
        // The nodes from the question down to the why before.
        let mut above = vec![question];
        for node in pdca.whys().filter(|node| node.branch == branch) {
            above.truncate(node.depth + 1);
            let id = self.why(node.why);
            if let Some(parent) = above.last() {
                self.edge(&parent.clone(), &id);
            }
            if let Some(label) = &node.why.root_cause {
                causes.push((label.as_str(), id.clone()));
            }
            above.push(id);
        }
    }

    fn why(&mut self, why: &Why) -> String {
        let id = brief(why.id.as_str(), LABEL);
        let end = end_of(why);
        let (class, head) = match &why.root_cause {
            Some(label) => ("cause", format!("{} ({id})", brief(label.as_str(), LABEL))),
            None => (if end.is_some() { "ended" } else { "why" }, id),
        };
        let node = self.node('w', class, head, why.why.as_str());
        if let (Some(end), Some(node)) = (end, self.nodes.last_mut()) {
            node.lines.extend(wrapped(&brief(&end, TEXT), WIDTH));
        }
        node
    }

    fn countermeasure(&mut self, one: &Countermeasure, pdca: &Pdca, causes: &[(&str, String)]) {
        let class = match one.status() {
            CountermeasureStatus::Planned | CountermeasureStatus::Done => "open",
            CountermeasureStatus::CheckOk | CountermeasureStatus::Applied => "ok",
            CountermeasureStatus::CheckKo => "ko",
        };
        let head = format!("{}: {}", brief(one.id.as_str(), LABEL), one.status().label());
        let node = self.node('c', class, head, one.title.as_str());
        for (label, cause) in causes {
            if pdca.countermeasures_for(label).any(|other| std::ptr::eq(other, one)) {
                self.edge(cause, &node);
            }
        }
        for act in &one.acts {
            let act = self.act(act);
            self.edge(&node, &act);
        }
    }

    fn act(&mut self, act: &Act) -> String {
        let class = if act.status() == ActStatus::Done { "ok" } else { "open" };
        let (done, of) = act.progress();
        let progress = if act.targets.is_empty() { String::new() } else { format!(", {done}/{of}") };
        let head = format!("{}: {}{progress}", brief(act.id.as_str(), LABEL), act.status().label());
        self.node('a', class, head, act.title.as_str())
    }

    /// Adds a box and yields its id.
    fn node(&mut self, letter: char, class: &'static str, head: String, text: &str) -> String {
        let number = self.nodes.iter().filter(|node| node.id.starts_with(letter)).count() + 1;
        let id = format!("{letter}{number}");
        let mut lines = vec![head];
        lines.extend(wrapped(&brief(text, TEXT), WIDTH));
        self.nodes.push(Node { id: id.clone(), class, lines });
        id
    }

    fn edge(&mut self, from: &str, to: &str) {
        self.edges.push(Edge { from: from.to_owned(), to: to.to_owned() });
    }
}

//! What the command adds to the report: a real repository around it, and a file to write to.

use std::process::Command;

use tempfile::TempDir;

use super::*;
use crate::session::Shared;

const RECORD: &str = include_str!("../../report/records/incident.yaml");
const ID: &str = "2023-03-27-staging-kubernetes-cluster-3-is-misbehaving";

struct Repository {
    folder: TempDir,
}

impl Repository {
    fn new() -> Self {
        let repository = Self { folder: TempDir::new().unwrap() };
        repository.git(&["init", "-q"]);
        repository.write(&format!("incidents/2023/{ID}.yaml"), RECORD);
        repository
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn git(&self, words: &[&str]) {
        let done = Command::new("git")
            .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-C"])
            .arg(self.folder.path())
            .args(words)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .env("GIT_AUTHOR_DATE", "2023-09-01T13:49:00+02:00")
            // As git sets them for its hooks, from which somebody may run the tests.
            .env_remove("GIT_DIR")
            .env_remove("GIT_WORK_TREE")
            .env_remove("GIT_INDEX_FILE")
            .status();
        assert!(done.unwrap().success(), "{words:?}");
    }

    fn session(&self) -> Session {
        Session::new(Shared { dir: self.folder.path().to_owned(), format: Format::Text })
    }

    fn view(&self) -> IncidentReport {
        let session = self.session();
        report::incident_view(&session, &session.load_incident(Some(ID)).unwrap()).unwrap()
    }

    fn run(&self, template: &str) -> Result<String> {
        let file = self.folder.path().join("out.md");
        let args = Args { incident: Some(ID.into()), output: Some(file.clone()), template: template.into() };
        run(args, &mut self.session())?;
        Ok(std::fs::read_to_string(file)?)
    }
}

#[test]
fn git_says_when_it_was_last_edited() {
    let repository = Repository::new();
    assert_eq!(repository.view().last_edited.words(), "not committed yet");
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-q", "-m", "x"]);
    assert_eq!(repository.view().last_edited.words(), "2023-09-01 13:49 by Ada");
    repository.write(&format!("incidents/2023/{ID}.yaml"), &format!("{RECORD}# by hand\n"));
    let words = repository.view().last_edited.words();
    assert_eq!(words, "2023-09-01 13:49 by Ada, with edits since that are not committed");
}

#[test]
fn a_pdca_that_cannot_be_read_is_told_and_fails_after_the_report() {
    let repository = Repository::new();
    let error = repository.run("incident").unwrap_err().to_string();
    assert!(error.contains("2023-04-06") && error.contains("this repository has none yet"), "{error}");
    let text = std::fs::read_to_string(repository.folder.path().join("out.md")).unwrap();
    assert!(
        text.contains("2023-04-06-staging-kubernetes-cluster-3-is-misbehaving (cannot be read)"),
        "{text}"
    );
    repository.write(
        "pdcas/2023-04-06-staging-kubernetes-cluster-3-is-misbehaving.yaml",
        include_str!("../../report/records/pdca.yaml"),
    );
    repository.run("incident").unwrap();
}

#[test]
fn a_teams_own_template_is_found_by_its_name() {
    let repository = Repository::new();
    repository.write(&format!("incidents/2023/{ID}.yaml"), RECORD.rsplit_once("pdcas:").unwrap().0);
    repository.write("templates/customers.md.j2", "Dear customers, {{ incident.title }}\n");
    repository.write("templates/page.html.j2", "<p>{{ incident.title }} & {{ \"<\" }}</p>");
    assert_eq!(
        repository.run("customers").unwrap(),
        "Dear customers, Staging: Kubernetes cluster 3 is misbehaving\n"
    );
    let page = repository.run("page.html").unwrap();
    assert_eq!(page, "<p>Staging: Kubernetes cluster 3 is misbehaving & &lt;</p>\n");
    let error = repository.run("../inc").unwrap_err().to_string();
    assert!(error.ends_with("there are: customers, incident, page.html"), "{error}");
    repository.write("templates/incident.md.j2", "a\n{{ incident.titel }}");
    let error = repository.run("incident").unwrap_err().to_string();
    assert!(error.starts_with("templates/incident.md.j2:2: undefined value"), "{error}");
    std::os::unix::fs::symlink("/etc/hostname", repository.folder.path().join("templates/_custom.md.j2"))
        .unwrap();
    repository.write("templates/incident.md.j2", "{% include \"_custom.md.j2\" %}");
    let error = format!("{:#}", repository.run("incident").unwrap_err());
    assert!(error.contains("templates/_custom.md.j2"), "{error}");
}

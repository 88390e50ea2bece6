//! When a file is read again, and when it is not.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::time::{Duration, SystemTime};

use inc_core::pdca::Pdca;

use super::super::Why;
use super::*;

#[test]
fn what_has_aged_is_read_once() {
    let (ground, store) = ground(5);
    assert_eq!(check(&store), 5);
    age();
    // Now they are stored for good; and then only what changed is looked at.
    check(&store);
    assert_eq!(check(&store), 0);
    put(&ground, "2020-01-01-x0", 7);
    assert_eq!(check(&store), 1);
    settle(&store);
}

#[test]
fn what_was_just_written_is_read_again() {
    let (ground, store) = ground(3);
    settle(&store);
    // Within one tick of the clock, of the same size, in the same file: nothing but its age tells them apart.
    for note in 0..200 {
        put(&ground, "2020-01-01-x0", note);
        check(&store);
    }
}

#[test]
fn an_old_time_on_a_new_text_is_seen() {
    let (ground, store) = ground(3);
    settle(&store);
    let file = ground.top().join(path("2020-01-01-x0"));
    let before = fs::metadata(&file).unwrap().modified().unwrap();
    fs::write(&file, text("2020-01-01-x0", 9)).unwrap();
    File::options().write(true).open(&file).unwrap().set_modified(before).unwrap();
    assert_eq!(check(&store), 1);
}

#[test]
fn a_file_from_the_future_never_ages() {
    let (ground, store) = ground(3);
    let file = ground.top().join(path("2020-01-01-x0"));
    let later = SystemTime::now() + Duration::from_secs(3600);
    File::options().write(true).open(&file).unwrap().set_modified(later).unwrap();
    age();
    check(&store);
    assert_eq!((check(&store), check(&store)), (1, 1));
    let files = store.index_files::<Incident>();
    let answer = store.ask::<Incident>(&files, &mut |_, _| {}).unwrap();
    assert_eq!(answer.read_anew().map(|(_, why)| why).collect::<Vec<_>>(), [Why::Unsure]);
}

#[test]
fn a_link_is_read_every_time() {
    let (ground, store) = ground(4);
    let top = ground.top();
    fs::rename(top.join(path("2020-01-01-x0")), top.join("elsewhere.yaml")).unwrap();
    symlink("../../elsewhere.yaml", top.join(path("2020-01-01-x0"))).unwrap();
    fs::rename(top.join("incidents/2021"), top.join("moved")).unwrap();
    symlink("../moved", top.join("incidents/2021")).unwrap();
    symlink("nowhere", top.join("incidents/2022")).unwrap();
    symlink("/etc", top.join("incidents/2023")).unwrap();
    fs::create_dir(top.join("incidents/folder.yaml")).unwrap();
    age();
    check(&store);
    // The link, two records below a link, two links that lead nowhere or outside, and a folder that is no record.
    assert_eq!(check(&store), 6);
    // What a link leads to changes without a trace on the link.
    replace(&top.join("moved/2021-01-01-x1.yaml"), &text("2021-01-01-x1", 8));
    replace(&top.join("elsewhere.yaml"), &text("2020-01-01-x0", 8));
    assert_eq!(check(&store), 6);
}

#[test]
fn what_cannot_be_read_is_told_every_time() {
    let (ground, store) = ground(3);
    ground.write("incidents/2020/2020-01-01-broken.yaml", "schema: 1\nid: [\n");
    ground.write("incidents/2020/2020-01-01-other.yaml", &text("2020-01-01-x9", 1));
    // Two files of one id: both are told.
    ground.write("incidents/2019/2020-01-01-x0.yaml", &text("2020-01-01-x0", 4));
    age();
    check(&store);
    assert_eq!((check(&store), check(&store)), (2, 2));
}

#[test]
fn without_a_place_to_write_everything_is_read() {
    let (ground, store) = ground(3);
    fs::create_dir_all(ground.top().join(".git/inc")).unwrap();
    ground.write(".git/inc/index", "not a folder");
    age();
    assert_eq!((check(&store), check(&store)), (3, 3));
}

#[test]
fn much_is_folded_into_the_large_table() {
    let (ground, store) = ground(3);
    settle(&store);
    assert!(index_file(&ground, "incidents.recent").exists());
    for number in 0..400 {
        put(&ground, &format!("2021-01-01-y{number}"), number);
    }
    settle(&store);
    assert!(index_file(&ground, "incidents").exists() && !index_file(&ground, "incidents.recent").exists());
    let large = fs::read(index_file(&ground, "incidents")).unwrap();
    // One that changed is written down beside it.
    put(&ground, "2021-01-01-y7", 8);
    put(&ground, "2021-01-01-new", 8);
    fs::remove_file(ground.top().join(path("2021-01-01-y8"))).unwrap();
    settle(&store);
    assert_eq!(fs::read(index_file(&ground, "incidents")).unwrap(), large);
    // Renamed, listed in another order, and gone.
    for number in 20..390 {
        let name = |sort| ground.top().join(path(&format!("2021-01-01-{sort}{number}")));
        fs::rename(name("y"), name("z")).unwrap();
        fs::write(name("z"), text(&format!("2021-01-01-z{number}"), number + 1)).unwrap();
    }
    settle(&store);
    assert_ne!(fs::read(index_file(&ground, "incidents")).unwrap(), large);
    assert!(fs::read_dir(index_file(&ground, "")).unwrap().count() <= 2, "no draft is left");
}

#[test]
fn a_copy_of_a_repository_trusts_nothing() {
    let (ground, store) = ground(3);
    settle(&store);
    let copy = ground.top().with_file_name("copy");
    let done = std::process::Command::new("cp").arg("-a").arg(ground.top()).arg(&copy).status().unwrap();
    assert!(done.success());
    assert_eq!(check(&Store::of(ground.repository_at(&copy))), 3);
    assert_eq!(check(&store), 0);
}

#[test]
fn linked_work_trees_have_an_index_each() {
    let (ground, store) = ground(3);
    ground.git("add .");
    ground.git("commit -q -m first");
    let beside = ground.top().with_file_name("beside");
    ground.git_in(&ground.top(), &["worktree", "add", "-q", "-b", "side", beside.to_str().unwrap()]);
    let other = Store::of(ground.repository_at(&beside));
    settle(&store);
    settle(&other);
    fs::write(beside.join(path("2020-01-01-x0")), text("2020-01-01-x0", 5)).unwrap();
    fs::remove_file(ground.top().join(path("2020-01-01-x2"))).unwrap();
    assert_eq!((check(&store), check(&other)), (0, 1));
    assert!(ground.top().join(".git/worktrees/beside/inc/index").is_dir());
}

#[test]
fn pdcas_have_an_index_of_their_own() {
    let (ground, store) = ground(1);
    let seed = include_str!("../../store/survival/seed-pdca.yaml");
    let id = seed.lines().find_map(|line| line.strip_prefix("id: ")).unwrap();
    ground.write(&format!("pdcas/2023/{id}.yaml"), seed);
    age();
    for read in [1, 0, 0] {
        let (told, anew) = told::<Pdca>(&store);
        assert_eq!((&told, anew), (&truth::<Pdca>(&store), read));
        assert!(told[0].1.is_ok());
    }
    check(&store);
    store.forget_index::<Pdca>().unwrap();
    assert_eq!(told::<Pdca>(&store).1, 1);
    assert_eq!(check(&store), 0);
}

#[test]
fn without_a_folder_there_is_nothing() {
    let (_ground, store) = ground(0);
    assert_eq!(check(&store), 0);
}

#[test]
fn drafts_of_the_dead_are_swept() {
    let (ground, store) = ground(1);
    settle(&store);
    let hours_ago = |hours: u64| SystemTime::now() - Duration::from_secs(hours * 3600);
    for (name, hours) in
        [("draft-1-0", 2), ("draft-99999999-12", 30), ("draft-1-1", 0), ("draft-1", 2), ("notes", 2)]
    {
        let file = File::create(index_file(&ground, name)).unwrap();
        file.set_modified(hours_ago(hours)).unwrap();
    }
    fs::create_dir(index_file(&ground, "draft-1-2")).unwrap();
    File::open(index_file(&ground, "draft-1-2")).unwrap().set_modified(hours_ago(2)).unwrap();
    let names = || {
        let names = fs::read_dir(index_file(&ground, "")).unwrap();
        let mut names: Vec<_> =
            names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    // Who only reads sweeps nothing.
    assert_eq!(check(&store), 0);
    assert_eq!(names().len(), 7, "{:?}", names());
    put(&ground, "2020-01-01-x0", 7);
    check(&store);
    assert_eq!(names(), ["draft-1", "draft-1-1", "draft-1-2", "incidents.recent", "notes"]);
}

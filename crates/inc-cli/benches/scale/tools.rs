//! What is compared with: which tools are here, the bare loop of `stat`, the pages of a cold start, the machine.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Python's fastest YAML reader over every file below the folder.
pub const PYTHON: &str = "import sys, yaml, pathlib
found = 0
for path in pathlib.Path('incidents').rglob('*.yaml'):
    found += yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)['status'] == 'investigating'
print(found)";

/// Whether a tool is here, told by how it says its version.
pub fn has(tool: &str, version: &[&str]) -> bool {
    Command::new(tool).args(version).output().is_ok_and(|output| output.status.success())
}

/// Lists every folder below one, and asks the kernel about each file: how many there are.
///
/// # Panics
/// A folder that cannot be listed.
pub fn stat_loop(folder: &Path) -> u64 {
    let mut found = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let stat = fs::symlink_metadata(&path).expect("a file");
        found += if stat.is_dir() { stat_loop(&path) } else { 1 };
    }
    found
}

/// Drops what the kernel keeps of files; `false` where that is not allowed.
pub fn drop_pages() -> bool {
    Command::new("sync").status().is_ok() && fs::write("/proc/sys/vm/drop_caches", "3").is_ok()
}

/// The machine, as far as it tells.
pub fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let models: Vec<&str> = cpus
        .lines()
        .filter_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, name)| name))
        .collect();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{} x {}, Linux {}", models.len(), models.first().unwrap_or(&"a processor"), kernel.trim())
}

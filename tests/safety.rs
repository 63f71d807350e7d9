//! What holds of an output whatever happens to it: it equals a clean build after any edits, and each
//! package in it is old or new while it is built, after a kill and on a disk that fails.

#[path = "support/small.rs"]
mod small;

#[path = "safety/disk.rs"]
mod disk;
#[path = "safety/edit.rs"]
mod edit;
#[path = "safety/edits.rs"]
mod edits;
#[path = "safety/kills.rs"]
mod kills;
#[path = "safety/process.rs"]
mod process;
#[path = "safety/readers.rs"]
mod readers;
#[path = "safety/stand.rs"]
mod stand;
#[path = "safety/zips.rs"]
mod zips;

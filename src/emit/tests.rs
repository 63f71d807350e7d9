mod bench;
mod faults;
mod foreign;
mod stories;

mod bench;
mod foreign;
mod stories;

mod bench;
mod faults;
mod foreign;
mod inventories;
mod stories;

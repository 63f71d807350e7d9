use proptest::prelude::*;

use super::*;

fn heading<'a>() -> Heading<'a> {
    Heading { program: "recall-activation", version: "1.0.0", released: "2026-11-16".to_owned() }
}

fn inventory() -> Inventory {
    let digest = Digest::of(b"x");
    Inventory {
        packages: vec![ListedPackage { path: "launch/us".to_owned(), digest }],
        files: vec![ListedFile { path: "index.html".to_owned(), bytes: 7, digest }],
        ..Inventory::new(&heading(), "acme")
    }
}

#[test]
fn reads_as_documented() {
    let bytes = inventory().to_bytes();
    let digest = Digest::of(b"x");
    let expected = format!(
        "{{\n  \"format\": 1,\n  \"program\": \"recall-activation\",\n  \"version\": \"1.0.0\",\n  \"released\": \
         \"2026-11-16\",\n  \"folder\": \"acme\",\n  \"packages\": [\n    {{\"path\": \"launch/us\", \"digest\": \
         \"{digest}\"}}\n  ],\n  \"files\": [\n    {{\"path\": \"index.html\", \"bytes\": 7, \"digest\": \
         \"{digest}\"}}\n  ]"
    );
    let own = Digest::of(expected.as_bytes());
    assert_eq!(String::from_utf8(bytes.clone()).unwrap(), format!("{expected},\n  \"digest\": \"{own}\"\n}}\n"));
    assert_eq!(Inventory::read(&bytes), Ok(inventory()));
    let empty = Inventory::new(&heading(), "");
    assert_eq!(Inventory::read(&empty.to_bytes()), Ok(empty));
}

#[test]
fn malformed_inventories_are_refused_with_a_reason() {
    let refused = |change: &dyn Fn(&mut Inventory)| {
        let mut inventory = inventory();
        change(&mut inventory);
        Inventory::read(&inventory.to_bytes()).unwrap_err().to_string()
    };
    assert!(refused(&|inventory| inventory.format = 2).contains("reads format 1"));
    assert!(refused(&|inventory| inventory.folder = "..".to_owned()).contains("`..`"));
    assert!(refused(&|inventory| inventory.files[0].path = "../x".to_owned()).contains("`..`"));
    assert!(refused(&|inventory| inventory.packages.extend(inventory.packages.clone())).contains("ordered"));
    assert!(Inventory::read(b"{").is_err());
}

#[test]
fn everything_but_the_top_is_listed_somewhere() {
    assert_eq!(listed_in("acme/launch/us"), Some("acme"));
    assert_eq!(listed_in("acme/index.html"), Some("acme"));
    assert_eq!(listed_in("index.html"), Some(""));
    assert_eq!(listed_in("acme/inventory.json"), Some(""));
    assert_eq!(listed_in("acme/inventory.json.minisig"), None);
    assert_eq!(listed_in("inventory.json"), None);
    assert_eq!(listed_in("inventory.json.minisig"), None);
    assert_eq!(folder_of("acme/launch/inventory.json"), None);
}

proptest! {
    #[test]
    fn no_byte_can_be_changed_added_or_lost(at in 0usize..2000, byte in any::<u8>()) {
        let bytes = inventory().to_bytes();
        let at = at % bytes.len();
        let mut changed = bytes.clone();
        changed[at] = byte;
        prop_assert_eq!(Inventory::read(&changed).is_ok(), changed == bytes);
        let mut longer = bytes.clone();
        longer.insert(at, byte);
        prop_assert!(Inventory::read(&longer).is_err());
        let mut shorter = bytes;
        shorter.remove(at);
        prop_assert!(Inventory::read(&shorter).is_err());
    }
}

//! `build --source-maps` as its users meet it.

use serde_json::Value;

use crate::bench::Bench;

/// The map of the starter's only kind of deployment, and where it lies.
fn built(bench: &Bench) -> (String, Value) {
    let listed = bench.run(&["list", "--format", "json"]).exits(0).stdout;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let id = listed["deployments"][0]["id"].as_str().unwrap().to_owned();
    let map = serde_json::from_str(&bench.read(&format!("output/{id}.map.json"))).unwrap();
    (id, map)
}

fn numbers(value: &Value) -> Vec<usize> {
    value.as_array().unwrap().iter().map(|number| number.as_u64().unwrap() as usize).collect()
}

#[test]
fn every_byte_of_every_page_has_a_source_and_a_map_stays_while_its_package_does() {
    let bench = Bench::starter();
    bench.run(&["build", "--source-maps"]).exits(0);
    // Maps are written last, and listed all the same.
    bench.run(&["verify", "output"]).exits(0);
    let (id, map) = built(&bench);
    let files = map["files"].as_array().unwrap();
    assert!(files.iter().any(|file| file["file"] == "site/index.html"), "{map}");
    for file in files {
        let path = format!("output/{id}/{}", file["file"].as_str().unwrap());
        let mut at = 0;
        for piece in file["pieces"].as_array().unwrap() {
            assert_eq!(piece[0].as_u64(), Some(at), "no gap and no overlap in {path}");
            at = piece[1].as_u64().unwrap();
            let template = piece[2].as_u64().map(|number| &map["templates"][number as usize]);
            assert!(template.is_some_and(Value::is_string), "{piece} in {path}");
            for number in numbers(&piece[4]) {
                let value = &map["values"][number];
                assert!(value["path"].is_string() && !value["set"].as_array().unwrap().is_empty(), "{value} in {path}");
            }
        }
        assert_eq!(at as usize, bench.read(&path).len(), "{path} is mapped to its end");
    }
    let of_partner = map["values"].as_array().unwrap().iter().find(|value| value["path"] == "partner.name").unwrap();
    assert!(of_partner["set"][0].as_str().unwrap().starts_with("partners/"), "{of_partner}");

    let map = format!("output/{id}.map.json");
    let before = bench.read(&map);
    bench.run(&["build", "--source-maps"]).exits(0);
    assert_eq!(bench.read(&map), before);
    assert!(!bench.read(&format!("output/{id}/manifest.json")).contains(".map.json"), "it is no part of the package");
    bench.run(&["verify", "output"]).exits(0);
    bench.run(&["build", &id]).exits(0);
    assert!(!bench.path(&map).exists(), "a build without would leave a map of another edition");
}

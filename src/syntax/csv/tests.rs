use proptest::prelude::*;

use super::*;

const LISTS: [&str; 3] = ["motions", "industries", "regions"];

/// A row as it was written.
#[derive(Debug)]
struct Read {
    id: Spanned<String>,
    record: Node,
}

fn parts(text: &str) -> (Option<Table>, Diagnostics) {
    let is_id = |id: &str| id.bytes().all(|byte| byte.is_ascii_lowercase());
    let columns =
        Columns { is_list: &|column| LISTS.contains(&column), is_in_part: &|key| key == "legal", is_id: &is_id };
    Table::read(SourceId(0), &text.into(), &[], columns)
}

fn table(text: &str) -> Result<Table, Diagnostics> {
    let (table, problems) = parts(text);
    table.filter(|_| !problems.has_errors()).ok_or(problems)
}

/// What stands of a table with rows that cannot be read: the ids of those that can, of those that cannot, and whether there are
/// others.
fn left(text: &str) -> (Vec<String>, Vec<String>, bool) {
    let table = parts(text).0.unwrap();
    let ids = |rows: &[Row]| rows.iter().map(|&row| table.id(row).to_owned()).collect();
    (ids(table.rows()), ids(table.broken()), table.is_unread())
}

fn read(text: &str) -> Result<Vec<Read>, Diagnostics> {
    let table = table(text)?;
    let read = |&row: &Row| {
        assert_eq!(table.row_at(table.span(row)), Some(row));
        Read { id: Spanned::new(table.id(row).to_owned(), table.id_span(row)), record: table.record(row) }
    };
    Ok(table.rows().iter().map(read).collect())
}

fn wrong(text: &str) -> Vec<(&'static str, &str)> {
    let problems = read(text).expect_err(text);
    let shown = |span: Span| &text[span.start as usize..span.end as usize];
    problems.iter().map(|p| (p.code.0, p.place.as_ref().map_or("", |place| shown(place.span)))).collect()
}

fn written(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

#[test]
fn a_row_becomes_a_record_with_places() {
    let text = "id,name,regions,contact.name,contact.email,legal.postcode\r\n\
                acme,\"Acme, Inc.\", dach ;france;,Jö,j@acme.example,01234\r\n\r\n\
                beta,Beta,uki,,b@beta.example,\r\n,,,,,\r\n";
    let rows = read(text).unwrap();
    assert_eq!(rows.iter().map(|row| &*row.id.value).collect::<Vec<_>>(), ["acme", "beta"]);
    let acme = rows[0].record.as_map().unwrap();
    assert_eq!(acme.entries.iter().map(|e| &*e.key.value).collect::<Vec<_>>(), ["name", "regions", "contact", "legal"]);
    let name = acme.get("name").unwrap();
    assert_eq!(&**name.as_text().unwrap(), "Acme, Inc.");
    assert_eq!(written(text, name.span), "\"Acme, Inc.\"");
    let regions = acme.get("regions").unwrap().as_seq().unwrap();
    assert_eq!(regions.iter().map(|item| written(text, item.span)).collect::<Vec<_>>(), ["dach", "france"]);
    let contact = acme.get("contact").unwrap();
    assert_eq!(written(text, contact.span), "Jö,j@acme.example");
    assert_eq!(written(text, contact.as_map().unwrap().entry("email").unwrap().key.span), "email");
    assert_eq!(&**acme.get("legal").unwrap().as_map().unwrap().get("postcode").unwrap().as_text().unwrap(), "01234");
    let beta = rows[1].record.as_map().unwrap();
    assert_eq!(beta.get("contact").unwrap().as_map().unwrap().entries.len(), 1);
    assert!(beta.get("legal").is_none());
}

#[test]
fn doubled_quotes_keep_the_place_of_the_cell() {
    let text = "id,name,regions\na,\"The \"\"A\"\" team\nof two\",\"dach;\"\"x\"\"\"\n";
    let rows = read(text).unwrap();
    let map = rows[0].record.as_map().unwrap();
    assert_eq!(&**map.get("name").unwrap().as_text().unwrap(), "The \"A\" team\nof two");
    let regions = map.get("regions").unwrap();
    assert_eq!(written(text, regions.as_seq().unwrap()[1].span), written(text, regions.span));
}

#[test]
fn a_part_of_a_record_is_made_alone() {
    let table = table("id,name,legal.city,legal.country\na,A,Bonn,DE\n").unwrap();
    let part = table.part(table.rows()[0]);
    assert_eq!(part.as_map().unwrap().entries.iter().map(|entry| &*entry.key.value).collect::<Vec<_>>(), ["legal"]);
    let (whole, part) = (table.record(table.rows()[0]), part.as_map().unwrap().get("legal").cloned());
    assert_eq!(part.as_ref(), whole.as_map().unwrap().get("legal"));
    assert!(table.has_column("name") && !table.has_column("legal"));
}

#[test]
fn words_for_nothing_are_texts_in_a_cell() {
    let rows = read("id,name,full\na,null,true\n").unwrap();
    let map = rows[0].record.as_map().unwrap();
    assert!(!map.get("name").unwrap().is_null());
    assert_eq!(map.get("full").unwrap().as_scalar().unwrap().core(), Core::Bool(true));
}

#[test]
fn registries_are_checked() {
    assert_eq!(wrong("name,tier\na,b\n"), [("E-CSV", "name,tier")]);
    assert_eq!(wrong(""), [("E-CSV", "")]);
    assert_eq!(wrong("id,name,name\n"), [("E-DUPKEY", "name")]);
    assert_eq!(wrong("id,contact,contact.name\n"), [("E-DUPKEY", "contact.name")]);
    assert_eq!(wrong("id,,b\na,x,c\n"), [("E-CSV", "")]);
    assert_eq!(wrong("id,name\na,x,y\nb\n"), [("E-CSV", "a,x,y"), ("E-CSV", "b")]);
    assert_eq!(wrong("id,name\n,x\n"), [("E-CSV", ",x")]);
    assert_eq!(wrong("id,name\na,\"x\nb,y\n"), [("E-CSV", "\"x")]);
}

#[test]
fn a_row_that_cannot_be_read_takes_no_other_along() {
    let owned = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect::<Vec<_>>();
    for (text, whole, broken, is_unread) in [
        ("id,name\na,x\nb\nc,z\n", &["a", "c"][..], &["b"][..], false),
        ("id,name\na,x\nb,\"y\nc,z\n", &["a"], &["b"], true),
        ("id,name\na,x\nb,\"y\n", &["a"], &["b"], false),
        ("id,name\na,x\n\"b,y\nc,z\n", &["a"], &[], true),
        ("id,name\nb,\"y\nc,\"z\"\nd,w\n", &["d"], &["b"], true),
        ("id,name\n,x\nc,z\n", &["c"], &[], true),
        ("id,name\nA B\nc,z\n", &["c"], &[], true),
        // What comes before an id may have moved it.
        ("name,id\nx,a,y\nz,c\n", &["c"], &[], true),
    ] {
        assert_eq!(left(text), (owned(whole), owned(broken), is_unread), "{text}");
    }
    let table = parts("id,name\na,x\nb\nc,z\n").0.unwrap();
    let row = table.broken()[0];
    assert_eq!(table.whose(table.span(row)), Some("b"));
    assert_eq!((table.row_at(table.span(row)), table.id_at(table.span(row))), (None, Some(table.id_span(row))));
}

#[test]
fn what_spreadsheets_save_is_read() {
    for text in [
        "id;name;regions\nacme;Acme, Inc.;\"dach;france\"\n",
        "id\tname\tregions\nacme\tAcme, Inc.\tdach;france\n",
        "sep=;\r\nid;name;regions\r\nacme;Acme, Inc.;\"dach;france\"\r\n",
        " ID ,Name,Regions\nacme,\"Acme, Inc.\",dach;france\n",
        "id,name,regions,,\nacme,\"Acme, Inc.\",dach;france,,\n,,,,\n",
    ] {
        let rows = read(text).unwrap();
        let map = rows[0].record.as_map().unwrap();
        assert_eq!(&**map.get("name").unwrap().as_text().unwrap(), "Acme, Inc.", "{text}");
        let regions = map.get("regions").unwrap().as_seq().unwrap();
        assert_eq!(
            regions.iter().map(|item| written(text, item.span)).collect::<Vec<_>>(),
            ["dach", "france"],
            "{text}"
        );
        assert_eq!(written(text, rows[0].id.span), "acme", "{text}");
    }
}

proptest! {
    #[test]
    fn arbitrary_text_is_read_or_refused(body in "(?s)[a-c,;\"\r\n é🦀.]{0,60}", header in "(id,)?[a-c.\",]{0,8}") {
        let text = format!("{header}\n{body}");
        let spans: Vec<Span> = match read(&text) {
            Ok(rows) => rows.iter().flat_map(|row| {
                let values = row.record.as_map().unwrap().entries.iter().flat_map(|e| [e.key.span, e.value.span]);
                [row.id.span, row.record.span].into_iter().chain(values).collect::<Vec<_>>()
            }).collect(),
            Err(problems) => problems.iter().flat_map(|p| p.place.iter().chain(&p.others).map(|l| l.span)).collect(),
        };
        for span in spans {
            prop_assert!(text.get(span.start as usize..span.end as usize).is_some(), "{:?}", span);
        }
    }

    #[test]
    fn cells_are_where_they_are_said_to_be(cells in prop::collection::vec("[a-zé;]{1,5}( [a-zé]{1,5}|,[a-z]|\"[a-z])?", 1..6)) {
        let quoted = |cell: &String| {
            if cell.contains([',', '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
        };
        let header: Vec<_> = (0..cells.len()).map(|n| format!("c{n}")).collect();
        let row: Vec<_> = cells.iter().map(quoted).collect();
        let text = format!("id,{}\nx,{}\n", header.join(","), row.join(","));
        let rows = read(&text).unwrap();
        for (entry, (cell, raw)) in rows[0].record.as_map().unwrap().entries.iter().zip(cells.iter().zip(&row)) {
            prop_assert_eq!(&**entry.value.as_text().unwrap(), cell.as_str());
            prop_assert_eq!(written(&text, entry.value.span), raw.as_str());
        }
    }
}

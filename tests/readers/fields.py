#!/usr/bin/env python3
"""Reads the definitions of fields in every package below a folder as the systems they are for would.

Shares nothing with the program: JSON is held against schemas written from what each system documents (`schemas/`), XML is
read strictly, and every file against the table of all fields, the forms of the pages and the model.

    fields.py OUTPUT
"""

import csv
import html
import html.parser
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree
import zipfile

import jsonschema

HERE = pathlib.Path(__file__).parent
NAMESPACE = "{http://soap.sforce.com/2006/04/metadata}"

# Of a custom field by its type: what has to stand in it beside name, description, label and type, and what may.
KINDS = {
    "Text": ({"length", "required", "unique"}, set()),
    "LongTextArea": ({"length", "visibleLines"}, set()),
    "Email": ({"required", "unique"}, set()),
    "Number": ({"precision", "scale", "required", "unique"}, set()),
    "DateTime": ({"required"}, set()),
    "Picklist": ({"valueSet", "required"}, set()),
    "MultiselectPicklist": ({"valueSet", "visibleLines", "required"}, set()),
}
ALWAYS = {"fullName", "description", "externalId", "label", "type"}
# What a field of each kind may be called in each system.
HUBSPOT = {"text": {"string"}, "email": {"string"}, "points": {"number"}, "date-time": {"datetime"}, "one-of": {"enumeration"}, "some-of": {"enumeration"}}
MARKETO = {"text": {"string", "text"}, "email": {"email"}, "points": {"score"}, "date-time": {"datetime"}, "one-of": {"string"}, "some-of": {"string"}}
SALESFORCE = {"text": {"Text", "LongTextArea"}, "email": {"Email"}, "points": {"Number"}, "date-time": {"DateTime"}, "one-of": {"Picklist"}, "some-of": {"MultiselectPicklist"}}
DYNAMICS = {"text": {"String", "Memo"}, "email": {"String"}, "points": {"Integer"}, "date-time": {"DateTime"}, "one-of": {"Picklist"}, "some-of": {"MultiSelectPicklist"}}
# Lead columns that are there from the start in each system: nothing may be made a second time.
STANDARD = {
    "hubspot": {"email", "firstname", "lastname", "company", "phone", "company_size", "jobtitle", "lifecyclestage", "website", "industry"},
    "marketo": {"email", "firstName", "lastName", "company", "phone", "title", "leadScore", "website", "industry"},
    "salesforce": {"Email", "FirstName", "LastName", "Company", "Phone", "Title", "LeadSource", "Status"},
    "dynamics": {"emailaddress1", "firstname", "lastname", "companyname", "telephone1", "subject", "statuscode"},
}

faults = []


def expect(holds, package, what):
    if not holds:
        faults.append(f"{package}: {what}")


def document(path):
    return json.loads(path.read_text(encoding="utf-8"))


def schema(name):
    read = document(HERE / "schemas" / f"{name}.schema.json")
    jsonschema.Draft202012Validator.check_schema(read)
    return jsonschema.Draft202012Validator(read)


SCHEMAS = {path.name.removesuffix(".schema.json"): schema(path.name.removesuffix(".schema.json")) for path in (HERE / "schemas").glob("*.json")}


def meets(package, path):
    name = path.name.removesuffix(".json")
    read = document(path)
    for error in SCHEMAS[name].iter_errors(read):
        place = "/".join(map(str, error.absolute_path))
        faults.append(f"{package}: {path.name}: {place}: {error.message[:200]}")
    return read


class Form(html.parser.HTMLParser):
    """The names that forms post to a system."""

    def __init__(self):
        super().__init__()
        self.inside, self.names = False, {}

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form" and attributes.get("method") == "post":
            self.inside = attributes["action"]
            self.names.setdefault(self.inside, set())
        elif self.inside and tag in ("input", "select", "textarea") and attributes.get("name"):
            self.names[self.inside].add(attributes["name"])

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False


def same(package, system, rows, made, kinds):
    """What is made is what the table calls new: each once, of its kind, with its words and room for its letters."""
    new = {row[system]: row for row in rows if row[f"{system}_has"] == "new"}
    expect(len(new) == sum(row[f"{system}_has"] == "new" for row in rows), package, f"two fields share a name in {system}")
    expect([name for name, *_ in made] == list(new), package, f"the fields of {system} are not those of fields.csv")
    expect(len({name.lower() for name, *_ in made}) == len(made), package, f"names of {system} differ by case alone")
    known = {row[system] for row in rows if row[f"{system}_has"] == "standard"}
    expect(not known & {name for name, *_ in made}, package, f"{system} gets a field that it has")
    expect(known <= STANDARD[system], package, f"{known - STANDARD[system]} is no field of {system}'s own")
    expect(not STANDARD[system] & {name for name, *_ in made}, package, f"{system} has one of the new fields already")
    for name, kind, label, words, letters in made:
        row = new.get(name)
        if row is None:
            continue
        expect(kind in kinds[row["type"]], package, f"{system}: {name} is {kind}, and holds {row['type']}")
        expect(bool(label), package, f"{system}: {name} has no label")
        expect(words is None or words == row["values"].split(), package, f"{system}: {name} has other words")
        if letters is not None and row["most_letters"]:
            expect(letters >= int(row["most_letters"]), package, f"{system}: {name} has no room for its letters")


def hubspot(package, folder, rows):
    group = meets(package, folder / "hubspot-property-group.json")
    properties = meets(package, folder / "hubspot-properties.json")["inputs"]
    expect({it["groupName"] for it in properties} == {group["name"]}, package, "a property is of no group")
    made = [(it["name"], it["type"], it["label"], [o["value"] for o in it.get("options", [])], None) for it in properties]
    same(package, "hubspot", rows, made, HUBSPOT)
    # What is posted has to be a property, or the whole form is refused.
    names = {name for name, *_ in made} | STANDARD["hubspot"]
    for page in (folder.parent / "site").rglob("*.html"):
        form = Form()
        form.feed(page.read_text(encoding="utf-8"))
        for action, posted in form.names.items():
            if action.startswith("https://forms.hubspot.com/"):
                unknown = posted - names - {"hs_context"}
                expect(not unknown, package, f"{page.name} posts {unknown}")


def marketo(package, folder, rows):
    made = meets(package, folder / "marketo-fields.json")["input"]
    same(package, "marketo", rows, [(it["name"], it["dataType"], it["displayName"], None, None) for it in made], MARKETO)
    personal = {row["marketo"] for row in rows if row["personal"] == "yes"}
    for it in made:
        expect(it["isSensitive"] == (it["name"] in personal), package, f"marketo: {it['name']} is marked otherwise")


def elements(package, parent, known, what):
    """The texts of an element's children, which have to be known and in the order of their names behind the first."""
    names = [child.tag.removeprefix(NAMESPACE) for child in parent]
    expect(all(child.tag.startswith(NAMESPACE) for child in parent), package, f"{what} is of another vocabulary")
    expect(set(names) <= known, package, f"{what} holds {set(names) - known}")
    expect(len(names) == len(set(names)), package, f"{what} holds an element twice")
    expect(names[1:] == sorted(names[1:]), package, f"{what} has its elements in another order")
    return {name: child for name, child in zip(names, parent)}


def salesforce(package, folder, rows):
    with zipfile.ZipFile(folder / "salesforce-lead-fields.zip") as archive:
        expect(archive.testzip() is None, package, "the zip is broken")
        names = archive.namelist()
        sets = [name for name in names if name.startswith("permissionsets/")]
        expect(len(sets) == 1 and set(names) == {"package.xml", "objects/Lead.object", "objects/Contact.object", *sets}, package, f"the zip holds {names}")
        texts = {name: archive.read(name) for name in names}
    for text in texts.values():
        expect(text.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n'), package, "XML does not say what it is")
    read = {name: ElementTree.fromstring(text) for name, text in texts.items()}
    expect(read["objects/Lead.object"].tag == NAMESPACE + "CustomObject", package, "Lead.object is none")
    made = []
    for field in read["objects/Lead.object"]:
        expect(field.tag == NAMESPACE + "fields", package, f"{field.tag} is no field")
        name = field.findtext(NAMESPACE + "fullName")
        kind = field.findtext(NAMESPACE + "type")
        needed, allowed = KINDS[kind]
        held = elements(package, field, ALWAYS | needed | allowed | {"complianceGroup"}, name)
        expect(ALWAYS | needed <= set(held), package, f"{name} lacks {(ALWAYS | needed) - set(held)}")
        expect(re.fullmatch(r"[A-Za-z](?!.*__.*__c)[A-Za-z0-9_]{0,39}__c", name), package, f"{name} is no name")
        expect(len(held["label"].text) <= 40, package, f"{name} has a label of {len(held['label'].text)} letters")
        expect(len(held["description"].text or "") <= 1000, package, f"{name} has too long a description")
        length = int(held["length"].text) if "length" in held else None
        expect(kind != "Text" or length <= 255, package, f"{name} is longer than a Text")
        expect(kind != "LongTextArea" or 256 <= length <= 131072, package, f"{name} is no LongTextArea of {length}")
        words = []
        if "valueSet" in held:
            given = elements(package, held["valueSet"], {"restricted", "valueSetDefinition"}, name)
            values = given["valueSetDefinition"].findall(NAMESPACE + "value")
            words = [value.findtext(NAMESPACE + "fullName") for value in values]
            for value in values:
                expect([child.tag.removeprefix(NAMESPACE) for child in value] == ["fullName", "default", "label"], package, f"{name} has a value of another shape")
        made.append((name, kind, held["label"].text, words, length))
        row = next((row for row in rows if row["salesforce"] == name), None)
        expect(row is not None and ("complianceGroup" in held) == (row["personal"] == "yes"), package, f"{name} is marked otherwise")
    same(package, "salesforce", rows, made, SALESFORCE)
    expect(texts["objects/Contact.object"] == texts["objects/Lead.object"], package, "a contact has other fields than its lead")
    both = [f"{thing}.{name}" for thing in ("Lead", "Contact") for name, *_ in made]
    members = [it.text for it in read["package.xml"].iter(NAMESPACE + "members")]
    set_name = sets[0].removeprefix("permissionsets/").removesuffix(".permissionset")
    expect(members == both + [set_name], package, "package.xml names other members")
    seen = [it.text for it in read[sets[0]].iter(NAMESPACE + "field")]
    expect(seen == both, package, "somebody cannot be let see a field")


def dynamics(package, folder, rows):
    bodies = meets(package, folder / "dynamics-columns.json")["bodies"]
    made = []
    for body in bodies:
        kind = body["@odata.type"].removeprefix("Microsoft.Dynamics.CRM.").removesuffix("AttributeMetadata")
        options = body.get("OptionSet", {}).get("Options", [])
        numbers = [option["Value"] for option in options if "Value" in option]
        expect(len(numbers) == len(set(numbers)) and len(numbers) in (0, len(options)), package, f"{body['SchemaName']} counts otherwise")
        label = body["DisplayName"]["LocalizedLabels"][0]["Label"]
        made.append((body["SchemaName"], kind, label, [option["ExternalValue"] for option in options], body.get("MaxLength")))
    same(package, "dynamics", rows, made, DYNAMICS)


FILES = {
    "hubspot": ("hubspot-properties.json", hubspot),
    "marketo": ("marketo-fields.json", marketo),
    "salesforce": ("salesforce-lead-fields.zip", salesforce),
    "dynamics": ("dynamics-columns.json", dynamics),
}


def model(package, folder, rows):
    """What the model, the record and the lead's path need is there to be kept."""
    by_id = {row["field"]: row for row in rows}
    systems = [name.removesuffix("_has") for name in rows[0] if name.endswith("_has")]
    for row in rows:
        others = " ".join(name for name in systems if name != row["master"])
        expect((row["master"] in systems) if systems else not row["master"], package, f"`{row['field']}` has no master")
        expect(row["direction"] == (f"{row['master']}>{others}" if others else ""), package, f"`{row['field']}` goes elsewhere")
    expect(len(by_id) == len(rows), package, "a field stands in fields.csv twice")
    read = document(folder / "model.json")
    for field in read["fields"]:
        row = by_id.get(field["id"])
        expect(row is not None and (row["values"].split() == field.get("values", []) or row["part"] == "consent"), package, f"fields.csv has no `{field['id']}` of the model")
    words = {"score_stage": [stage["id"] for stage in read["stages"]], "routed_by": [it["id"] for it in read["routing"]], "score_cell": list(read["matrix"])}
    for field, expected in words.items():
        expect(set(by_id[field]["values"].split()) == set(expected), package, f"`{field}` has other words than the model")
    expect(int(by_id["score_fit"]["most_points"]) == read["highest"]["fit"], package, "score_fit has another maximum")
    path = folder.parent / "playbook" / "journey.json"
    if path.is_file():
        told = document(path)
        for machine in told["machines"]:
            states = [state["id"] for state in machine["states"]]
            expect(by_id[f"{machine['id']}_state"]["values"].split() == states, package, f"{machine['id']} has other states")
            people = {it["id"] for it in told["happens"] if any(by["id"] != "platform" for by in it["by"])}
            heard = {event for state in machine["states"] for event in state["to"]} & people
            own = by_id.get(f"{machine['id']}_happened", {})
            kept = set(own.get("values", "").split()) | set(by_id.get("handoff_decision", {}).get("values", "").split())
            expect(heard <= kept, package, f"nobody can tell {sorted(heard - kept)} of {machine['id']}")
            if own:
                expect(own["filled_by"] == "person", package, f"`{own['field']}` is filled by {own['filled_by']}")
                expect(f"{own['field']}_at" in by_id, package, f"nothing tells when `{own['field']}` was")
        for request in told["requests"]:
            expect(set(request["form"]) <= set(by_id), package, f"nothing keeps what {request['id']} asks for")
            for purpose in request["asks"]:
                proofs = [f"consent_{purpose}_at", f"permission_{purpose}_at", f"withdrawn_{purpose}_at"]
                expect({f"consent_{purpose}", f"permission_{purpose}", *proofs} <= set(by_id), package, f"nothing keeps `{purpose}`")
                for field in proofs:
                    row = by_id.get(field, {})
                    expect((row.get("type"), row.get("filled_by")) == ("date-time", "platform"), package, f"`{field}` is set by {row}")
    record = folder / "handoff.schema.json"
    if record.is_file():
        for name in document(record)["properties"]:
            expect(name in by_id or f"handoff_{name}" in by_id, package, f"nothing keeps `{name}` of the record")


class Sheet(html.parser.HTMLParser):
    """The names that a build sheet tells people to write, and the language that it is in."""

    VOID = {"meta", "link", "img", "br", "input", "hr", "wbr"}

    def __init__(self):
        super().__init__()
        self.language, self.open, self.names = None, [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "html":
            self.language = attributes.get("lang")
        if tag not in self.VOID:
            self.open.append("code" in attributes.get("class", "").split())
            if self.open[-1]:
                self.names.append("")

    def handle_endtag(self, tag):
        if tag not in self.VOID and self.open:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1]:
            self.names[-1] += data


def ids(value, found):
    """Everything in a document that names something."""
    if isinstance(value, dict):
        found.update(str(key) for key in value)
        for inner in value.values():
            ids(inner, found)
    elif isinstance(value, list):
        for inner in value:
            ids(inner, found)
    elif isinstance(value, str):
        found.add(value)


def sheets(package, folder, rows):
    """A build sheet names nothing that nothing produces, and is in its reader's language."""
    known = {str(package.relative_to(package.parents[3])), "emails/sequence.json"}
    for row in rows:
        known.update(row.values())
        known.update(row["values"].split())
    for path in [folder / "model.json", folder / "test-vectors.json", package / "playbook" / "journey.json", package / "emails" / "sequence.json"]:
        if path.is_file():
            ids(document(path), known)
    for machine in document(package / "playbook" / "journey.json")["machines"]:
        known.update(f"{machine['id']}.{state['id']}" for state in machine["states"])
    for email in document(package / "emails" / "sequence.json")["emails"]:
        known.add(f"{email['number']:02}-{email['id']}")
    known.update(path.name for path in folder.iterdir())
    if (folder / "status.csv").is_file():
        known.update((folder / "status.csv").read_text(encoding="utf-8").strip().split(","))
    for path in (package / "tracking").glob("*member-statuses.csv"):
        with open(path, newline="", encoding="utf-8") as file:
            known.update(next((row[key] for key in ("Label", "label") if key in row), "") for row in csv.DictReader(file))
    pages = "".join(path.read_text(encoding="utf-8") for path in (package / "site").rglob("*.html"))
    known.update(html.unescape(name) for name in re.findall(r' (?:name|action)="([^"]*)"', pages))
    count = 0
    for path in folder.rglob("setup.html"):
        count += 1
        sheet = Sheet()
        sheet.feed(path.read_text(encoding="utf-8"))
        # The first language has no folder of its own.
        expect(path.parent == folder or (sheet.language or "").lower() == path.parent.name, package, f"{path.name} is in {sheet.language}, for {path.parent.name}")
        for name in sheet.names:
            is_key = re.fullmatch(r"(partner|vendor)\.publisher\.prefix", name)
            is_page = re.search(r'rel="canonical" href="' + re.escape(html.escape(name)) + '"', pages)
            expect(name in known or is_key or is_page, package, f"{path.name} tells people to write `{name}`, which nothing here has")
    expect(count > 0, package, "there is no build sheet")


def container(package, path):
    """A container refers to what it holds, and to nothing else."""
    version = meets(package, path)["containerVersion"]
    triggers = {it["triggerId"] for it in version["trigger"]} | {"2147479553"}
    used = {trigger for tag in version["tag"] for trigger in tag["firingTriggerId"]}
    expect(used <= triggers and triggers - {"2147479553"} <= used, package, "a trigger and its tag do not meet")
    for kind, key in (("tag", "tagId"), ("trigger", "triggerId"), ("variable", "variableId")):
        for name in (key, "name"):
            expect(len({it[name] for it in version[kind]}) == len(version[kind]), package, f"two of {kind} share a {name}")
    told = document(path.parent / "events.json")
    names = {event["name"] for event in told["events"] if event["name"]}
    heard = {it["triggerId"]: it["customEventFilter"][0]["parameter"][1]["value"] for it in version["trigger"]}
    caught = set(heard.values())
    for tag in version["tag"]:
        given = {it["key"]: it.get("value") for it in tag["parameter"]}
        if tag["type"] == "gaawe":
            expect([given["eventName"]] == [heard.get(id) for id in tag["firingTriggerId"]], package, f"{tag['name']} tells of another event than it hears")
    # Page views are counted by the tag itself.
    expect(caught == names - {"page_view"}, package, f"the container hears {caught}, and the pages tell {names}")
    variables = {it["name"] for it in version["variable"]}
    for event in told["events"]:
        expect(set(event["parameters"]) | set(told["common"]) <= variables, package, f"{event['id']} has no variable")


def main(output):
    packages = [path.parent.parent for path in sorted(output.rglob("qualification/fields.csv"))]
    seen = {name: 0 for name in FILES}
    containers = 0
    for package in packages:
        folder = package / "qualification"
        with open(folder / "fields.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        model(package, folder, rows)
        sheets(package, folder, rows)
        for system, (name, read) in FILES.items():
            has = (folder / name).is_file()
            named = system in rows[0]
            lacks = named and not has
            expect(not has or named, package, f"{name} is of no system in fields.csv")
            # Without a prefix there is no file yet, and no name either.
            expect(not lacks or all(not row[system] for row in rows if row[f"{system}_has"] == "new"), package, f"{name} is gone")
            if has:
                seen[system] += 1
                read(package, folder, rows)
        path = package / "tracking" / "gtm-container.json"
        if path.is_file():
            containers += 1
            container(package, path)
    for fault in faults:
        print(fault)
    read = ", ".join(f"{count} for {system}" for system, count in seen.items())
    print(f"{len(packages)} packages: definitions {read}; {containers} containers; {len(faults)} faults")
    if not packages or faults:
        sys.exit(1)


main(pathlib.Path(sys.argv[1]))

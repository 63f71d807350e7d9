#!/usr/bin/env python3
"""Reads what goes over with a lead and what comes back, of every package below a folder, with libraries of other makers.

Shares nothing with the program: what a status file may say is found anew from the lead's path, and payloads are filled as
their legends say.

    handoff.py OUTPUT
"""

import copy
import csv
import json
import pathlib
import re
import sys

import jsonschema
import openpyxl

# What Microsoft lets follow what.
REFERRAL = {"New": {"New", "Active", "Closed"}, "Active": {"Active", "Closed"}, "Closed": {"Closed"}}
STAGES = ["Prospect", "Qualified", "Technical Validation", "Business Validation", "Committed", "Launched", "Closed Lost"]
WORD = re.compile(r"<[a-z_]+>")

faults = []


def expect(holds, package, what):
    if not holds:
        faults.append(f"{package}: {what}")


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def document(path):
    return json.loads(path.read_text(encoding="utf-8"))


def validator(schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def sample(holds):
    """A value that a property of the record may have, and that is given."""
    holds = holds.get("anyOf", [holds])[0]
    if "enum" in holds:
        return holds["enum"][0]
    if holds["type"] == "array":
        return [holds["items"]["enum"][0]]
    return {"email": "a@b.example", "date-time": "2027-01-11T09:00:00Z"}.get(holds.get("format"), "x")


def applied(schema, record):
    """What the conditions ask of a record that hold for it."""
    return [rule["then"] for rule in schema.get("allOf", []) if validator(rule["if"]).is_valid(record)]


def demanded(schema, record):
    return {name for then in applied(schema, record) for name in then.get("required", [])}


def closed(schema, record):
    fields = [item for then in applied(schema, record) for item in then.get("properties", {}).items()]
    return {name for name, holds in fields if holds == {"type": "null"}}


def record(package, folder):
    schema = document(folder / "handoff.schema.json")
    is_valid = validator(schema).is_valid
    properties = schema["properties"]
    expect(rows(folder / "handoff.csv") == [list(properties)], package, "handoff.csv has other fields than the schema")
    expect(list(document(folder / "handoff.json")) == list(properties), package, "handoff.json has other fields")
    described = rows(folder / "handoff-fields.csv")[1:]
    expect([row[0] for row in described] == list(properties), package, "handoff-fields.csv has other fields")
    full = {name: sample(holds) for name, holds in properties.items()}
    full["requests"] = properties["requests"]["items"]["enum"]
    expect(is_valid(full), package, "a full record does not meet its schema")
    for name in schema["required"]:
        without = {key: value for key, value in full.items() if key != name}
        expect(not is_valid(without), package, f"a record without `{name}` meets its schema")
    # Of each request alone: what is needed then is enough, and nothing of it may be left out.
    for request in properties["requests"]["items"]["enum"]:
        given = {"requests": [request]}
        needed = demanded(schema, given)
        filled = {name: full[name] for name in needed.union(schema["required"])}
        empty = {**document(folder / "handoff.json"), **filled, **given}
        expect(is_valid(empty), package, f"handoff.json, filled in as `{request}` asks, does not meet its schema")
        # What no ground covers stays empty.
        refused = closed(schema, {**full, **given})
        covered = {**full, **dict.fromkeys(refused), **given}
        expect(is_valid(covered), package, f"a record with all that `{request}` covers does not meet its schema")
        for name in refused:
            expect(not is_valid({**covered, name: full[name]}), package, f"`{request}` goes over with `{name}`")
        for name in demanded(schema, covered):
            without = {key: value for key, value in covered.items() if key != name}
            for lacking in (without, {**covered, name: None}):
                expect(not is_valid(lacking), package, f"`{request}` goes without `{name}`")
    expect(not is_valid({**full, "anything": "x"}), package, "a record takes any field")
    expect(schema["x-handoff"]["grounds"], package, "a record goes over without a ground")


def reached(machine, first):
    """The states from one on, in their order."""
    states = {state["id"]: state for state in machine["states"]}
    found, waiting = {first}, [first]
    while waiting:
        for to in states[waiting.pop()]["to"].values():
            if to not in found:
                found.add(to)
                waiting.append(to)
    return [id for id in states if id in found]


def told(path):
    return {happening["id"]: happening for happening in path["happens"] if "partner" in [by["id"] for by in happening["by"]]}


def status(package, folder, path, model):
    feedback = model["feedback"]
    [machine] = {row["ends"].split(".")[0] for row in feedback if "ends" in row}
    [machine] = [it for it in path["machines"] if it["id"] == machine]
    partners = {owner["id"] for owner in model["owners"] if owner["role"] == "partner"}
    to = {record["id"]: record["to"] for record in path["records"]}
    handed = next(it for it in machine["states"] if it["record"] and to[it["record"]["id"]] in partners)
    states = reached(machine, handed["id"])
    events = {event for it in machine["states"] if it["id"] in states for event in it["to"]}
    tells = told(path)
    allowed = {
        "decision": [event for event in handed["to"] if event in tells],
        "reason": [reason["id"] for id, it in tells.items() if id in events for reason in it.get("reasons", [])],
        "state": states,
        "outcome": [row["id"] for row in feedback if "ends" not in row],
    }
    [header] = rows(folder / "status.csv")
    book = openpyxl.load_workbook(folder / "status.xlsx")
    sheet, lists = book["status"], book["lists"]
    expect([cell.value for cell in sheet[1]] == header, package, "the workbook has other columns than the table")
    expect(sheet.freeze_panes == "A2", package, "the header does not stay in sight")
    kinds = {}
    for rule in sheet.data_validations.dataValidation:
        [column] = {cells.min_col for cells in rule.sqref.ranges}
        kinds[header[column - 1]] = rule
        expect(str(rule.sqref).endswith("1001"), package, "a rule ends early")
    expect(set(kinds) == set(header), package, "a column says not what it may hold")
    if set(kinds) != set(header):
        return
    for name, words in allowed.items():
        words = list(dict.fromkeys(words))
        if not words:
            expect(kinds[name].type == "textLength", package, f"`{name}` has no words and a list")
            continue
        sheet_name, cells = kinds[name].formula1.split("!")
        found = [cell.value for [cell] in lists[cells.replace("$", "")]]
        expect(sheet_name == "lists" and kinds[name].type == "list", package, f"`{name}` has no list")
        expect(found == words, package, f"`{name}` may be {found}, and the path says {words}")
        for page in (it for it in book if it.title not in ("status", "lists")):
            meant = {(row[0], row[1]): row[2] for row in page.iter_rows(values_only=True)}
            expect(all(meant.get((name, word)) for word in words), package, f"{page.title} says not what `{name}` means")
    for name in header:
        if name.endswith("_on"):
            expect(kinds[name].type == "date", package, f"`{name}` is no date")
            format = sheet.column_dimensions[openpyxl.utils.get_column_letter(header.index(name) + 1)].number_format
            expect(format == "yyyy-mm-dd", package, f"`{name}` is written as {format}")
    expect(len(book.sheetnames) > 2, package, "nothing says how the file is filled in")


def words(package, folder, path):
    table = document(folder / "status-map.json")
    everything = table["stages"] + table["states"] + table["member_statuses"] + table["outcomes"]
    for system in table["systems"]:
        values = {value["value"] for value in system["values"]}
        if system["id"] == "salesforce-member":
            ranks = [(it["rank"], it["responded"]) for it in system["values"]]
            expect(len({rank for rank, _ in ranks}) == len(ranks), package, "two member statuses have one rank")
            expect([it for _, it in sorted(ranks)] == sorted(it for _, it in sorted(ranks)), package, "a response is undone")
            continue
        for row in everything:
            word = row["called"].get(system["id"])
            expect(word in values | {"none", "kept"}, package, f"`{row['id']}` is `{word}` in `{system['id']}`")
            expect(word not in system.get("retired", []), package, f"`{word}` is retired")
    called = {row["id"]: row["called"] for row in table["states"]}
    systems = {system["id"] for system in table["systems"]}
    [machine] = [it for it in path["machines"] if it["id"] == table["states"][0]["machine"]]
    for id, may in (("microsoft-referral", referral), ("aws-opportunity", stage)):
        if id in systems:
            walk(package, machine, called, id, may)


def referral(before, after):
    return after.split("/")[0] in REFERRAL[before.split("/")[0]]


def stage(before, after):
    return STAGES.index(after) >= STAGES.index(before)


def walk(package, machine, called, system, may):
    """Every way through the machine, with what stands in the system; a conversation that starts anew has one of its own."""
    owed = {it["id"]: it["who"] for it in machine["states"]}
    ways = {it["id"]: it["to"].values() for it in machine["states"]}
    first = machine["states"][0]["id"]
    seen, waiting = set(), [(first, called[first][system])]
    while waiting:
        at, stands = waiting.pop()
        if (at, stands) in seen:
            continue
        seen.add((at, stands))
        for to in ways[at]:
            now = "none" if owed[at] is None and owed[to] is not None else stands
            word = called[to][system]
            word = now if word in ("kept", "none") else word
            if now not in ("none", "kept") and not may(now, word):
                expect(False, package, f"{system}: `{at}` leads to `{to}`, and `{now}` to `{word}`")
            waiting.append((to, word))


def filled(payload, legend):
    text = json.dumps(payload)
    for row in legend:
        example = row["value"] or row["example"].removeprefix("'")
        if row["rule"].startswith("a number"):
            text = text.replace(f'"{row["word"]}"', example)
        text = text.replace(row["word"], json.dumps(example)[1:-1])
    return json.loads(text)


def deals(package, folder):
    found = 0
    for path in sorted((folder / "cosell").glob("*.schema.json")):
        name = path.name.removesuffix(".schema.json")
        payload = document(folder / "cosell" / f"{name}.json")
        header, *lines = rows(folder / "cosell" / f"{name}-legend.csv")
        legend = [dict(zip(header, line)) for line in lines]
        schema = validator(document(path))
        done = filled(payload, legend)
        told = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in schema.iter_errors(done)]
        expect(not told, package, f"{name}: {told}")
        expect(not schema.is_valid(payload), package, f"{name} is taken before it is filled in")
        named = {row["word"] for row in legend if row["from"].split(".")[0] != "partner"}
        there = set(WORD.findall(json.dumps(payload)))
        expect(named <= there and there <= {row["word"] for row in legend}, package, f"{name}: {named ^ there}")
        fields = rows(folder / "handoff.csv")[0]
        for row in legend:
            of, _, field = row["from"].partition(".")
            expect(of != "handoff" or field in fields, package, f"{name}: no field `{field}`")
            expect(of != "status" or field in rows(folder / "status.csv")[0], package, f"{name}: no column `{field}`")
        for change in spoiled(done):
            expect(not schema.is_valid(change), package, f"{name}: takes {json.dumps(change)[:200]}")
        found += 1
    return found


def spoiled(done):
    """The same with one text that is none of its words, or too long."""
    def at(value, path=()):
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from at(inner, path + (key,))
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                yield from at(inner, path + (index,))
        else:
            yield path
    free = {"CampaignName", "name", "notes", "externalReferenceId", "size", "id", "firstName", "lastName", "phoneNumber"}
    for path in at(done):
        if path[-1] in free:
            continue
        change = copy.deepcopy(done)
        of = change
        for key in path[:-1]:
            of = of[key]
        of[path[-1]] = "\u0001" * 3000
        yield change


def main(output):
    packages = sorted(path.parent.parent for path in pathlib.Path(output).rglob("qualification/model.json"))
    handed = sold = 0
    for package in packages:
        folder = package / "qualification"
        path, model = document(package / "playbook" / "journey.json"), document(folder / "model.json")
        if (folder / "status-map.json").exists():
            words(package, folder, path)
        if (folder / "handoff.schema.json").exists():
            handed += 1
            record(package, folder)
            status(package, folder, path, model)
            sold += deals(package, folder)
    for fault in faults:
        print(fault)
    print(f"{len(packages)} packages, {handed} with a record, {sold} payloads: {len(faults)} faults")
    return 1 if faults or not handed or not sold else 0


sys.exit(main(sys.argv[1]))

#!/usr/bin/env python3
"""Adds up what the packages of each partner plan, and holds the sums against the goals that the workspace states.

Shares nothing with the program: goals are read from the partners' files as they are written, and planned numbers from the
tables of the claims.

    plan.py WORKSPACE OUTPUT
"""

import csv
import decimal
import json
import pathlib
import re
import sys

# Each of these is a part of the one before.
STAGES = ["leads", "mqls", "sqls", "sessions", "pilots"]

faults = []


def expect(holds, where, what):
    if not holds:
        faults.append(f"{where}: {what}")


def written_goals(workspace):
    """By partner: the goals in its own file. Partners of the registry have none there."""
    goals = {}
    for path in sorted(workspace.glob("partners/*/partner.yaml")) + sorted(workspace.glob("partners/*.yaml")):
        found = re.search(r"^goals: \{(.*)\}$", path.read_text("utf-8"), re.MULTILINE)
        partner = path.parent.name if path.name == "partner.yaml" else path.stem
        if found:
            pairs = (pair.split(":") for pair in found[1].split(","))
            goals[partner] = {name.strip(): int(value) for name, value in pairs}
    return goals


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def metrics_of(rows):
    return [name.removeprefix("planned_") for name in rows[0] if name.startswith("planned_") and name not in ("planned_start", "planned_end")]


def planned(rows):
    """Each metric, summed over the activities of a package."""
    return {name: sum(int(row[f"planned_{name}"] or 0) for row in rows) for name in metrics_of(rows)}


def nested(rows, where):
    """In each activity a stage is no more than the one before."""
    for row in rows:
        stages = [int(row[f"planned_{stage}"] or 0) for stage in STAGES if f"planned_{stage}" in row]
        expect(stages == sorted(stages, reverse=True), where, f"{row['activity']} has more of a stage than of the one before: {stages}")


def summed(output, partner, packages):
    """The partner's own claim has each activity once, and the sum of what its packages plan."""
    folder = output / partner
    rows = table(folder / "activities.csv")
    keys = [(row["claim_id"], row["activity"]) for row in rows]
    expect(len(set(keys)) == len(keys), partner, "claims an activity twice")
    for metric in metrics_of(rows):
        parts = sum(plan.get(metric, 0) for _, plan, _ in packages)
        whole = planned(rows)[metric]
        expect(parts == whole, partner, f"claims {whole} {metric}, and its packages plan {parts}")
    told = {id for row in rows for id in row["deployments"].split()}
    expect(told == {str(where) for _, _, where in packages}, partner, f"claims for {sorted(told)}")
    files = [row["file_name"] for row in table(folder / "evidence.csv")]
    expect(len(set(files)) == len(files), partner, "two papers have one name")
    due = {row["activity"]: row["claim_due"] for row in rows}
    ends = {row["activity"]: row["planned_end"] for row in rows}
    late = [row["file_name"] for row in table(folder / "evidence.csv") if row["file_by"] > due[row["activity"]]]
    expect(not late, partner, f"files after the claim is due: {late}")
    early = [row["file_name"] for row in table(folder / "evidence.csv") if row["file_by"] < ends[row["activity"]]]
    expect(not early, partner, f"files before the activity has ended: {early}")
    asked = {row["field"] for row in table(folder / "claim.csv")}
    approved = any(row["approval_due"] for row in rows)
    expect(not approved or "approval_id" in rows[0], partner, "asks for approvals, and no column is for their numbers")
    expect(not approved or "pre_approval_id" not in asked, partner, "asks for the approval of each activity, and of all of them")
    papers = {row["file_name"] for row in table(folder / "evidence.csv") if row["shows"] == "cost"}
    invoices = [row["file_name"] for row in table(folder / "invoices.csv")]
    expect(papers <= set(invoices), partner, f"calls invoices otherwise: {sorted(papers - set(invoices))}")
    expect(len(set(invoices)) == len(invoices), partner, "has two invoices of one name")
    books = sorted(path.stem for path in folder.glob("claim-*.xlsx"))
    expect(books == sorted({row["claim_id"] for row in rows}), partner, f"has the workbooks {books}")


def columns(path, *names):
    return sorted(tuple(row[name] for name in names) for row in table(path))


def sums(rows):
    """By claim and currency what is planned and what is paid back."""
    return {row[:2]: [decimal.Decimal(amount or 0) for amount in row[2:]] for row in rows}


def above(output):
    """Regions add up to the program, and the program to the partners; campaigns load in the order of their files."""
    names = ("claim_id", "activity", "deployment", "metric", "planned")
    program = columns(output / "program" / "planned.csv", *names)
    regions = [columns(path, *names) for path in sorted(output.glob("regions/*/planned.csv"))]
    expect(sorted(row for rows in regions for row in rows) == program, "program", "is not the sum of its regions")
    goals = ("partner", "deployment", "metric", "goal", "planned")
    partners = [row for path in sorted(output.glob("*/goals.csv")) if path.parent.name != "program" for row in columns(path, *goals)]
    expect(sorted(partners) == columns(output / "program" / "goals.csv", *goals), "program", "is not the sum of its partners")
    amounts = ("claim_id", "currency", "amount_planned", "reimbursement_planned")
    whole, parts = sums(columns(output / "program" / "claims.csv", *amounts)), {}
    for path in sorted(output.glob("regions/*/claims.csv")):
        for claim, amount in sums(columns(path, *amounts)).items():
            parts[claim] = [a + b for a, b in zip(parts.get(claim, [0, 0]), amount)]
    expect(parts == whole, "program", "pays other claims than its regions together")
    links = sum(len(table(path)) for path in output.glob("*/utm.csv") if path.parent.name != "program")
    packages = sum(len(table(path)) for path in output.glob("**/tracking/utm.csv"))
    expect(links == packages == len(table(output / "program" / "utm.csv")), "program", "does not list each link once")
    for folder in [output / "program", *sorted(output.glob("regions/*"))]:
        elsewhere(folder, output)
        known, currencies = set(), {}
        for path in sorted(folder.glob("salesforce-campaigns-*.csv")):
            rows = table(path)
            for row in rows:
                parent = row["Parent.Campaign_Key__c"]
                expect(not parent or parent in known, path.relative_to(output), f"{parent} is in no file before")
                expect(row["Campaign_Key__c"] not in known, path.relative_to(output), f"{row['Campaign_Key__c']} is there twice")
                currency = currencies.setdefault(row["Campaign_Key__c"], row["CurrencyIsoCode"])
                expect(len(currency) == 3, row["Campaign_Key__c"], f"has the currency {currency!r}")
                expect(currencies.get(parent, currency) == currency, row["Campaign_Key__c"], "has another currency than its parent")
            known |= {row["Campaign_Key__c"] for row in rows}
        if folder.is_dir() and (folder / "salesforce-member-statuses.csv").exists():
            statuses = table(folder / "salesforce-member-statuses.csv")
            by_campaign = {}
            for row in statuses:
                by_campaign.setdefault(row["Campaign.Campaign_Key__c"], []).append(row)
            for key, rows in by_campaign.items():
                expect(key in known, folder.name, f"statuses of {key}, which is no campaign")
                expect(sum(row["IsDefault"] == "TRUE" for row in rows) == 1, key, "has not one default status")
                expect(any(row["HasResponded"] == "TRUE" for row in rows), key, "has no status that counts as responded")
                # A new campaign has two statuses of its own, in the first two places.
                orders = [int(row["SortOrder"]) for row in rows]
                expect(len(set(orders)) == len(orders) and min(orders) > 2, key, f"has its statuses in the places {orders}")
                expect(not {"sent", "responded"} & {row["Label"].lower() for row in rows}, key, "has a status that each new campaign has")


# What the campaigns of HubSpot are created with, by its documentation.
HUBSPOT = {"hs_name", "hs_campaign_status", "hs_start_date", "hs_end_date", "hs_utm", "hs_currency_code", "hs_notes"}


def elsewhere(folder, output):
    """Where campaigns have no parents there is one for each package, once, called and dated as in the table of all."""
    if not (folder / "campaigns.csv").exists():
        return
    where = folder.relative_to(output)
    rows = table(folder / "campaigns.csv")
    parents = {row["parent_key"] for row in rows}
    lowest = {row["key"]: row for row in rows if row["key"] not in parents}
    expect(all("@" in row["owner"] for row in rows), where, "has campaigns without an owner")
    batches = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("hubspot-campaigns-*.json"))]
    expect(all(len(batch["inputs"]) <= 50 for batch in batches), where, "creates more than 50 campaigns at once")
    made = [one["properties"] for batch in batches for one in batch["inputs"]]
    expect(sorted(one["hs_utm"] for one in made) == sorted(lowest), where, "has other campaigns for HubSpot")
    for one in made:
        row = lowest.get(one["hs_utm"], {})
        expect(set(one) == HUBSPOT, where, f"{one['hs_utm']} has {sorted(set(one) ^ HUBSPOT)}")
        told = (row.get("name"), row.get("start_date"), row.get("end_date"), row.get("currency"))
        expect(told == (one["hs_name"], one["hs_start_date"], one["hs_end_date"], one["hs_currency_code"]), where, f"{one['hs_utm']} differs")
    if (folder / "dynamics-campaigns.csv").exists():
        imported = table(folder / "dynamics-campaigns.csv")
        codes = [row["Campaign Code"] for row in imported]
        expect(len(set(codes)) == len(codes) == len(lowest), where, "has not one code a campaign for Dynamics")
        expect(all(0 < len(code) <= 32 for code in codes), where, "has codes that Dynamics cuts")
        expect({row["Status Reason"] for row in imported} == {"Proposed"}, where, "imports campaigns that have begun")


def weeks(output):
    """What mailboxes give in a week is what their packages' paths say, added up, in the fullest week too."""
    by_partner = {}
    for path in sorted(output.glob("**/playbook/journey.json")):
        if path.parent.name == "playbook":
            partner = path.relative_to(output).parts[0]
            by_partner.setdefault(partner, []).extend(json.loads(path.read_text("utf-8"))["load"])
    for place, rows in [*by_partner.items(), ("program", [row for rows in by_partner.values() for row in rows])]:
        expected = {}
        for row in rows:
            total = expected.setdefault(row["address"], {"packages": 0, "minutes": 0, "rows": []})
            total["packages"] += 1
            total["minutes"] += row["minutes"]
            total["rows"].append((row["minutes"], {week["from"]: week["minutes"] for week in row.get("weeks", [])}))
        told = {row["mailbox"]: row for row in table(output / place / "load.csv")}
        expect(set(told) == set(expected), place, "has other mailboxes than its packages")
        for address, total in expected.items():
            row = told.get(address, {})
            expect(row.get("minutes") == str(total["minutes"]), place, f"{address} gives {row.get('minutes')} minutes, not {total['minutes']}")
            expect(row.get("packages") == str(total["packages"]), place, f"{address} has another number of packages")
            mondays = {monday for _, own in total["rows"] for monday in own}
            sums = [sum(own.get(monday, usual) for usual, own in total["rows"]) for monday in mondays]
            fullest = max([minutes for minutes in sums if minutes > total["minutes"]], default="")
            expect(row.get("fullest_minutes") == str(fullest), place, f"{address} gives {row.get('fullest_minutes')} in its fullest week, not {fullest}")


def main(workspace, output):
    partners = {}
    for path in sorted(output.glob("**/proof/claim.csv")):
        claim = {row["field"]: row["value"] for row in table(path)}
        rows = table(path.with_name("activities.csv"))
        part = json.loads(path.with_name("plan.json").read_text("utf-8"))
        nested(rows, path.parent.parent.relative_to(output))
        claim["package_number"] = part["number"]
        partners.setdefault(claim["partner_id"], []).append((claim, planned(rows), path.parent.parent.relative_to(output)))
    goals = written_goals(workspace)
    for partner, packages in partners.items():
        numbers = sorted(int(claim["package_number"]) for claim, _, _ in packages)
        expect(numbers == list(range(1, len(packages) + 1)), partner, f"its packages are numbered {numbers}")
        expect({claim["partner_packages"] for claim, _, _ in packages} == {str(len(packages))}, partner, "packages count each other otherwise")
        summed(output, partner, packages)
        for metric, goal in goals.get(partner, {}).items():
            # What nothing counts in a package is not planned there.
            parts = [plan[metric] for _, plan, _ in packages if metric in plan]
            expect(sum(parts) == goal, partner, f"plans {sum(parts)} {metric} in all of its packages, and its goal is {goal}")
            expect(max(parts) - min(parts) <= 1, partner, f"parts of {metric} differ by more than one")
        for _, plan, where in packages:
            stages = [plan[stage] for stage in STAGES if stage in plan]
            expect(stages == sorted(stages, reverse=True), where, f"a stage is more than the one before: {stages}")
    expect(set(goals) <= set(partners), "partners", f"no package of {sorted(set(goals) - set(partners))}")
    expect(bool(partners), output, "has no claims")
    above(output)
    weeks(output)
    for fault in faults:
        print(fault)
    print(f"{sum(map(len, partners.values()))} packages of {len(partners)} partners, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))

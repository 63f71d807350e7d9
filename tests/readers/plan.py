#!/usr/bin/env python3
"""Adds up what the packages of each partner plan, and holds the sums against the goals that the workspace states.

Shares nothing with the program: goals are read from the partners' files as they are written, and planned numbers from the
tables of the claims.

    plan.py WORKSPACE OUTPUT
"""

import csv
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


def planned(rows):
    """Each metric, summed over the activities of a package."""
    names = [name.removeprefix("planned_") for name in rows[0] if name.startswith("planned_") and name not in ("planned_start", "planned_end")]
    return {name: sum(int(row[f"planned_{name}"] or 0) for row in rows) for name in names}


def main(workspace, output):
    partners = {}
    for path in sorted(output.glob("**/proof/claim.csv")):
        claim = {row["field"]: row["value"] for row in table(path)}
        rows = table(path.with_name("activities.csv"))
        partners.setdefault(claim["partner_id"], []).append((claim, planned(rows), path.parent.parent.relative_to(output)))
    goals = written_goals(workspace)
    for partner, packages in partners.items():
        numbers = sorted(int(claim["package_number"]) for claim, _, _ in packages)
        expect(numbers == list(range(1, len(packages) + 1)), partner, f"its packages are numbered {numbers}")
        expect({claim["partner_packages"] for claim, _, _ in packages} == {str(len(packages))}, partner, "packages count each other otherwise")
        expect(len({claim["claim_id"] for claim, _, _ in packages}) == len(packages), partner, "two claims have one id")
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
    for fault in faults:
        print(fault)
    print(f"{sum(map(len, partners.values()))} packages of {len(partners)} partners, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))

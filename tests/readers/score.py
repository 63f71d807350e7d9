#!/usr/bin/env python3
"""Scores every test vector of every package below a folder by its `model.json`, from the rules written there alone.

Shares nothing with the program. Each vector has to come out as expected; and each way of reading a rule that is not the
one meant has to fail at some vector, so that a build of the model that passes them all is the model.

    score.py OUTPUT
"""

import json
import pathlib
import sys

# How each rule could be read otherwise.
MISREADINGS = {
    "rounds up": {"whole": lambda points: -(-points // 100)},
    "rounds to the nearest": {"whole": lambda points: (points + 50) // 100},
    "months of 31 days": {"month": 31},
    "months of 28 days": {"month": 28},
    "a month begins before it is full": {"age": lambda days: days + 1},
    "the window ends a day early": {"window": -1},
    "the window ends a day late": {"window": 1},
    "the first events count, not the latest": {"order": False},
    "events count without end": {"times": 10**6},
    "no caps": {"cap": False},
    "negatives before caps": {"late": False},
    "a half may be below nothing": {"floor": -(10**9)},
    "the matrix alone decides": {"thresholds": False},
    "a threshold has to be passed": {"over": 1},
    "a band begins behind its minimum": {"band": 1},
    "domains as they are written": {"fold": str},
    "a domain is whatever ends with it": {"below": lambda host, domain: host.endswith(domain)},
    "a domain without what is below it": {"below": lambda host, domain: host == domain},
    "targets do not matter": {"target": False},
    "the highest priority number wins": {"priority": -1},
    "the last rule that ends qualification counts": {"first": -1},
    "who is out still has an owner": {"out": False},
    "no activity at all is inactivity": {"never": True},
    "who is out is not heard": {"lifts": lambda age, since: False},
    "what was asked before is heard": {"lifts": lambda age, since: True},
    "what is asked on the same day is not heard": {"lifts": lambda age, since: age < since},
    "nobody permits anything": {"permits": lambda state: False},
    "a box that was left empty is a permission": {"permits": bool},
}

MEANT = {
    "whole": lambda points: points // 100,
    "month": 30,
    "age": lambda days: days,
    "window": 0,
    "order": True,
    "times": 0,
    "cap": True,
    "late": True,
    "floor": 0,
    "thresholds": True,
    "over": 0,
    "band": 0,
    "fold": str.lower,
    "below": lambda host, domain: host == domain or host.endswith("." + domain),
    "target": True,
    "priority": 1,
    "first": 0,
    "out": True,
    "never": False,
    "lifts": lambda age, since: age <= since,
    "permits": lambda state: state == "given",
}

RANK = ["disqualified", "nurture", "mql", "sql"]


def matching(when, lead, how):
    wanted = when.get("target")
    fits = lambda event: not how["target"] or wanted is None or event.get("target") == wanted
    return [event for event in lead["events"] if event["event"] == when["event"] and fits(event)]


def holds(when, lead, how):
    if "field" in when:
        value = lead["fields"].get(when["field"], "")
        if when["op"] == "domain-in":
            host = how["fold"](value.rpartition("@")[2]) if "@" in value else None
            return host is not None and any(how["below"](host, how["fold"](domain)) for domain in when["values"])
        return (value in when["values"]) == (when["op"] == "is")
    if "event" in when:
        return bool(matching(when, lead, how))
    ages = [event["days_ago"] for event in lead["events"]]
    return min(ages) >= when["inactive_days"] if ages else how["never"]


def heard(ending, lead, how):
    """How old a request may be to be heard although rules end qualification: no older than their latest event."""
    ages = [event["days_ago"] for rule in ending if "event" in rule["when"] for event in matching(rule["when"], lead, how)]
    since = min(ages, default=None)
    return lambda age: since is None or how["lifts"](age, since)


def earned(signal, lead, how):
    when = signal["when"]
    if "event" not in when:
        return signal["points"] if holds(when, lead, how) else 0
    ages = [event["days_ago"] for event in matching(when, lead, how)]
    if "window_days" in signal:
        ages = [age for age in ages if age <= signal["window_days"] + how["window"]]
    if how["order"]:
        ages.sort()
    percent = signal.get("decay_pct_per_month", 0)
    left = lambda age: max(0, 100 - percent * (how["age"](age) // how["month"]))
    return sum(how["whole"](signal["points"] * left(age)) for age in ages[: how["times"] or signal["max_times"]])


def score(model, lead, how=MEANT):
    why, halves = [], {"fit": 0, "engagement": 0}
    taken = [(rule["id"], rule["kind"], -rule["points"]) for rule in model["negatives"] if holds(rule["when"], lead, how)]
    for group in model["groups"]:
        reasons = [(it["id"], group["kind"], earned(it, lead, how)) for it in model["signals"] if it["group"] == group["id"]]
        reasons = [reason for reason in reasons if reason[2] > 0]
        if not how["late"]:
            reasons += [reason for reason in taken if reason[1] == group["kind"]]
        over = sum(points for _, _, points in reasons) - group["cap"]
        why += reasons
        if how["cap"] and over > 0:
            why.append((group["id"], group["kind"], -over))
    if how["late"]:
        why += taken
    for _, half, points in why:
        halves[half] += points
    halves = {half: max(how["floor"], points) for half, points in halves.items()}
    total = sum(halves.values())

    def band(half):
        bands = model["bands"][half]
        return next((band["id"] for band in bands if halves[half] >= band["min"] + how["band"]), bands[-1]["id"])

    cell = band("fit") + band("engagement")
    granted = model["matrix"].get(cell, "nurture")
    least = model["thresholds"]
    reached = next((stage for stage in ["sql", "mql"] if total >= least[stage] + how["over"]), "nurture")
    stage = min(granted, reached, key=RANK.index) if how["thresholds"] else granted
    ending = [rule for rule in model["disqualify"] if holds(rule["when"], lead, how)]
    ended = [rule["id"] for rule in ending]
    is_heard = heard(ending, lead, how)

    def routed(route):
        when = route["when"]
        made = [event for event in lead["events"] if event["event"] == "form-submit"]
        asked = [event.get("target") for event in made if not ended or is_heard(event["days_ago"])]
        return (
            (when["requested"] or not (ended and how["out"]))
            and (not when["stages"] or stage in when["stages"])
            and (not when["fit"] or band("fit") in when["fit"])
            and all(not lead["fields"].get(field) for field in when["missing"])
            and not any(how["permits"](lead["fields"].get("permission_" + purpose, "")) for purpose in when["unpermitted"])
            and (not when["requested"] or any(request in asked for request in when["requested"]))
        )

    routes = [route for route in model["routing"] if routed(route)]
    route = min(routes, key=lambda route: route["priority"] * how["priority"], default=None)
    return {
        **halves,
        "total": total,
        "cell": cell,
        "stage": "disqualified" if ended else stage,
        "owner": route and route["to"],
        "route": route and route["id"],
        "disqualified_by": ended[how["first"]] if ended else None,
        "why": [{"id": id, "half": half, "points": points} for id, half, points in why],
    }


def main(output):
    packages = sorted(pathlib.Path(output).rglob("qualification/test-vectors.json"))
    wrong, count, unseen = [], 0, dict.fromkeys(MISREADINGS, True)
    for path in packages:
        model = json.loads(path.with_name("model.json").read_text())
        vectors = json.loads(path.read_text())["vectors"]
        count += len(vectors)
        for vector in vectors:
            found = score(model, vector["lead"])
            if found != vector["expected"]:
                wrong.append(f"{path}: {vector['id']}: {found} where {vector['expected']} is said")
        for name in [name for name, is_unseen in unseen.items() if is_unseen]:
            how = {**MEANT, **MISREADINGS[name]}
            unseen[name] = all(score(model, vector["lead"], how) == vector["expected"] for vector in vectors)
    wrong += [f"no vector tells who reads it so: {name}" for name, is_unseen in unseen.items() if is_unseen]
    print("\n".join(wrong[:20]))
    print(f"{count} vectors of {len(packages)} packages, {len(MISREADINGS)} misreadings: {len(wrong)} wrong")
    return 0 if packages and not wrong else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

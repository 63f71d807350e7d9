#!/usr/bin/env python3
"""Fills in the workbook of each claim, lets LibreOffice count, and counts again from what was filled in.

Shares nothing with the program: the rules are those of docs/plan.md, in decimals. Cells are written and read by openpyxl.

    workbook.py OUTPUT
"""

import csv
import datetime
import decimal
import pathlib
import random
import subprocess
import sys
import tempfile

import openpyxl

Decimal = decimal.Decimal
faults = []


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def rounded(amount, places):
    return amount.quantize(Decimal(1).scaleb(-places), decimal.ROUND_HALF_UP)


class Book:
    """A claim's workbook, and the tables that say what stands where."""

    def __init__(self, path):
        folder = path.parent
        self.path = path
        claim = path.stem if path.stem != "claim" else table(folder / "claim.csv")[1][1]
        # Tables beside a partner's page hold several claims, the one behind the other.
        fields, own = [], False
        for row in table(folder / "claim.csv")[1:]:
            if row[0] == "claim_id":
                own = row[1] == claim
            if own:
                fields.append(row)
        self.fields = {row[0]: (number, row[1]) for number, row in enumerate(fields)}
        self.invoice = ["activity", *table(folder / "invoices.csv")[0][3:], "eligible", "converted"]
        self.approves_each = "approval_id" in table(folder / "activities.csv")[0] and "pre_approval_id" not in self.fields
        self.currency = self.fields["currency"][1]
        self.places = {"JPY": 0, "KRW": 0}.get(self.currency, 2)

    def day(self, field):
        return datetime.date.fromisoformat(self.fields[field][1])


# Columns of the sheet of activities.
KEY, COST, PERCENT, SHARE, CAP, PAID, APPROVAL, APPROVED = 1, 7, 8, 9, 10, 11, 12, 13


def fill(book, sheets, chance):
    """Puts invoices, approvals and amounts into the cells that are open, as people would: some late, some elsewhere paid."""
    claim, activities, _, invoices = sheets
    column = {name: number + 1 for number, name in enumerate(book.invoice)}
    start, end, due = book.day("period_start"), book.day("period_end"), book.day("claim_due")
    keys = [activities.cell(row, KEY).value for row in range(2, activities.max_row + 1)]

    def date(first, last):
        # A few fall outside, on either side.
        return first + datetime.timedelta(days=chance.randint(-3, (last - first).days + 3))

    for row in range(2, invoices.max_row + 1):
        if not invoices.cell(row, 1).value:
            if chance.random() < 0.5:
                continue
            invoices.cell(row, 1, chance.choice(keys))
        put = lambda name, value: name in column and invoices.cell(row, column[name], value)
        put("invoice_date", date(start, end))
        put("service_date", date(start, end))
        put("paid_on", date(start, due))
        if chance.random() < 0.9:
            put("filed_on", date(end, due))
        scale = 100 if book.places else 1
        net = chance.randint(1, 200_000)
        tax = chance.choice([0, net // 5])
        put("net", net / scale)
        put("tax", tax / scale)
        put("tax_recovered", chance.choice([None, 0, tax / scale]))
        put("not_eligible", chance.choice([None, None, chance.randint(0, net) / scale]))
        other = chance.random() < 0.3
        put("currency", "CHF" if other else book.currency)
        put("exchange_rate", chance.randint(5000, 200_000) / 100_000 if other else None)
    if book.approves_each:
        for row in range(2, activities.max_row + 1):
            activities.cell(row, APPROVED, chance.choice([None, 50, 100_000]))
    if "amount_approved" in book.fields:
        claim.cell(book.fields["amount_approved"][0] + 3, 2, chance.choice([None, 500, 10_000_000]))


def number(cell):
    return Decimal(str(cell.value)) if isinstance(cell.value, (int, float)) else None


def counted(book, sheets):
    """What the fund pays, from what was filled in: by activity, and in all."""
    claim, activities, _, invoices = sheets
    column = {name: number + 1 for number, name in enumerate(book.invoice)}
    costs, lines = {}, {}
    tests = book.fields["dates_within"][1].split()
    names = {"invoice": "invoice_date", "service": "service_date", "payment": "paid_on"}
    for row in range(2, invoices.max_row + 1):
        get = lambda name: number(invoices.cell(row, column[name])) or Decimal(0) if name in column else Decimal(0)
        day = lambda name: invoices.cell(row, column[name]).value
        plain = lambda value: value.date() if isinstance(value, datetime.datetime) else value
        filed = plain(day("filed_on"))
        holds = filed is not None and filed <= book.day("claim_due")
        for test in tests:
            on = plain(day(names[test]))
            holds = holds and on is not None and book.day("period_start") <= on <= book.day("period_end")
        total = get("net") + get("tax")
        counts = {"net": get("net"), "gross": total, "net_if_recoverable": total - get("tax_recovered")}
        eligible = max(Decimal(0), counts[book.fields["tax_basis"][1]] - get("not_eligible")) if holds else Decimal(0)
        rate = Decimal(1) if day("currency") == book.currency else get("exchange_rate")
        lines[row] = rounded(eligible * rate, book.places)
        key = invoices.cell(row, 1).value
        costs[key] = costs.get(key, Decimal(0)) + lines[row]
    paid = {}
    for row in range(2, activities.max_row + 1):
        share = rounded(costs.get(activities.cell(row, KEY).value, Decimal(0)) * number(activities.cell(row, PERCENT)) / 100, book.places)
        bounds = [share, number(activities.cell(row, CAP))]
        if book.approves_each:
            bounds.append(number(activities.cell(row, APPROVED)) or Decimal(0))
        paid[row] = min(bound for bound in bounds if bound is not None)
    bounds = [sum(paid.values(), Decimal(0))]
    if "amount_approved" in book.fields:
        bounds.append(number(claim.cell(book.fields["amount_approved"][0] + 3, 2)) or Decimal(0))
    if book.fields.get("cap", (0, ""))[1]:
        bounds.append(Decimal(book.fields["cap"][1]))
    return lines, paid, max(Decimal(0), min(bounds))


def expect(path, what, told, own):
    if told is None or abs(told - own) >= Decimal("0.00001"):
        faults.append(f"{path}: {what} comes to {told}, and by the rules to {own}")


def compare(book, recounted):
    sheets = openpyxl.load_workbook(recounted, data_only=True).worksheets
    claim, activities, _, invoices = sheets
    lines, paid, payable = counted(book, sheets)
    for row, own in lines.items():
        expect(book.path, f"invoice {row}", number(invoices.cell(row, len(book.invoice))), own)
    for row, own in paid.items():
        expect(book.path, f"activity {activities.cell(row, KEY).value}", number(activities.cell(row, PAID)), own)
    expect(book.path, "the claim", number(claim.cell(book.fields["amount_claimed"][0] + 3, 2)), payable)
    return payable > 0


def main(output):
    books = [Book(path) for path in sorted(output.glob("*/claim-*.xlsx"))]
    # Of packages a few: they are made by the same rules.
    books += [Book(path) for path in sorted(output.glob("**/proof/claim.xlsx"))[::12]]
    chance, pays = random.Random(len(books)), 0
    with tempfile.TemporaryDirectory() as work:
        filled, again = pathlib.Path(work) / "filled", pathlib.Path(work) / "again"
        filled.mkdir()
        for place, book in enumerate(books):
            workbook = openpyxl.load_workbook(book.path)
            fill(book, workbook.worksheets, chance)
            workbook.save(filled / f"{place}.xlsx")
        home = f"-env:UserInstallation=file://{work}/home"
        command = ["soffice", home, "--headless", "--convert-to", "xlsx", "--outdir", str(again)]
        subprocess.run(command + sorted(map(str, filled.iterdir())), check=True, capture_output=True)
        for place, book in enumerate(books):
            pays += compare(book, again / f"{place}.xlsx")
    if not pays:
        faults.append(f"{output}: no claim pays anything")
    for fault in faults:
        print(fault)
    print(f"{len(books)} workbooks counted again, {pays} of them pay, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))

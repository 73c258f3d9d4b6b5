"""What papers hold back, audited by τ-ARGUS: the tables of attack.rs, by the engine of another house.

Invariant: reads nothing but the tables that the tests wrote, and decides nothing about them itself but what is asked of
each figure. By hand, in a virtual environment:

    pip install pytauargus==0.6.0
    mkdir /tmp/tables
    COUNTERSIGN_TABLES=/tmp/tables cargo nextest run -p countersign-domain --test suppression
    python tests/suppression/check.py /tmp/tables
"""

import json
import os
import sys
import tempfile

from pytauargus.engine import audit_jj

# Stands for no upper end.
MANY = 1_000_000


def cells_and_sums(table):
    """Every count and every figure as a cell: (value, status, low, high, small), and the sums that tie them together."""
    first_large = 5 if table["policy"] == "less-than-five" else 8
    cells, sums = [], []
    for count in table["counts"]:
        # A single count is told by the figure of it; by itself it is hidden, and it may be nought.
        cells.append((count, "m", 0, MANY, False))
    figures = [dict(told, hidden=told["hidden"] or not told["shown"]) for told in table["told"]]
    figures += [dict(told, hidden=told["low"] < told["high"]) for told in table["earlier"]]
    for told in figures:
        value = sum(table["counts"][at] for at in told["atoms"]) - sum(table["counts"][at] for at in told["less"])
        low, high = told["low"], min(told["high"], MANY)
        small = 0 < value < first_large
        if value == 0 and told.get("shown", not told["less"]):
            low = high = 0
        status = "s" if low == high else "u" if small and told["hidden"] else "m"
        sums.append([(len(cells), -1)] + [(at, 1) for at in told["atoms"]] + [(at, -1) for at in told["less"]])
        cells.append((value, status, low, high, status == "u"))
    return cells, sums, first_large


def audit(table, folder):
    """What is wrong with a table."""
    cells, sums, first_large = cells_and_sums(table)
    room = 4 if first_large == 5 else 2
    path = os.path.join(folder, "table.jj")
    with open(path, "w", encoding="ascii") as out:
        print(0, len(cells), sep="\n", file=out)
        for at, (value, status, low, high, _) in enumerate(cells):
            print(at, value, 1, status, low, high, 0, 0, 0, file=out)
        print(len(sums), file=out)
        for terms in sums:
            print(0, len(terms), ":", *(f"{at} ({by})" for at, by in terms), file=out)
    wrong = []
    audited = 0
    for found in audit_jj(path):
        at = found["cell"]
        value, status, low, high, small = cells[at]
        if not small:
            continue
        audited += 1
        least, most = round(found["min"]), min(round(found["max"]), first_large)
        # A sum cannot be less than what is held back, and so at least 1, in each of its parts.
        parts = [part for part, by in sums[at - len(table["counts"])][1:] if by > 0 and table["counts"][part] > 0]
        if most - least < room and not (most == first_large and least <= len(parts)):
            wrong.append(f"{value} is from {found['min']} to {found['max']}")
    return audited, wrong


def main(folder):
    problems = 0
    with tempfile.TemporaryDirectory() as scratch:
        for name in sorted(os.listdir(folder)):
            tables = audited = bad = exposed = 0
            with open(os.path.join(folder, name), encoding="utf-8") as lines:
                for line in lines:
                    table = json.loads(line)
                    tables += 1
                    if table["exposed"]:
                        exposed += 1
                        continue
                    seen, wrong = audit(table, scratch)
                    audited += seen
                    bad += len(wrong)
                    if wrong:
                        print(line, *wrong, sep="\n")
            print(f"{name}: {tables} tables, {audited} small counts audited, {bad} given away, "
                  f"{exposed} tables left out because earlier ones alone gave something away")
            problems += bad
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

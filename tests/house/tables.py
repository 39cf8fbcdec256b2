#!/usr/bin/python3
"""Tables that are searched or read in order are in order, without doubles."""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import SOURCE, Report  # noqa: E402

# A file, what its rows are, and how to find a row's key.
TABLES = (
    ("compiler/base/diag.def", "codes", re.compile(r'^X\(\w+,\s*"([EW]\d{4})"', re.MULTILINE)),
    ("compiler/catalog/helpers.c", "helpers", re.compile(r'\.name = "([^"]+)"')),
)


def check_table(report: Report, file: str, what: str, key: re.Pattern[str]) -> None:
    keys = key.findall((SOURCE / file).read_text())
    out_of_order = [f"{later} after {earlier}" for earlier, later in zip(keys, keys[1:]) if later <= earlier]
    report.claim(keys, f"{file} has {what}", len(keys))
    report.claim(not out_of_order, f"the {what} of {file} are in order", "; ".join(out_of_order) or None)


def check_words(report: Report) -> None:
    """A row that explains nothing helps nobody."""
    rows = re.findall(r'^X\((\w+),\s*"([EW]\d{4})",\s*"([^"]*)",\s*"([^"]*)',
                      (SOURCE / "compiler/base/diag.def").read_text(), re.MULTILINE)
    for name, code, title, explanation in rows:
        report.claim(title and not title.endswith(".") and len(explanation) > 10,
                     f"{code} {name} has a title and an explanation")


def main() -> None:
    report = Report(only_failures=True)
    for table in TABLES:
        check_table(report, *table)
    check_words(report)
    report.finish()


main()

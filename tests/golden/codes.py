#!/usr/bin/python3
"""Every message of the compiler is shown by a golden file, or by bad_input.py where no file can hold it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import SOURCE, Report  # noqa: E402

ROW = re.compile(r'^X\((\w+),\s*"([EW]\d{4})"', re.MULTILINE)
SHOWN = re.compile(r"\[([EW]\d{4})\]")


def shown_codes() -> set[str]:
    texts = [path.read_text() for path in (SOURCE / "golden").rglob("*") if path.suffix in (".err", ".warn")]
    inputs = (Path(__file__).parent / "bad_input.py").read_text()
    return {code for text in texts for code in SHOWN.findall(text)} | set(re.findall(r'"(E\d{4})"', inputs))


def main() -> None:
    report = Report(only_failures=True)
    shown = shown_codes()
    for name, code in ROW.findall((SOURCE / "compiler/base/diag.def").read_text()):
        report.claim(code in shown, f"{code} {name} is shown by a golden")
    report.finish()


main()

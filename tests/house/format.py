#!/usr/bin/python3
"""clang-format leaves every C file as it is."""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import SOURCE, Report, need_programs, run, skip  # noqa: E402

FOLDERS = ("compiler", "grammar", "include", "runtime", "tests")


def main() -> None:
    need_programs("clang-format")
    version = re.search(r"version (\d+)", run(["clang-format", "--version"]).stdout)
    if not version or version[1] != "14":
        skip("clang-format is not version 14, and others format differently")
    report = Report(only_failures=True)
    files = [path for folder in FOLDERS for path in sorted((SOURCE / folder).rglob("*.[ch]"))]
    for path in files:
        done = run(["clang-format", "--dry-run", "--Werror", str(path)])
        report.claim(done.returncode == 0, f"{path.relative_to(SOURCE)} is formatted",
                     done.stderr.strip().split("\n")[0] or None)
    report.finish()


main()

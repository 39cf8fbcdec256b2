#!/usr/bin/python3
"""The shape of the tree: its top level, its files' lengths and modes, and words that have no place in it."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import SOURCE, Report, run  # noqa: E402

TOP = re.compile(r"compiler|grammar|runtime|include|examples|tests|golden|"
                 r"CMakeLists\.txt|README\.md|LICENSE|build.*|\..*")
LINES = 700
# Tables may be longer.
TABLES = re.compile(r"/(unicode|utf8_tables)\.(c|inc)$|\.def$")
CODE = (".c", ".h", ".y", ".l", ".py", ".sh", ".txt", ".hcl")
# Put together here, so that this file does not hold them itself.
HALVES = (("TO", "DO"), ("FIX", "ME"), ("X", "XX"))
WORDS = re.compile("|".join(rf"\b{left}{right}\b" for left, right in HALVES))


def files() -> list[Path]:
    """What belongs to the tree: known to git or about to be."""
    done = run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=SOURCE)
    if done.returncode == 0:
        return [SOURCE / name for name in done.stdout.splitlines() if (SOURCE / name).is_file()]
    return [path for path in SOURCE.rglob("*")
            if path.is_file() and not path.relative_to(SOURCE).parts[0].startswith(("build", "."))]


def main() -> None:
    report = Report(only_failures=True)
    extra = [path.name for path in SOURCE.iterdir() if not TOP.fullmatch(path.name)]
    report.claim(not extra, "the top level holds only what belongs there", ", ".join(extra) or None)
    for path in files():
        name = path.relative_to(SOURCE)
        if path.suffix not in CODE and path.parent != SOURCE / "tests":
            continue
        text = path.read_text(errors="replace")
        if not TABLES.search(str(path)):
            report.claim(text.count("\n") <= LINES, f"{name} has at most {LINES} lines", text.count("\n"))
        found = WORDS.search(text)
        report.claim(not found, f"{name} leaves nothing open", found and found[0])
        if text.startswith("#!"):
            report.claim(os.access(path, os.X_OK), f"{name} can be run")
    report.finish()


main()

#!/usr/bin/python3
"""The language's reference is as golden/manual/reference.md has it: whoever changes a table sees what that
says to users. --update writes it anew."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import SOURCE, Report, arguments, program, run  # noqa: E402

GOLDEN = SOURCE / "golden/manual/reference.md"


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--update", action="store_true", help="write the golden file anew")
    options = parser.parse_args()
    report = Report()
    done = run([program(options.bin, "flywall-compile"), "--manual"])
    report.claim(done.returncode == 0 and not done.stderr, "the manual is written", done.returncode)
    if options.update:
        GOLDEN.write_text(done.stdout)
    want = GOLDEN.read_text() if GOLDEN.exists() else ""
    lines = difflib.unified_diff(want.splitlines(), done.stdout.splitlines(), GOLDEN.name, "now", lineterm="")
    if not report.claim(want == done.stdout,
                        "it is the golden one: cmake --build build --target golden writes that anew"):
        print("\n".join(lines))
    report.finish()


main()

#!/usr/bin/python3
"""The compiler keeps no state of its own: its objects have no writable data."""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import SOURCE, Report, arguments, need_programs, run  # noqa: E402

# Constant tables that hold pointers are in .data.rel.ro, which the loader makes read-only.
WRITABLE = re.compile(r"^\*COM\*|^\.(bss|data|tbss|tdata)\b(?!\.rel\.ro)")
SYMBOL = re.compile(r"^[0-9a-f]+ .{7} (\S+)\t[0-9a-f]+ (?:\.hidden )?(\S+)$", re.MULTILINE)
LAYER = re.compile(r"^flywall_layer\((\w+) ", re.MULTILINE)


def writable(library: Path) -> list[str]:
    """The symbols in sections that a program may write to, the sections' own names left out."""
    symbols = run(["objdump", "--syms", str(library)]).stdout
    return [name for section, name in SYMBOL.findall(symbols) if WRITABLE.match(section) and name != section]


def main() -> None:
    options = arguments(__doc__ or "").parse_args()
    need_programs("objdump")
    report = Report()
    for layer in LAYER.findall((SOURCE / "CMakeLists.txt").read_text()):
        library = options.bin.resolve().parent / f"libflywall_{layer}.a"
        if report.claim(library.exists(), f"{library.name} is built"):
            found = writable(library)
            report.claim(not found, f"{layer} keeps no state", ", ".join(found) or None)
    report.finish()


main()

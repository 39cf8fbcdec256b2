#!/usr/bin/python3
"""Writes unicode.c beside this file from the tables of Debian's package unicode-data."""

import pathlib
import re

DATA = pathlib.Path("/usr/share/unicode")
LINE = re.compile(r"([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;\s*(\w+)")


def ranges(file, wanted):
    """The merged ranges of code points whose property is one of those wanted."""
    found = []
    for line in (DATA / file).read_text(encoding="utf-8").splitlines():
        match = LINE.match(line)
        if match and match.group(3) in wanted:
            found.append((int(match.group(1), 16), int(match.group(2) or match.group(1), 16)))
    merged = []
    for first, last in sorted(found):
        if merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(last, merged[-1][1])
        else:
            merged.append([first, last])
    return merged


def table(name, rows):
    cells = [f"{{ 0x{first:x}, 0x{last:x} }}," for first, last in rows]
    lines = ["\t" + " ".join(cells[i : i + 4]) for i in range(0, len(cells), 4)]
    return f"const struct code_points {name}[] = {{\n" + "\n".join(lines) + f"\n}};\nconst size_t {name}_n = countof({name});\n"


def main():
    tables = [
        table("names_start", ranges("DerivedCoreProperties.txt", {"ID_Start"})),
        table("names_continue", ranges("DerivedCoreProperties.txt", {"ID_Continue"})),
        table("wide", ranges("EastAsianWidth.txt", {"W", "F"})),
        table("narrow", ranges("extracted/DerivedGeneralCategory.txt", {"Mn", "Me", "Cf"})),
    ]
    text = '/* Made by unicode.py from the Unicode character database. */\n#include "base/unicode.h"\n\n#include "base/arena.h"\n\n'
    text += "/* clang-format off */\n" + "\n".join(tables) + "/* clang-format on */\n"
    (pathlib.Path(__file__).parent / "unicode.c").write_text(text, encoding="utf-8")


main()

#!/usr/bin/python3
"""What the explanations of messages show is true: the lines that lead to a message do, and those that are right
compile without it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import SOURCE, Report, arguments, program, skip  # noqa: E402

LITERAL = r'"((?:[^"\\]|\\.)*)"'
ROW = re.compile(r"^X\((\w+), \"([EW]\d{4})\", " + LITERAL + r",\s*(.*?)\)$", re.MULTILINE | re.DOTALL)
ARGUMENT = re.compile(r"NULL|" + LITERAL + r"(?:\s+" + LITERAL + r")*")
ZONES = {"lan": "eth1", "wan": "eth0"}


def text_of(literals: str) -> str | None:
    """C's adjacent string literals as one text."""
    if literals == "NULL":
        return None
    return re.sub(r"\\(.)", lambda match: "\n" if match.group(1) == "n" else match.group(1),
                  "".join(re.findall(LITERAL, literals)))


def rows() -> list[tuple[str, str | None, str | None]]:
    """Each code with its examples."""
    found = []
    for _, code, _, rest in ROW.findall((SOURCE / "compiler/base/diag.def").read_text(encoding="utf-8")):
        parts = [text_of(match.group(0)) for match in ARGUMENT.finditer(rest)]
        found.append((code, *(parts[1:] + [None, None])[:2]))
    return found


def with_zones(example: str) -> str:
    """Those that an example takes for declared; one that declares zones has all that it needs."""
    if re.search(r"^(zone|interface) ", example, re.MULTILINE):
        return example
    return "".join(f'zone "{name}" {{\n  interface = "{device}"\n}}\n' for name, device in ZONES.items()) + example


class Compiler:
    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self, source: str) -> tuple[int, set[str]]:
        """The exit status, and the codes of the messages."""
        with tempfile.NamedTemporaryFile("w", suffix=".hcl", encoding="utf-8") as file:
            file.write(source)
            file.flush()
            done = subprocess.run([self.path, "--check", "--format=json", file.name], capture_output=True, text=True,
                                  timeout=60, check=False)
        return done.returncode, {json.loads(line)["code"] for line in done.stderr.splitlines()}


def main() -> None:
    options = arguments(__doc__).parse_args()
    if not (options.bin / "flywall-compile").exists():
        skip("flywall-compile is not built")
    compiler = Compiler(program(options.bin, "flywall-compile"))
    report = Report(only_failures=True)
    everything = rows()
    report.claim(sum(bool(wrong) for _, wrong, _ in everything) > 150, "most messages have an example", len(everything))

    def check(row: tuple[str, str | None, str | None]) -> list[tuple[bool, str, object]]:
        code, wrong, right = row
        claims = []
        if wrong:
            shown = compiler(wrong)[1] | compiler(with_zones(wrong))[1]
            claims.append((code in shown, f"{code}: the example leads to it", shown))
        if right:
            status, shown = compiler(with_zones(right))
            claims.append((status == 0 and code not in shown, f"{code}: what is right compiles", shown))
        return claims

    with ThreadPoolExecutor(2) as pool:
        for claims in pool.map(check, everything):
            for truth, what, shown in claims:
                report.claim(truth, what, shown)
    report.finish()


main()

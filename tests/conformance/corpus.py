"""The cases that hold flywall's HCL to the reference implementation: written ones, tables of operators, and
files with many mistakes."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
HEADER = re.compile(r"^### (.*)\n", re.MULTILINE)
MODES = {"template", "raw"}


@dataclass(frozen=True)
class Case:
    """`departs`: how flywall is to end where the reference does something that nobody wants."""

    name: str
    source: str
    mode: str = "config"
    departs: str | None = None


@dataclass(frozen=True)
class Broken:
    """A file of items, one below the other; `bad` are the lines of those that are broken."""

    name: str
    source: str
    bad: list[tuple[int, int]] = field(default_factory=list)


def read_case(area: str, header: str, text: str) -> Case:
    words = header.split()
    departs = words.pop()[len("departs="):] if words[-1].startswith("departs=") else None
    kinds = set()
    while len(words) > 1 and words[-1] in MODES:
        kinds.add(words.pop())
    source = json.loads(text) if "raw" in kinds else text
    return Case(f"{area}/{' '.join(words)}", source, "template" if "template" in kinds else "config", departs)


def written_cases() -> Iterator[Case]:
    for path in sorted((HERE / "cases").glob("*.txt")):
        parts = HEADER.split(path.read_text(encoding="utf-8"))[1:]
        for header, text in zip(parts[::2], parts[1::2]):
            yield read_case(path.stem, header, text)


def line_cases() -> Iterator[Case]:
    """One expression a line."""
    for path in sorted((HERE / "cases").glob("*.lines")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield Case(f"{path.stem}/{line}", f"a = {line}\n")


# The table of operands has one of each kind, and strings that convert.
OPERANDS = ("7", "2.5", "-3", '"8"', '"x"', '""', "true", '"false"', "null", "[1]", "[]", '{ a = 1 }', "list", "obj",
            "numbers")
BINARY = ("+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||")
# What the reference takes for the other value, or for false.
LENIENT = {"&&": {"null"}, "||": {"null"}}


def operator_cases() -> Iterator[Case]:
    for operator in BINARY:
        for left in OPERANDS:
            if left in LENIENT.get(operator, ()):
                continue
            lines = [f"r{i} = {left} {operator} {right}\n" for i, right in enumerate(OPERANDS)
                     if right not in LENIENT.get(operator, ())]
            yield Case(f"operator-table/{left} {operator}", "".join(lines))


def conditional_cases() -> Iterator[Case]:
    for left in OPERANDS:
        for chosen in ("t", "f"):
            lines = [f"r{i} = {chosen} ? {left} : {right}\n" for i, right in enumerate(OPERANDS)]
            yield Case(f"conditional-table/{chosen} ? {left}", "".join(lines))


STEPS = ("[0]", '["a"]', ".a", ".0", "[*]", ".*", "[*].a", ".*.a", "[null]", "[true]", '["0"]', "[9]", "[-1]")


def step_cases() -> Iterator[Case]:
    for operand in ("list", "obj", "people", "n", "s", "nul", "none", "nothing", "nested", "mixed"):
        lines = [f"r{i} = {operand}{step}\n" for i, step in enumerate(STEPS)]
        yield Case(f"step-table/{operand}", "".join(lines))


def key_cases() -> Iterator[Case]:
    for operand in OPERANDS:
        yield Case(f"key-table/{operand}", f"a = {{ ({operand}) = 1 }}\nb = [for x in {operand} : x]\n"
                                           f"c = {{ for k, v in {operand} : k => v }}\nd = \"<${{{operand}}}>\"\n"
                                           f"e = !({operand})\nf = -({operand})\ng = max({operand}...)\n"
                                           f"h = ({operand}) ? 1 : 2\ni = [for x in list : x if {operand}]\n")


def cases() -> list[Case]:
    found = [*written_cases(), *line_cases(), *operator_cases(), *conditional_cases(), *step_cases(), *key_cases()]
    names = [case.name for case in found]
    assert len(set(names)) == len(names), [name for name in names if names.count(name) > 1]
    return found


GOOD_ITEMS = (
    "name{i} = {i}\n", 'name{i} = "text ${{n}} more"\n', "name{i} = [1, 2, 3]\n", "name{i} = [\n  1,\n  2,\n]\n",
    "name{i} = {{\n  a = 1\n  b = 2\n}}\n", 'block "l{i}" {{\n  a = 1\n  b = "x"\n}}\n', "block {{ a = {i} }}\n",
    'outer "o{i}" {{\n  inner {{\n    a = [1, 2]\n  }}\n\n  b = max(1, 2)\n}}\n',
    "name{i} = <<-EOT\n  some ${{n}}\n  text\n  EOT\n", "# a remark\nname{i} = n + 1\n",
    "name{i} = [for x in list : upper(x) if x != \"b\"]\n", "name{i} = t ? 1 : 2\n",
)
BAD_ITEMS = (
    "bad{i} =\n", "bad{i} = 1 +\n", "bad{i} = * 2\n", "bad{i} 5\n", "bad{i}: 5\n", "bad{i} = [1 2]\n",
    "bad{i} = 10.0.0.1\n", "bad{i} = 10s\n", "bad{i} = 'x'\n", "bad{i} = a & b\n", 'bad{i} = "x\\q"\n',
    "bad{i} = 1,\n", "bad{i} = 1;\n", "bad{i} = {{ a = 1 b = 2 }}\n", "bad{i} = [for x list : x]\n",
    "bad{i} = (1 + )\n", "bad{i} = max(1 2)\n", "bad{i} = {{ = 1 }}\n", 'bad{i} = "x\n', "bad{i} == 1\n",
    'block "b{i}" {{\n  a =\n  b = 1\n}}\n', "block bad{i}\n{{\n  a = 1\n}}\n", "= {i}\n",
    "bad{i} = t ? 1\n", "bad{i} = obj.\n", "bad{i} = list[]\n", 'bad{i} = "%{{ if t }}x"\n', "\"bad{i}\" = 1\n",
    "bad{i} = [\n  1,\n  2\n", "bad{i} = (1\n", 'bad{i} = "${{n"\n', 'block "b{i}" {{\n  a = 1\n  b = @\n}}\n',
)


def broken_file(number: int) -> Broken:
    """The same number gives the same file, always."""
    chance = random.Random(number)
    source, bad, line = "", [], 1
    for i in range(chance.randint(6, 14)):
        is_bad = chance.random() < 0.35
        item = chance.choice(BAD_ITEMS if is_bad else GOOD_ITEMS).format(i=i)
        if chance.random() < 0.4:
            item += "\n"
        height = item.count("\n")
        if is_bad:
            bad.append((line, line + height - 1))
        source += item
        line += height
    return Broken(f"broken/{number}", source, bad)


def broken_files() -> list[Broken]:
    return [file for file in map(broken_file, range(300)) if file.bad]

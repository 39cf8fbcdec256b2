#!/usr/bin/python3
"""The reference implementation's own conformance suite (from Debian's golang-github-hashicorp-hcl-v2-dev).

Its tests are of the form of hcldec: a file, a description of what to take from it, and the result or the mistakes
with their exact places. hcl-values reads all three files; this program does what hcldec does with them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import Report, arguments, program, skip  # noqa: E402

SUITE = Path("/usr/share/gocode/src/github.com/hashicorp/hcl/v2/specsuite/tests")
TYPE = re.compile(r"\btype\s*=\s*(\w+(?:\(\w+\))?)")
Place = tuple[int, int, int, int]


class Reader:
    """Runs hcl-values."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self, file: Path, scope: dict | None = None) -> dict:
        with tempfile.NamedTemporaryFile("w", suffix=".json") as names:
            json.dump(scope or {}, names, default=float)
            names.flush()
            done = subprocess.run([self.path, f"--scope={names.name}", str(file)], capture_output=True, timeout=60,
                                  check=False)
        return json.loads(done.stdout, parse_float=Decimal, parse_int=Decimal)


def attribute(body: dict, name: str) -> object:
    return body["attributes"].get(name, {}).get("value")


def blocks(body: dict, kind: str) -> list[dict]:
    return [block for block in body["blocks"] if block["type"] == kind]


def convert(value: object, kind: str) -> object:
    """As hcldec converts an attribute's value."""
    if value is None or kind == "any":
        return value
    inner = re.fullmatch(r"(?:map|list|set)\((\w+)\)", kind)
    if inner and isinstance(value, dict):
        return {key: convert(member, inner[1]) for key, member in value.items()}
    if inner and isinstance(value, list):
        return [convert(member, inner[1]) for member in value]
    if kind == "string" and isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if kind == "string" else value


class Decoder:
    """One description: what to take from a body, and what should not be there. Types are no values, so they are
    read from the description's text, in their order."""

    def __init__(self, text: str, source: str) -> None:
        self.types = iter(TYPE.findall(re.sub(r"#.*", "", text)))
        self.source = source
        self.strangers: list[Place] = []

    def take(self, spec: dict, body: dict, label: str | None = None) -> object:
        kinds = {"literal": self.literal, "object": self.object, "attr": self.attr, "block": self.block,
                 "block_list": self.block_list, "block_map": self.block_map}
        return kinds[spec["type"]](spec, body, label)

    def literal(self, spec: dict, body: dict, _label: str | None) -> object:
        self.refuse(body, set(), set())
        return attribute(spec["body"], "value")

    def object(self, spec: dict, body: dict, _label: str | None) -> dict:
        parts = spec["body"]["blocks"]
        self.refuse(body, {part["labels"][0] for part in parts if part["type"] == "attr"},
                    {self.block_type(part, part["labels"][0]) for part in parts if part["type"] != "attr"})
        return {part["labels"][0]: self.take(part, body, part["labels"][0]) for part in parts}

    def attr(self, spec: dict, body: dict, label: str | None) -> object:
        name = attribute(spec["body"], "name") or label
        return convert(attribute(body, str(name)), next(self.types))

    @staticmethod
    def block_type(spec: dict, label: str | None) -> str:
        return str(attribute(spec["body"], "block_type") or label)

    def within(self, spec: dict) -> dict:
        return spec["body"]["blocks"][0]

    def each(self, spec: dict, found: list[dict]) -> list[object]:
        """The same description for each: its types are read again for each."""
        kept = list(self.types)
        results, rest = [], iter(kept)
        for block in found or [{"body": {"attributes": {}, "blocks": []}}]:
            self.types = iter(kept)
            results.append(self.take(self.within(spec), block["body"]))
            rest = self.types
        self.types = rest
        return results if found else []

    def block(self, spec: dict, body: dict, label: str | None) -> object:
        results = self.each(spec, blocks(body, self.block_type(spec, label)))
        return results[0] if results else None

    def block_list(self, spec: dict, body: dict, label: str | None) -> list[object]:
        return self.each(spec, blocks(body, self.block_type(spec, label)))

    def block_map(self, spec: dict, body: dict, label: str | None) -> dict:
        found = blocks(body, self.block_type(spec, label))
        return {block["labels"][0]: value for block, value in zip(found, self.each(spec, found))}

    def refuse(self, body: dict, names: set[str], kinds: set[str]) -> None:
        if not names and not kinds:
            return
        for name in body["attributes"]:
            if name not in names:
                self.strangers.append(self.place(name))

    def place(self, name: str) -> Place:
        found = re.search(rf"^[ \t]*({re.escape(name)})\b", self.source, re.MULTILINE)
        assert found
        line = self.source.count("\n", 0, found.start(1)) + 1
        column = found.start(1) - self.source.rfind("\n", 0, found.start(1))
        return line, column, line, column + len(name)


def told_places(answer: dict) -> Iterator[Place]:
    for diag in answer["diagnostics"]:
        if diag["severity"] == "error":
            start, end = diag["subject"]["start"], diag["subject"]["end"]
            yield int(start["line"]), int(start["column"]), int(end["line"]), int(end["column"])


def wanted_places(test: dict) -> Iterator[Place]:
    for group in blocks(test, "diagnostics"):
        for error in blocks(group["body"], "error"):
            start, end = (blocks(error["body"], key)[0]["body"] for key in ("from", "to"))
            yield tuple(int(attribute(point, key)) for point in (start, end)  # type: ignore[misc]
                        for key in ("line", "column"))


def check_test(report: Report, read: Reader, test_file: Path) -> bool:
    name = str(test_file.relative_to(SUITE).with_suffix(""))
    test = read(test_file)["body"]
    spec_file, source = test_file.with_suffix(".hcldec"), test_file.with_suffix(".hcl")
    spec = read(spec_file)["body"]
    scope = {key: value["value"] for group in blocks(spec, "variables")
             for key, value in group["body"]["attributes"].items()}
    answer = read(source, scope)
    decoder = Decoder(spec_file.read_text(encoding="utf-8"), source.read_text(encoding="utf-8"))
    wanted = sorted(wanted_places(test))
    if not answer["parse_ok"]:
        told = sorted(told_places(answer))
        return report.claim(told == wanted, f"{name}: the mistakes are where they are", f"{told}, not {wanted}")
    main = next(block for block in spec["blocks"] if block["type"] != "variables")
    result = decoder.take(main, answer["body"])
    told = sorted([*told_places(answer), *decoder.strangers])
    good = report.claim(told == wanted, f"{name}: the mistakes are where they are", f"{told}, not {wanted}")
    if "result" in test["attributes"]:
        good &= report.claim(result == attribute(test, "result"), f"{name}: the result", result)
    return good


def main() -> None:
    options = arguments("Run the reference implementation's conformance suite.").parse_args()
    if not (options.bin / "hcl-values").exists():
        skip("hcl-values is not built")
    if not SUITE.exists():
        skip("not installed: golang-github-hashicorp-hcl-v2-dev")
    report = Report(only_failures=True)
    read = Reader(program(options.bin, "hcl-values"))
    tests = sorted(SUITE.rglob("*.t"))
    passed = sum(check_test(report, read, test) for test in tests)
    report.claim(passed == len(tests), "all tests of the suite pass", f"{passed} of {len(tests)}")
    report.finish()


main()

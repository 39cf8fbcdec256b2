#!/usr/bin/python3
"""What flywall-compile tells programs: messages as JSON and as workflow commands, codes, the JSON Schema."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from support import SOURCE, Report, arguments, program, run

# A tab, a wide character and a combining one stand before the mistakes.
CONFIG = ('conntrack {\n'
          '\t/* \u4e16\u754c e\u0301 */ max_conections = 5\n'
          '  log_max = 100\n'
          '  log_max = "100%, of: it"\n'
          '}\n')


class Compiler:
    def __init__(self, path: str, folder: Path) -> None:
        self.path, self.folder = path, folder

    def messages(self, form: str, text: str) -> list[str]:
        (self.folder / "a b.hcl").write_text(text)
        done = run([self.path, f"--format={form}", "--check", "a b.hcl"], cwd=self.folder)
        return done.stderr.splitlines()


def check_json(report: Report, compiler: Compiler) -> None:
    found = [json.loads(line) for line in compiler.messages("json", CONFIG)]
    report.claim([diag["code"] for diag in found] == ["E0205"], "a syntax error a line", found)
    first = found[0]
    second = CONFIG.encode().index(b"log_max", CONFIG.encode().index(b"log_max") + 1)
    report.claim(first["severity"] == "error" and first["file"] == "a b.hcl", "severity and file")
    report.claim(first["subject"]["start"] == {"line": 4, "column": 3, "byte": second}, "line, column and byte",
                 first["subject"])
    report.claim([label["start"]["line"] for label in first["labels"]] == [3], "the other place is a label",
                 first["labels"])
    alone = CONFIG.replace("  log_max = 100\n", "")
    found = [json.loads(line) for line in compiler.messages("json", alone)]
    report.claim([diag["code"] for diag in found] == ["E0401", "E0412"], "one object a message",
                 [diag["code"] for diag in found])
    place = found[0]["subject"]["start"]
    report.claim(place["column"] == 13 and place["byte"] == alone.encode().index(b"max_con"),
                 "columns count what people see as characters, bytes bytes", place)
    report.claim("max_connections" in found[0]["help"], "what to do", found[0].get("help"))


def check_github(report: Report, compiler: Compiler) -> None:
    alone = CONFIG.replace("  log_max = 100\n", "")
    lines = compiler.messages("github", alone)
    report.claim(len(lines) == 2 and all(line.startswith("::error file=a b.hcl,line=") for line in lines),
                 "a workflow command a message", lines[0])
    report.claim("title=E0412::" in lines[1] and "100%25, of: it" in lines[1], "what would end it is escaped",
                 lines[1])
    report.claim("%0Ahelp: " in lines[0], "with what to do", lines[0])


def check_caret(report: Report, compiler: Compiler) -> None:
    lines = compiler.messages("text", CONFIG.replace("  log_max = 100\n", ""))
    # 8 for the tab, then "/* ", two characters of two columns, " e" with its accent, " */ ".
    report.claim(lines[2] == "      | " + " " * 21 + "^" * len("max_conections"), "the caret is under the name",
                 lines[2])


def check_codes(report: Report, compiler: Compiler) -> None:
    listed = run([compiler.path, "--explain-code=all"]).stdout.splitlines()
    rows = re.findall(r'^X\(\w+,\s*"([EW]\d{4})"', (SOURCE / "compiler/base/diag.def").read_text(), re.MULTILINE)
    report.claim([line.split()[0] for line in listed] == rows, "all codes are listed", len(listed))
    told = run([compiler.path, "--explain-code=e0101"]).stdout
    report.claim(told.startswith("E0101: ") and told.count("\n") >= 3, "one is explained", told.split("\n")[0])
    done = run([compiler.path, "--explain-code=E9999"])
    report.claim(done.returncode == 2 and "E9999" in done.stderr, "what is no code is said", done.stderr.strip())


def to_json_syntax(body: dict) -> dict:
    """HCL's JSON syntax of what --emit=values writes."""
    result: dict = {name: attribute["value"] for name, attribute in body["attributes"].items()}
    for block in body["blocks"]:
        place, key = result, block["type"]
        for label in block["labels"]:
            place = place.setdefault(key, {})
            key = label
        place.setdefault(key, []).append(to_json_syntax(block["body"]))
    return result


def good_configs() -> Iterator[Path]:
    for path in sorted((SOURCE / "golden").rglob("*.hcl")):
        if path.with_suffix(".nft").exists():
            yield path


def check_schema(report: Report, compiler: Compiler) -> None:
    schema = json.loads(run([compiler.path, "--schema"]).stdout)
    try:
        import jsonschema  # pylint: disable=import-outside-toplevel
    except ImportError:
        print("SKIP  configurations are not held to the schema: python3-jsonschema is not installed", flush=True)
        return
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    quiet = Report(only_failures=True)
    for path in good_configs():
        done = run([compiler.path, "--emit=values", str(path)])
        if done.returncode == 0:
            wrong = next(validator.iter_errors(to_json_syntax(json.loads(done.stdout))), None)
            quiet.claim(not wrong, f"{path.name} is as the schema says", wrong and wrong.json_path)
    report.claim(quiet.passed > 50 and not quiet.failed, "configurations are as the schema says", quiet.passed)
    for name, wrong in (("an unknown name", {"conntrack": {"max_conections": 5}}),
                        ("a number too large", {"conntrack": {"max_connections": 1 << 40}}),
                        ("no duration", {"conntrack": {"timeouts": {"tcp": "soon"}}}),
                        ("a word that is none", {"policy": {"a": {"b": {"action": "permit"}}}})):
        report.claim(not validator.is_valid(wrong), f"it refuses {name}")


def main() -> None:
    options = arguments(__doc__ or "").parse_args()
    report = Report()
    with tempfile.TemporaryDirectory(prefix="flywall_") as folder:
        compiler = Compiler(program(options.bin, "flywall-compile"), Path(folder))
        for check in (check_json, check_github, check_caret, check_codes, check_schema):
            check(report, compiler)
    report.finish()


main()

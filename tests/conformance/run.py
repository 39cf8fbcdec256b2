#!/usr/bin/python3
"""flywall's HCL against the reference implementation's: outcomes, values, where the first mistake is said to be,
and how many of a file's mistakes are told.

What the reference says stands in expected.json and beside the files of modules; reference.go makes it, and says how.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import Report, arguments, program, skip  # noqa: E402

from corpus import HERE, Broken, Case, broken_files, cases  # noqa: E402

EXPECTED = HERE / "expected.json"
PATIENCE = 60
# Of a hundred: what the project promises.
LEAST_EQUAL, LEAST_LINES, LEAST_REPORTED, MOST_CASCADES = 99, 95, 97, 5


class Evaluator:
    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self, source: str, mode: str) -> tuple[int, dict]:
        with tempfile.NamedTemporaryFile(suffix=".hcl") as file:
            file.write(source.encode())
            file.flush()
            done = subprocess.run([self.path, f"--scope={HERE / 'scope.json'}", f"--mode={mode}", file.name],
                                  capture_output=True, timeout=PATIENCE, check=False)
        if done.returncode not in (0, 1):
            return done.returncode, {}
        try:
            return done.returncode, json.loads(done.stdout, parse_float=Decimal, parse_int=Decimal)
        except ValueError:
            print(f"      no JSON: {done.stdout[:300]!r}")
            return done.returncode, {}


def error_lines(answer: dict) -> list[int]:
    """Of errors alone, in the order of their places."""
    return sorted(int(diag["subject"]["start"]["line"]) for diag in answer.get("diagnostics", [])
                  if diag["severity"] == "error" and "subject" in diag)


def first_lines(answer: dict) -> set[int]:
    """Of the first mistake: where it is, and the other places that belong to it, such as where it was noticed."""
    errors = [diag for diag in answer.get("diagnostics", []) if diag["severity"] == "error" and "subject" in diag]
    first = min(errors, key=lambda diag: diag["subject"]["start"]["byte"], default=None)
    if not first:
        return set()
    return {int(place["start"]["line"]) for place in (first["subject"], *first.get("labels", ()))}


def outcome(parse_ok: bool, eval_ok: bool) -> str:
    return "ok" if eval_ok else "eval" if parse_ok else "parse"


def value_of(case: Case, answer: dict) -> object:
    if case.mode == "template":
        return answer.get("value", {}).get("value")
    return answer.get("body")


def told(case: Case, want: dict, got: dict) -> str | None:
    """What differs, or None."""
    ends = outcome(got["parse_ok"], got["eval_ok"])
    expected = case.departs or outcome(want["parse_ok"], want["eval_ok"])
    if ends != expected:
        return f"ends as {ends}, not as {expected}"
    if case.departs or not want["parse_ok"]:
        return None
    if case.mode == "template" and not want["eval_ok"]:
        return None
    have = value_of(case, got)
    return None if have == want["body"] else f"gives {shorten(have)}, not {shorten(want['body'])}"


def shorten(value: object) -> str:
    text = json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) < 300 else f"{text[:300]}..."


def share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 100


def wrong_columns(want: dict, got: dict) -> tuple[int, int]:
    """How many places both name, and in how many of them the columns differ."""
    columns = {place["byte"]: place["column"] for place in want["places"]}
    starts = [diag["subject"]["start"] for diag in got["diagnostics"] if "subject" in diag]
    shared = [start for start in starts if start["byte"] in columns]
    return len(shared), sum(start["column"] != columns[start["byte"]] for start in shared)


def check_columns(report: Report, expected: dict, chosen: list[Case], answers: list[tuple[int, dict]]) -> None:
    places = 0
    for case, (_, got) in zip(chosen, answers):
        shared, wrong = wrong_columns(expected[case.name], got) if got else (0, 0)
        places += shared
        report.claim(not wrong, f"{case.name}: columns are the reference's", got)
    print(f"      places that both name: {places}")


def check_cases(report: Report, evaluate: Evaluator, expected: dict, chosen: list[Case]) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda case: evaluate(case.source, case.mode), chosen))
    equal = first = with_errors = 0
    for case, (status, got) in zip(chosen, answers):
        want = expected[case.name]
        if not report.claim(got, f"{case.name}: ends by itself", status):
            continue
        differs = told(case, want, got)
        equal += differs is None
        if differs:
            print(f"      {case.name}: {differs}")
        if not want["eval_ok"] and not got["eval_ok"] and want["lines"]:
            with_errors += 1
            lines = first_lines(got)
            hit = min(want["lines"]) in lines
            first += hit
            if not hit:
                print(f"      {case.name}: first mistake in line {sorted(lines)}, not {min(want['lines'])}")
    claim_least(report, "equal outcomes and values", equal, len(chosen), LEAST_EQUAL)
    claim_least(report, "first mistakes in the same line", first, with_errors, LEAST_LINES)
    check_columns(report, expected, chosen, answers)


def claim_least(report: Report, what: str, part: int, whole: int, least: float) -> None:
    print(f"      {what}: {part} of {whole}, {share(part, whole):.1f} of 100")
    report.claim(share(part, whole) >= least, f"{what}: at least {least} of 100",
                 f"{part} of {whole}")


def check_broken(report: Report, evaluate: Evaluator, files: Iterable[Broken]) -> None:
    items = reported = lines_told = cascades = 0
    for file in files:
        status, got = evaluate(file.source, "config")
        if not report.claim(got, f"{file.name}: ends by itself", status):
            continue
        lines = set(error_lines(got))
        missed = [span for span in file.bad if not any(span[0] <= line <= span[1] for line in lines)]
        strays = [line for line in lines if not any(first <= line <= last for first, last in file.bad)]
        items += len(file.bad)
        reported += len(file.bad) - len(missed)
        lines_told += len(lines)
        cascades += len(strays)
        if missed or strays:
            print(f"      {file.name}: missed {missed}, strayed to {strays}")
    claim_least(report, "broken items that are reported", reported, items, LEAST_REPORTED)
    print(f"      mistakes told of what is right: {cascades} of {lines_told}")
    report.claim(share(cascades, lines_told) < MOST_CASCADES,
                 f"mistakes told of what is right: under {MOST_CASCADES} of 100",
                 f"{cascades} of {lines_told}: {share(cascades, lines_told):.1f}")


def check_modules(report: Report, compiler: str) -> None:
    """Files as people write them for Terraform and Packer: variables, and locals that are made of each other."""
    for path in sorted((HERE / "modules").glob("*.hcl")):
        done = subprocess.run([compiler, "--emit=values", path.name], capture_output=True, cwd=path.parent,
                              timeout=PATIENCE, check=False)
        if not report.claim(done.returncode == 0, f"modules/{path.stem}: evaluates", done.stderr.decode()):
            continue
        want, got = (json.loads(text, parse_float=Decimal, parse_int=Decimal)
                     for text in (path.with_suffix(".json").read_bytes(), done.stdout))
        report.claim(got == want, f"modules/{path.stem}: gives what the reference gives", shorten(got))


def main() -> None:
    parser = arguments("Hold flywall's HCL to the reference implementation's.")
    parser.add_argument("--write-cases", type=Path, metavar="FILE", help="write the cases for reference.go")
    parser.add_argument("names", nargs="*", help="only cases with one of these in their name")
    options = parser.parse_args()
    if options.write_cases:
        options.write_cases.write_text(json.dumps([asdict(case) for case in cases()]), encoding="utf-8")
        return
    if not (options.bin / "hcl-values").exists():
        skip("hcl-values is not built")
    evaluate = Evaluator(program(options.bin, "hcl-values"))
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)
    wanted = [case for case in cases() if not options.names or any(name in case.name for name in options.names)]
    report = Report(only_failures=True)
    report.claim(set(expected) == {case.name for case in cases()}, "every case has an answer of the reference's")
    check_cases(report, evaluate, expected, wanted)
    if not options.names or "modules" in options.names:
        check_modules(report, program(options.bin, "flywall-compile"))
    if not options.names or "broken" in options.names:
        check_broken(report, evaluate, broken_files())
    report.finish()


main()

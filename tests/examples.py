#!/usr/bin/python3
"""What is shipped under examples/ and shown in the README compiles, and loads in a namespace of its own."""

from __future__ import annotations

import re

from support import (SOURCE, Report, arguments, claim_loads, need_new_network, need_programs, program,
                     run)

BLOCK = re.compile(r"^```(hcl|nft)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def check_readme(report: Report, compiler: str) -> None:
    """Its configurations compile, and the rules shown after one are what it compiles to."""
    output: list[str] = []
    for number, (kind, block) in enumerate(BLOCK.findall((SOURCE / "README.md").read_text()), 1):
        if kind == "hcl":
            claim_loads(report, compiler, f"README example {number}", block)
            output = run([compiler, "-"], stdin=block).stdout.splitlines()
            continue
        missing = [line for line in block.splitlines() if line not in output]
        report.claim(not missing, f"README example {number} is what the compiler writes",
                     missing[0].strip() if missing else None)


def main() -> None:
    options = arguments(__doc__ or "").parse_args()
    need_programs("nft", "unshare")
    need_new_network()
    compiler = program(options.bin, "flywall-compile")
    report = Report()
    for config in sorted((SOURCE / "examples").glob("*.hcl")):
        claim_loads(report, compiler, config.name, config.read_text(), config.parent)
    check_readme(report, compiler)
    report.finish()


main()

#!/usr/bin/python3
"""What is shipped under examples/ and shown in the README compiles, and loads in a namespace of its own."""

from __future__ import annotations

import re

from support import SOURCE, Report, arguments, claim_loads, need_new_network, need_programs, program

BLOCK = re.compile(r"^```hcl\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main() -> None:
    options = arguments(__doc__ or "").parse_args()
    need_programs("nft", "unshare")
    need_new_network()
    compiler = program(options.bin, "flywall-compile")
    report = Report()
    for config in sorted((SOURCE / "examples").glob("*.hcl")):
        claim_loads(report, compiler, config.name, config.read_text())
    for number, block in enumerate(BLOCK.findall((SOURCE / "README.md").read_text()), 1):
        claim_loads(report, compiler, f"README example {number}", block)
    report.finish()


main()

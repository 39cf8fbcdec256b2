#!/usr/bin/python3
"""The specification's own examples compile and load as they stand, and together.

The document is no part of this tree: --spec FILE, or ../shared/spec/conntrack.md beside it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from support import (SOURCE, Report, arguments, claim_loads, need_new_network, need_programs,
                     program, skip)

BLOCK = re.compile(r"^```hcl\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def with_word(blocks: list[str], word: str) -> str:
    """The one example in which a word stands."""
    found = [block for block in blocks if word in block]
    if len(found) != 1:
        sys.exit(f"{len(found)} examples have {word}: this is another document")
    return found[0]


def together(blocks: list[str]) -> str:
    """The advanced, the NAT helper and the zone examples with one conntrack block."""
    advanced = with_word(blocks, "sctp_closed").rstrip().removesuffix("}")
    helpers = with_word(blocks, "nat_helpers").rstrip().removesuffix("}")
    helpers = re.sub(r"\A.*?conntrack \{\n\s*enabled = true\n", "", helpers, count=1, flags=re.DOTALL)
    return f"{advanced}{helpers}}}\n\n{with_word(blocks, 'track_protocols')}"


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--spec", type=Path, default=SOURCE.parent / "shared/spec/conntrack.md")
    options = parser.parse_args()
    if not options.spec.is_file():
        skip(f"{options.spec} is not there")
    need_programs("nft", "unshare")
    need_new_network()
    compiler = program(options.bin, "flywall-compile")
    blocks = BLOCK.findall(options.spec.read_text())
    report = Report()
    report.claim(blocks, "the document has examples", len(blocks))
    for number, block in enumerate(blocks, 1):
        claim_loads(report, compiler, f"example {number}", block)
    claim_loads(report, compiler, "the advanced, zone and NAT helper examples together", together(blocks))
    report.finish()


main()

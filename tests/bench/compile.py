#!/usr/bin/python3
"""flywall-compile against `nft -c -f` of its own output: time and peak memory, in one run.

Medians of runs that take turns. The goal is a fifth of nft's time and a fifth of its memory.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import SOURCE, arguments, need_new_network, need_programs, new_network, program, run  # noqa: E402

ADDRESSES = 100_000
GOAL = 5


@dataclass
class Cost:
    """What the runs of one program took."""

    seconds: list[float] = field(default_factory=list)
    kilobytes: list[int] = field(default_factory=list)

    def add(self, measured: str) -> None:
        seconds, kilobytes, _ = measured.split()
        self.seconds.append(float(seconds))
        self.kilobytes.append(int(kilobytes))

    @property
    def milliseconds(self) -> float:
        return 1000 * statistics.median(self.seconds)

    @property
    def megabytes(self) -> float:
        return statistics.median(self.kilobytes) / 1024


def many_addresses() -> str:
    """Addresses that no two of which make a network together."""
    addresses = (f"10.{i >> 15 & 255}.{i >> 7 & 255}.{2 * i & 255}" for i in range(ADDRESSES))
    lines = "".join(f'    "{address}",\n' for address in addresses)
    return f'zone "listed" {{\n  networks = [\n{lines}  ]\n}}\n'


def build_measure(folder: Path) -> str:
    path = folder / "measure"
    built = run(["cc", "-O2", "-static", "-o", str(path), str(Path(__file__).parent / "measure.c")])
    if built.returncode != 0:
        sys.exit(built.stderr)
    return str(path)


def measure(argv: Sequence[str]) -> str:
    done = run(argv)
    if done.returncode != 0:
        sys.exit(f"{' '.join(argv)}\n{done.stdout}{done.stderr}")
    return done.stdout


def compare(compiler: str, launcher: str, config: Path, ruleset: Path, rounds: int) -> tuple[Cost, Cost]:
    if run([compiler, "-o", str(ruleset), str(config)]).returncode != 0:
        sys.exit(run([compiler, str(config)]).stderr)
    ours, theirs = Cost(), Cost()
    for _ in range(rounds):
        ours.add(measure([launcher, compiler, str(config)]))
        theirs.add(measure([*new_network(), launcher, "nft", "-c", "-f", str(ruleset)]))
    return ours, theirs


def show(name: str, ours: Cost, theirs: Cost) -> None:
    time, memory = theirs.milliseconds / ours.milliseconds, theirs.megabytes / ours.megabytes
    print(f"{name:24} {ours.milliseconds:9.2f} {theirs.milliseconds:9.2f} {time:7.1f} "
          f"{ours.megabytes:9.2f} {theirs.megabytes:9.2f} {memory:7.1f}   "
          f"{'goal met' if min(time, memory) >= GOAL else 'GOAL MISSED'}")


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--rounds", type=int, default=15, help="runs of each program (default: 15)")
    options = parser.parse_args()
    need_programs("nft", "unshare", "cc")
    need_new_network()
    compiler = program(options.bin, "flywall-compile")
    print(f"medians of {options.rounds}; ratio: how many times as much nft -c needs; goal: {GOAL}")
    header = f"{'flywall':>9} {'nft -c':>9} {'ratio':>7}"
    print(f"{'configuration':24} {header} {header}")
    print(f"{'':24} {'ms':>9} {'ms':>9} {'':7} {'MiB':>9} {'MiB':>9}")
    with tempfile.TemporaryDirectory(prefix="flywall_") as name:
        folder = Path(name)
        launcher = build_measure(folder)
        many = folder / "many.hcl"
        many.write_text(many_addresses())
        for title, config in (("examples/gateway.hcl", SOURCE / "examples/gateway.hcl"),
                              (f"{ADDRESSES:,} addresses", many)):
            show(title, *compare(compiler, launcher, config, folder / "ruleset.nft", options.rounds))


main()

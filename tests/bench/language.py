#!/usr/bin/python3
"""How fast flywall-compile reads its language: megabytes a second of syntax alone and to a checked
configuration, peak memory for each byte of input, and both against a tenth of the input.

Time is the processor's. Each figure is the median of several runs, the sizes taken in turn, so that a slow moment of
the machine meets both. What only starting costs is measured too, shown, and left out. A mistake at the end of the
file makes the compiler stop where the figure ends: behind the syntax, or behind the checks."""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import arguments, program, run  # noqa: E402

MEGABYTE = 1000 * 1000
RUNS = 9
# What the project promises: MB/s, times as long for ten times as much, bytes of memory for one of input.
PARSE, CHECK, TIMES, MEMORY = 50, 20, 12, 12

HEADER = '''zone "lan" {
  interface = "eth1"
}

zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
'''

RULE = '''  rule "allow_{i}" {{
    # Traffic of department {i}
    proto     = "tcp"
    src_ip    = ["10.{a}.{b}.0/24", "2001:db8:{i:x}::/64"]
    dest_ip   = "192.0.2.{c}"
    dest_port = [{p}, 8000 + {c}, "9000-9100"]
    action    = {c} > 7 ? "accept" : "drop"
    log       = {log}
  }}

'''


@dataclass(frozen=True)
class Cost:
    seconds: float
    bytes: int


def rules(size: int) -> str:
    """A configuration of about that size, of rules that differ."""
    parts, length, i = [HEADER], len(HEADER), 0
    while length < size:
        part = RULE.format(i=i, a=i // 250 % 250, b=i % 250, c=i % 254 + 1, p=i % 60000 + 1,
                           log="true" if i % 9 == 0 else "false")
        parts.append(part)
        length += len(part)
        i += 1
    return "".join([*parts, "}\n"])


def parsed(size: int) -> str:
    return rules(size) + "= 1\n"


def checked(size: int) -> str:
    return rules(size) + 'conntrack {\n  log_max = "never"\n}\n'


def build_launcher(folder: Path) -> str:
    """A process begins with the peak memory of the one that it was forked from: that must be small."""
    path = folder / "measure"
    built = run(["cc", "-O2", "-static", "-o", str(path), str(Path(__file__).with_name("measure.c"))])
    if built.returncode:
        sys.exit(built.stderr)
    return str(path)


def cost(argv: list[str]) -> Cost:
    """Of one run: its processor time, and the most memory that it had."""
    _, kilobytes, seconds = run(argv).stdout.split()
    return Cost(float(seconds), int(kilobytes) * 1024)


def median(costs: list[Cost]) -> Cost:
    return Cost(statistics.median(one.seconds for one in costs), int(statistics.median(one.bytes for one in costs)))


def measure(command: list[str], folder: Path, make: Callable[[int], str], sizes: list[int]) -> list[tuple[int, Cost]]:
    files = [folder / f"{size}.hcl" for size in sizes]
    for file, size in zip(files, sizes):
        file.write_text(make(size))
    costs: list[list[Cost]] = [[] for _ in files]
    for _ in range(RUNS):
        for file, seen in zip(files, costs):
            seen.append(cost([*command, str(file)]))
    return [(file.stat().st_size, median(seen)) for file, seen in zip(files, costs)]


def show(what: str, results: list[tuple[int, Cost]], empty: Cost, least: float) -> None:
    (small_size, small), (large_size, large) = results
    speed = large_size / MEGABYTE / (large.seconds - empty.seconds)
    times = (large.seconds - empty.seconds) / max(small.seconds - empty.seconds, 1e-9)
    memory = (large.bytes - empty.bytes) / large_size
    print(f"{what}: {speed:.1f} MB/s (promised: {least}), {times:.1f} times the time for "
          f"{large_size / small_size:.1f} times the size (at most {TIMES}), {memory:.1f} bytes of memory a byte "
          f"(at most {MEMORY})", flush=True)


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--megabytes", type=int, default=10, help="the larger size (default: 10)")
    options = parser.parse_args()
    compiler = program(options.bin, "flywall-compile")
    sizes = [options.megabytes * MEGABYTE // 10, options.megabytes * MEGABYTE]
    with tempfile.TemporaryDirectory(prefix="flywall_") as name:
        folder = Path(name)
        (folder / "empty.hcl").write_text("conntrack {}\n")
        command = [build_launcher(folder), compiler, "--check"]
        empty = median([cost([*command, str(folder / "empty.hcl")]) for _ in range(RUNS)])
        print(f"starting: {empty.seconds * 1000:.1f} ms, {empty.bytes / MEGABYTE:.1f} MB", flush=True)
        show("parse", measure(command, folder, parsed, sizes), empty, PARSE)
        show("parse, evaluate and check", measure(command, folder, checked, sizes), empty, CHECK)


main()

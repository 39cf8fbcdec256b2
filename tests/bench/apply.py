#!/usr/bin/python3
"""What a small change of a large firewall costs beside loading the whole file again.

The configuration is L of firewall.py with a list of 100,000 addresses, in a network namespace of its own with
100,000 tracked connections. One rule is changed, one address, nothing; each takes its turn with `nft -f` of the
whole file. The engine alone is flywall-apply's part that speaks with the kernel; the command compiles as well.
Medians, and ratios of neighbouring runs.
"""

from __future__ import annotations

import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from firewall import hcl, must, policy_of  # noqa: E402
from support import arguments, need_programs, need_root, program, run  # noqa: E402

ADDRESSES = CONNECTIONS = 100_000
GOAL = 0.1
WRITES = re.compile(r"(?:nlmsg_type|type)=NFNL_SUBSYS_NFTABLES<<8\|NFT_MSG_(?:NEW|DEL)\w+")


def configurations() -> dict[str, str]:
    """Each differs from the first by one thing."""
    base = hcl(policy_of(64, 500, 20))
    hosts = [f"{20 + (i >> 15)}.{(i >> 7) & 255}.{(i & 127) * 2}.7" for i in range(ADDRESSES)]

    def listed(addresses: list[str]) -> str:
        entries = "".join(f'    "{address}",\n' for address in addresses)
        return f'ipset "blocked" {{\n  entries = [\n{entries}  ]\n  action = "drop"\n  apply_to = "both"\n}}\n'

    middle = base.index("dest_ports = [", len(base) // 2)
    other = base[:middle] + "dest_ports = [33333]" + base[base.index("\n", middle):]
    return {"as it was": base + listed(hosts), "one rule": other + listed(hosts),
            "one address": base + listed([*hosts, "99.1.2.3"])}


@dataclass
class Bench:
    """A network namespace, held by a process that does nothing else."""

    folder: Path
    bin: Path
    holder: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.holder = subprocess.Popen(["unshare", "--net", "sh", "-c", "ip link set lo up; exec sleep 3600"])
        time.sleep(0.3)

    def inside(self, *argv: str) -> list[str]:
        return ["nsenter", f"--net=/proc/{self.holder.pid}/ns/net", *argv]

    def seconds(self, *argv: str) -> float:
        start = time.monotonic()
        must(self.inside(*argv))
        return time.monotonic() - start

    def fill(self) -> None:
        """Connections that the ruleset has nothing to do with any more."""
        lines = (f"-I -p udp -s 10.{i >> 16}.{i >> 8 & 255}.{i & 255} -d 192.0.2.1 --sport 1024 --dport 53 "
                 "--timeout 3600 -u ASSURED,SEEN_REPLY\n" for i in range(CONNECTIONS))
        path = self.folder / "connections"
        path.write_text("".join(lines))
        must(self.inside("conntrack", "-R", str(path)))

    def tracked(self) -> int:
        return int(must(self.inside("conntrack", "-C")).split()[-1])

    def writes(self, *argv: str) -> int:
        """Messages to nf_tables that change something."""
        trace = self.folder / "trace"
        must(self.inside("strace", "-f", "-e", "trace=sendto,sendmsg", "-o", str(trace), *argv))
        return len(WRITES.findall(trace.read_text()))


class Engine:
    """The engine alone, which is told what was loaded last."""

    name = "engine"

    def __init__(self, bench: Bench) -> None:
        self.bench, self.known, self.token = bench, bench.folder / "known", bench.folder / "token"
        self.rulesets = {}

    def prepare(self, title: str, config: str) -> None:
        path = self.bench.folder / f"{title}.hcl".replace(" ", "_")
        path.write_text(config)
        self.rulesets[title] = path.with_suffix(".nft")
        self.rulesets[title].write_text(must([program(self.bench.bin, "flywall-compile"), str(path)]))

    def command(self, title: str) -> list[str]:
        return [program(self.bench.bin, "change-text"), str(self.rulesets[title]), str(self.known), str(self.token)]

    def done(self, title: str) -> None:
        self.known.write_bytes(self.rulesets[title].read_bytes())


class Command:
    """flywall-apply as it is called, with its state directory."""

    name = "command"

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.paths: dict[str, Path] = {}

    def prepare(self, title: str, config: str) -> None:
        self.paths[title] = self.bench.folder / f"{title}.hcl".replace(" ", "_")
        self.paths[title].write_text(config)

    def command(self, title: str) -> list[str]:
        return [program(self.bench.bin, "flywall-apply"), "--state-dir", str(self.bench.folder / "state"),
                str(self.paths[title])]

    def done(self, title: str) -> None:
        pass


def has_state(folder: Path) -> bool:
    return "--state-dir" in run([program(folder, "flywall-apply"), "--help"]).stdout


def measure(bench: Bench, way: Engine | Command, configs: dict[str, str], rounds: int) -> list[str]:
    """Prints a line a change, and returns the goals that were missed."""
    missed = []
    for title, config in configs.items():
        way.prepare(title, config)
    whole = str(bench.folder / "whole.nft")
    Path(whole).write_text(must([program(bench.bin, "flywall-compile"), str(bench.folder / "as_it_was.hcl")]))

    def make(title: str) -> float:
        took = bench.seconds(*way.command(title))
        way.done(title)
        return took

    make("as it was")
    for change in ("one rule", "one address", "nothing"):
        ours, theirs = [], []
        for _ in range(rounds):
            theirs.append(bench.seconds("nft", "-f", whole))
            make("as it was")  # nft has raised the generation: what stands is read once
            ours.append(make("as it was" if change == "nothing" else change))
            make("as it was")
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        print(f"{way.name}: {change:12} {1000 * statistics.median(ours):7.0f} ms   nft -f "
              f"{1000 * statistics.median(theirs):7.0f} ms   ratio {ratio:.3f}   "
              f"{min(ours) * 1000:.0f}..{max(ours) * 1000:.0f} ms", flush=True)
        if way.name == "engine" and ratio > GOAL and change != "nothing":
            missed.append(change)
    writes = bench.writes(*way.command("as it was"))
    print(f"{way.name}: {'nothing':12} {writes} messages that change anything")
    return [*missed, "nothing"] if writes else missed


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    need_root()
    need_programs("nft", "ip", "conntrack", "unshare", "nsenter", "strace")
    program(options.bin, "change-text")
    missed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="flywall_") as name:
        bench = Bench(Path(name), options.bin)
        try:
            configs = configurations()
            engine = Engine(bench)
            engine.prepare("as it was", configs["as it was"])
            must(bench.inside(*engine.command("as it was")))
            bench.fill()
            print(f"{bench.tracked():,} connections, {ADDRESSES:,} addresses, medians of {options.rounds}")
            missed += measure(bench, engine, configs, options.rounds)
            if has_state(options.bin):
                missed += measure(bench, Command(bench), configs, options.rounds)
        finally:
            bench.holder.kill()
            bench.holder.wait()
    print("all goals met" if not missed else f"goals missed: {shlex.join(missed)}")
    sys.exit(1 if missed else 0)


main()

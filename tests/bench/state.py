#!/usr/bin/python3
"""flywall-state beside conntrack and beside a dump that looks at nothing, over tables of 100,000 and 1,000,000.

The entries are synthetic and stand in a network namespace of their own (connections.c). The commands take turns, and
only ratios within a round count: medians over all rounds. In parentheses stands the ratio of processor time, which
other work on the machine disturbs less. net.netfilter.nf_conntrack_max is raised meanwhile, which only the first
network namespace may do.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import arguments, need_new_network, need_programs, need_root, program, run  # noqa: E402

MOST = Path("/proc/sys/net/netfilter/nf_conntrack_max")
SOURCE = "10.0.0.5"
SIZES = (100_000, 1_000_000)
CHURN = 200_000  # connections that begin and end while somebody listens


@dataclass(frozen=True)
class Taken:
    seconds: float
    processor: float
    memory: int  # KiB, at most


class Bench:
    """A namespace with a table, and the programs that read it."""

    def __init__(self, folder: Path, state: str) -> None:
        self.folder, self.state = folder, state
        self.filler = str(folder / "connections")
        source = Path(__file__).with_name("connections.c")
        subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", "-o", self.filler, str(source), "-lmnl"], check=True)
        self.name = f"flywall_{os.getpid()}_bench"
        subprocess.run(["ip", "netns", "add", self.name], check=True)
        atexit.register(self.remove)
        self.missed = 0

    def remove(self) -> None:
        subprocess.run(["ip", "netns", "del", self.name], stderr=subprocess.DEVNULL, check=False)

    def inside(self, *command: str) -> list[str]:
        return ["ip", "netns", "exec", self.name, *command]

    def fill(self, count: int, first: int = 0) -> None:
        subprocess.run(self.inside(self.filler, "fill", str(count), str(first)), check=True)

    def churn(self) -> None:
        for what in ("fill", "drop"):
            subprocess.run(self.inside(self.filler, what, str(CHURN), "5000000"), check=True)

    def take(self, command: Sequence[str]) -> Taken:
        done = run(self.inside(self.filler, "run", *command), timeout=300)
        if done.returncode:
            sys.exit(f"{' '.join(command)}: status {done.returncode}")
        seconds, processor, memory = done.stdout.split()
        return Taken(float(seconds), float(processor), int(memory))

    def goal(self, what: str, value: float, most: float, note: str) -> None:
        self.missed += value > most
        print(f"{'met   ' if value <= most else 'MISSED'}  {what}: {value:.2f}, at most {most:.2f}  {note}", flush=True)


def ratio(rounds: list[dict[str, Taken]], one: str, two: str) -> tuple[float, str]:
    """Medians over the rounds, and what they are made of."""
    wall = statistics.median(taken[one].seconds / taken[two].seconds for taken in rounds)
    processor = statistics.median(taken[one].processor / taken[two].processor for taken in rounds)
    first, second = (statistics.median(taken[name].seconds for taken in rounds) for name in (one, two))
    return wall, f"({processor:.2f})  {1000 * first:.0f} ms / {1000 * second:.0f} ms"


def has_command(bench: Bench, name: str) -> bool:
    return run([bench.state, name, "--help"]).returncode == 0


def measure(bench: Bench, size: int, rounds: int) -> None:
    state = bench.state
    commands = {
        "dump": [bench.filler, "dump"],
        "count": [state, "list", "--count"],
        "count of a network": [state, "list", "--count", "--dst=192.0.2.0/24"],
        "text": [state, "list"],
        "conntrack": ["conntrack", "-L"],
        "source": [state, "list", "--count", f"--src={SOURCE}"],
        "conntrack's source": ["conntrack", "-L", "-s", SOURCE],
    }
    reports = {"top": ["top", "--once"], "protocols": ["protocols"]}
    commands |= {name: [state, *words] for name, words in reports.items() if has_command(bench, name)}
    taken = [{name: bench.take(command) for name, command in commands.items()} for _ in range(rounds)]

    title = f"{size:,}"
    for name in ("count", "count of a network", *(name for name in reports if name in commands)):
        bench.goal(f"{title}: {name} / dump", *goal_of(ratio(taken, name, "dump"), 1.15))
    bench.goal(f"{title}: text / conntrack -L", *goal_of(ratio(taken, "text", "conntrack"), 1 / 3))
    bench.goal(f"{title}: one source / conntrack -L -s", *goal_of(ratio(taken, "source", "conntrack's source"), 0.20))
    for name, most in (("count of a network", 8), ("text", 16), ("top", 64)):
        if name in commands:
            memory = max(one[name].memory for one in taken) / 1024
            bench.goal(f"{title}: {name}, MB of memory", memory, most, "")
    measure_memory(bench, title)


def measure_memory(bench: Bench, title: str) -> None:
    """Reports that keep something of what they read."""
    for words in ("top --once --by=bytes", "top --once --by=rate --interval=1", "top --once --group=pair",
                  "top --once --group=pair --by=rate --interval=1", "zones", "uplinks"):
        memory = bench.take([bench.state, *words.split()]).memory / 1024
        bench.goal(f"{title}: {words}, MB of memory", memory, 64, "")


def goal_of(found: tuple[float, str], most: float) -> tuple[float, float, str]:
    return found[0], most, found[1]


def events_of(bench: Bench, command: Sequence[str], is_one: str) -> int:
    """How many events a listener tells of those that are made while it listens."""
    path = bench.folder / "events"
    with path.open("wb") as out:
        process = subprocess.Popen(bench.inside(*command), stdout=out, stderr=subprocess.DEVNULL)
        time.sleep(2)
        bench.churn()
        with contextlib.suppress(subprocess.TimeoutExpired):
            size = -1
            while size != path.stat().st_size:
                size = path.stat().st_size
                process.wait(1)
        process.terminate()
        process.wait()
    with path.open() as lines:
        return sum(is_one in line for line in lines)


def measure_events(bench: Bench) -> None:
    subprocess.run(bench.inside("sysctl", "-qw", "net.netfilter.nf_conntrack_events=1"), check=True)
    ours = events_of(bench, [bench.state, "events", "--format=json", "--new", "--destroy"], '"event":"')
    theirs = events_of(bench, ["conntrack", "-E", "-e", "NEW,DESTROY"], "src=")
    bench.goal("events of ours that are missing", 2 * CHURN - ours, 0, f"of {2 * CHURN:,}")
    print(f"        conntrack -E missed {2 * CHURN - theirs:,} of them")


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--quick", action="store_true", help="the smaller table and few rounds: a look, no measurement")
    parser.add_argument("--rounds", type=int, default=7, help="how often each command runs (default: 7)")
    options = parser.parse_args()
    need_root()
    need_programs("ip", "conntrack", "cc", "sysctl")
    need_new_network()
    before = MOST.read_text()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    atexit.register(MOST.write_text, before)
    MOST.write_text(str(SIZES[-1] + CHURN + 100_000))
    with tempfile.TemporaryDirectory(prefix="flywall_") as name:
        bench = Bench(Path(name), program(options.bin, "flywall-state"))
        had = 0
        for size in SIZES[:1] if options.quick else SIZES:
            bench.fill(size - had, had)
            had = size
            measure(bench, size, 3 if options.quick else options.rounds)
        bench.remove()
        listened = Bench(Path(name), bench.state)
        measure_events(listened)
        missed = bench.missed + listened.missed
        print("all goals met" if not missed else f"{missed} goals missed")


main()

#!/usr/bin/python3
"""Firewalls of three sizes: what flywall's ruleset costs a router beside one optimised by hand.

Each ruleset stands in a network namespace of its own. inject.c puts UDP packets into a router as if its network
card had received them. What counts is the kernel's time for them, less the time for frames of a type that no
protocol takes, which is the card's and the injector's; in parentheses stands the ratio with that. The rulesets
take turns, and only ratios of neighbouring runs count: medians over all rounds. Before anything is measured, the
rulesets must give the same verdicts.
"""

from __future__ import annotations

import atexit
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import arguments, need_new_network, need_programs, need_root, new_network, program, run  # noqa: E402

CLIENT, SERVER = "10.1.0.2", "10.2.0.2"
IPV4, UNKNOWN = "800", "88b5"  # types of frames
FIRST_PORT = 1024  # of the clients
CARD_PACKETS = 5000

# The policy, and its forms


@dataclass(frozen=True)
class Rule:
    protocol: str
    ports: tuple[int, ...]
    verdict: str


@dataclass(frozen=True)
class Pair:
    source: int
    dest: int
    rules: tuple[Rule, ...]

    @property
    def name(self) -> str:
        return f"n{self.source}_n{self.dest}"


@dataclass(frozen=True)
class Policy:
    zones: int
    pairs: tuple[Pair, ...]
    blocked: tuple[str, ...]

    @property
    def last(self) -> Pair:
        return self.pairs[-1]

    def unlisted_port(self) -> int:
        listed = {port for rule in self.last.rules for port in rule.ports}
        return next(port for port in range(40000, 41000) if port not in listed)


def rules_of(dice: random.Random, count: int) -> tuple[Rule, ...]:
    """Every fifth rule has three ports, every seventh drops; the last lets one UDP port through."""
    ports = iter(dice.sample(range(1, 32768), 3 * count))
    rules = []
    for i in range(count - 1):
        listed = tuple(next(ports) for _ in range(3 if i % 5 == 4 else 1))
        rules.append(Rule(dice.choice(("tcp", "udp")), listed, "drop" if i % 7 == 6 else "accept"))
    return *rules, Rule("udp", (next(ports),), "accept")


def policy_of(zones: int, pairs: int, rules: int, blocked: int = 0) -> Policy:
    """The same at every call. No two blocked addresses make a network together."""
    dice = random.Random(zones)
    every = [(one, two) for one in range(1, zones + 1) for two in range(1, zones + 1) if one != two]
    chosen = sorted(dice.sample(every, pairs))
    hosts = sorted(dice.sample(range(1 << 16), blocked))
    return Policy(zones, tuple(Pair(one, two, rules_of(dice, rules)) for one, two in chosen),
                  tuple(f"198.18.{host >> 7}.{host << 1 & 255}" if host >> 7 < 256 else
                        f"198.19.{(host >> 7) - 256}.{host << 1 & 255}" for host in hosts))


def hcl(policy: Policy) -> str:
    out = [f'zone "n{i}" {{\n  interface = "eth{i}"\n}}\n' for i in range(1, policy.zones + 1)]
    if policy.blocked:
        entries = "".join(f'    "{address}",\n' for address in policy.blocked)
        out.append(f'ipset "blocked" {{\n  entries = [\n{entries}  ]\n  action = "drop"\n'
                   '  apply_to = "both"\n}\n')
    for pair in policy.pairs:
        out.append(f'policy "n{pair.source}" "n{pair.dest}" {{\n')
        for i, rule in enumerate(pair.rules):
            out.append(f'  rule "r{i}" {{\n    proto = "{rule.protocol}"\n'
                       f'    dest_ports = [{", ".join(map(str, rule.ports))}]\n'
                       f'    action = "{rule.verdict}"\n  }}\n')
        out.append("}\n")
    return "".join(out)


def braces(items: Sequence[object]) -> str:
    return str(items[0]) if len(items) == 1 else "{ " + ", ".join(map(str, items)) + " }"


def linear_rules(pair: Pair, before: str = "") -> str:
    return "".join(f"    {before}{rule.protocol} dport {braces(rule.ports)} {rule.verdict}\n" for rule in pair.rules)


def mapped_rules(pair: Pair) -> str:
    """One look-up for all rules of the pair: no two of them have a port in common."""
    elements = [f"{rule.protocol} . {port} : {rule.verdict}" for rule in pair.rules for port in rule.ports]
    return "    meta l4proto . th dport vmap { " + ", ".join(elements) + " }\n"


BLOCKED_DROP = "    ip saddr @blocked drop\n"
STATE_RULE = "    ct state established,related accept\n"
STATE_ONLY = f"""table inet state {{
  chain forward {{
    type filter hook forward priority filter; policy accept
{STATE_RULE}  }}
}}
"""
NOTHING = ""


def blocklist(policy: Policy) -> str:
    return ("  set blocked {\n    type ipv4_addr\n"
            f"    size {len(policy.blocked)}\n"
            "    elements = {\n      " + ",\n      ".join(policy.blocked) + "\n    }\n  }\n")


def raw_chain(rules: str) -> str:
    return f"  chain raw_pre {{\n    type filter hook prerouting priority raw\n{rules}  }}\n"


def state_and_blocklist(policy: Policy) -> str:
    return (f"table inet state {{\n{blocklist(policy)}{raw_chain(BLOCKED_DROP)}"
            f"  chain forward {{\n    type filter hook forward priority filter; policy accept\n{STATE_RULE}  }}\n}}\n")


def by_hand(policy: Policy, rules: str, chains: str = "", maps: str = "", early: str = "", late: str = "") -> str:
    """A ruleset as somebody writes it who wants it fast; `early` and `late` are where the blocklist may stand."""
    blocked = blocklist(policy) if policy.blocked else ""
    raw = raw_chain(early) if early else ""
    return (f"table inet hand\ndelete table inet hand\ntable inet hand {{\n{blocked}{maps}{chains}{raw}"
            "  chain input {\n    type filter hook input priority filter; policy drop\n"
            "    ct state vmap { established : accept, related : accept, invalid : drop }\n"
            '    iifname "lo" accept\n'
            "    icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept\n"
            "  }\n"
            "  chain forward {\n    type filter hook forward priority filter; policy drop\n"
            "    ct state vmap { established : accept, related : accept, invalid : drop }\n"
            f"{late}{rules}  }}\n}}\n")


def dispatched(policy: Policy, rules: Callable[[Pair], str], early: str = "", late: str = "") -> str:
    """One look-up finds the pair's chain."""
    chains = "".join(f"  chain {pair.name} {{\n{rules(pair)}  }}\n" for pair in policy.pairs)
    elements = ",\n".join(f'      "eth{pair.source}" . "eth{pair.dest}" : goto {pair.name}' for pair in policy.pairs)
    pairs = (f"  map pairs {{\n    type ifname . ifname : verdict\n    size {len(policy.pairs)}\n"
             f"    elements = {{\n{elements}\n    }}\n  }}\n")
    return by_hand(policy, "    iifname . oifname vmap @pairs\n", chains, pairs, early, late)


def hand(policy: Policy) -> str:
    return dispatched(policy, mapped_rules, early=BLOCKED_DROP if policy.blocked else "")


def blocked_late(policy: Policy) -> str:
    return dispatched(policy, mapped_rules, late=BLOCKED_DROP)


def plain(policy: Policy) -> str:
    """A rule a port: every set would cost the kernel a walk over all others."""
    return dispatched(policy, lambda pair: "".join(
        f"    {rule.protocol} dport {port} {rule.verdict}\n" for rule in pair.rules for port in rule.ports))


def naive(policy: Policy) -> str:
    rules = "".join(linear_rules(pair, f'iifname "eth{pair.source}" oifname "eth{pair.dest}" ')
                    for pair in policy.pairs)
    return by_hand(policy, rules, late=BLOCKED_DROP if policy.blocked else "")


# The routers


class Injector:
    """inject.c at work."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(["taskset", "-c", str(max(os.sched_getaffinity(0))),
                                         build(folder, "inject")],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        atexit.register(self.process.kill)

    def send(self, netns: str, interface: str, kind: str, source: str, dest: str, *numbers: int) -> float:
        """Nanoseconds a packet; the numbers are source port, destination port, step and count."""
        assert self.process.stdin and self.process.stdout
        line = " ".join([f"/run/netns/{netns}", interface, kind, source, dest, *map(str, numbers)])
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"the injector ended at: {line}")
        return float(answer)


class Router:
    """A namespace with a ruleset and the two interfaces of the policy's last pair.

    The peer of the interface where packets leave is down: they are dropped behind the last hook.
    """

    def __init__(self, injector: Injector, name: str, policy: Policy, ruleset: str) -> None:
        self.injector, self.policy = injector, policy
        self.netns = f"flywall_{os.getpid()}_{name}"
        self.entry, self.exit = f"eth{policy.last.source}", f"eth{policy.last.dest}"
        must(["ip", "netns", "add", self.netns])
        atexit.register(run, ["ip", "netns", "del", self.netns])
        self.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 "
                "net.ipv4.conf.default.rp_filter=0; ip link set lo up")
        for interface, host in ((self.entry, CLIENT), (self.exit, SERVER)):
            self.sh(f"ip link add {interface} type veth peer name p{interface} && ip link set {interface} up "
                    f"&& ip addr add {host[:-1]}1/16 dev {interface} "
                    f"&& ip neigh add {host} lladdr 02:00:00:00:00:01 dev {interface}")
        self.sh("nft -f -", ruleset)

    def sh(self, command: str, stdin: str | None = None) -> str:
        return must(["ip", "netns", "exec", self.netns, "sh", "-c", command], stdin)

    def forget(self) -> None:
        run(["ip", "netns", "exec", self.netns, "conntrack", "-F"])

    def remove(self) -> None:
        run(["ip", "netns", "del", self.netns])

    def send(self, port: int, count: int = 1, step: int = 1, source: str = CLIENT, kind: str = IPV4) -> float:
        return self.injector.send(self.netns, self.entry, kind, source, SERVER, FIRST_PORT, port, step, count)

    def lets_through(self, port: int, source: str = CLIENT) -> bool:
        def left() -> int:
            listing = self.sh(f"ip -j -s link show {self.exit}")
            return int(json.loads(listing)[0]["stats64"]["tx"]["dropped"])
        self.forget()
        before = left()
        self.send(port, 10, 1, source)
        return left() == before + 10

    def establish(self) -> None:
        """One flow with an answer."""
        self.forget()
        port = self.policy.last.rules[-1].ports[0]
        self.send(port)
        self.injector.send(self.netns, self.exit, IPV4, SERVER, CLIENT, port, FIRST_PORT, 0, 1)


def must(argv: Sequence[str], stdin: str | None = None) -> str:
    done = run(argv, stdin=stdin, timeout=600)
    if done.returncode != 0:
        sys.exit(f"{' '.join(argv)}\n{done.stdout}{done.stderr}")
    return done.stdout


def build(folder: Path, name: str) -> str:
    path = folder / name
    if not path.exists():
        must(["cc", "-O2", "-static", "-o", str(path), str(Path(__file__).parent / f"{name}.c")])
    return str(path)


def check_verdicts(title: str, router: Router) -> None:
    """The ruleset's verdicts are the policy's: UDP rules of the last pair, what none names, the blocklist."""
    policy = router.policy
    expected = {port: rule.protocol == "udp" and rule.verdict == "accept"
                for rule in policy.last.rules for port in rule.ports}
    expected[policy.unlisted_port()] = False
    wrong = [f"port {port}" for port, passes in expected.items() if router.lets_through(port) != passes]
    wrong += [address for address in policy.blocked[:1] + policy.blocked[-1:]
              if router.lets_through(policy.last.rules[-1].ports[0], address)]
    if wrong:
        sys.exit(f"{title}: the verdict differs from the policy's: {', '.join(wrong)}")


# Measuring


class Series:
    """Costs of the same packets in routers that take turns."""

    def __init__(self, names: Iterable[str]) -> None:
        self.costs: dict[str, list[float]] = {name: [] for name in names}
        self.cards: list[float] = []

    def measure(self, routers: dict[str, Router], rounds: int, packets: Callable[[Router], float]) -> None:
        order = list(routers)
        for i in range(rounds):
            self.cards.append(routers[order[0]].send(1, CARD_PACKETS, kind=UNKNOWN))
            for name in order if i % 2 else reversed(order):
                self.costs[name].append(packets(routers[name]))

    def own(self, name: str, with_card: bool = False) -> list[float]:
        return [cost - (0 if with_card else card) for cost, card in zip(self.costs[name], self.cards, strict=True)]

    def ratio(self, one: str, two: str, with_card: bool = False) -> float:
        return statistics.median(a / b for a, b in zip(self.own(one, with_card), self.own(two, with_card), strict=True))

    def nanoseconds(self, name: str) -> float:
        return statistics.median(self.own(name))


@dataclass
class Table:
    """What is printed: a line a figure, with its goal."""

    missed: list[str] = field(default_factory=list)

    def show(self, what: str, ratio: float, goal: float | None = None, note: str = "") -> None:
        verdict = ""
        if goal is not None:
            verdict = f"goal {goal:.2f} {'met' if ratio <= goal else 'MISSED'}"
            if ratio > goal:
                self.missed.append(what)
        print(f"{what:58} {ratio:8.3f}   {verdict:16} {note}", flush=True)

    def compare(self, what: str, series: Series, one: str, two: str, goal: float | None = None) -> None:
        note = (f"({series.ratio(one, two, with_card=True):.3f})  {series.nanoseconds(one):.0f} / "
                f"{series.nanoseconds(two):.0f} ns")
        self.show(what, series.ratio(one, two), goal, note)


@dataclass
class Size:
    title: str
    policy: Policy
    rulesets: dict[str, str]


class Kinds:
    """The kinds of packets whose cost is asked for."""

    def __init__(self, packets: int) -> None:
        self.packets = packets

    def new(self, router: Router) -> float:
        router.forget()
        return router.send(router.policy.last.rules[-1].ports[0], self.packets)

    def slow(self, router: Router) -> float:
        """The same, where a packet takes up to half a millisecond."""
        router.forget()
        return router.send(router.policy.last.rules[-1].ports[0], self.packets // 20)

    def denied(self, router: Router) -> float:
        return router.send(router.policy.unlisted_port(), self.packets)

    def established(self, router: Router) -> float:
        return router.send(router.policy.last.rules[-1].ports[0], self.packets, 0)

    def blocked(self, router: Router) -> float:
        return router.send(router.policy.last.rules[-1].ports[0], self.packets, 1, router.policy.blocked[-1])


def measure_packets(injector: Injector, size: Size, kinds: Kinds, rounds: int, found: dict[str, Series]) -> None:
    """All kinds of packets through fresh routers of one size."""
    routers = {name: Router(injector, f"{size.title}_{name}", size.policy, ruleset)
               for name, ruleset in size.rulesets.items()}
    if not found:
        for name in {"ours", "hand", "naive", "late"} & set(routers):
            check_verdicts(f"{size.title}, {name}", routers[name])

    def measure(kind: str, among: dict[str, Router], turns: int, packets: Callable[[Router], float]) -> None:
        found.setdefault(kind, Series(among)).measure(among, turns, packets)

    measure("new", {n: routers[n] for n in ("ours", "hand", "nothing", "state")}, rounds, kinds.new)
    measure("naive", {n: routers[n] for n in ("naive", "hand")}, max(rounds // 4, 1), kinds.slow)
    measure("denied", {n: routers[n] for n in ("ours", "hand")}, rounds, kinds.denied)
    for router in routers.values():
        router.establish()
    measure("established", {n: r for n, r in routers.items() if n not in ("nothing", "late")}, rounds,
            kinds.established)
    if size.policy.blocked:
        measure("blocked", {n: routers[n] for n in ("ours", "hand", "late")}, rounds, kinds.blocked)
    for router in routers.values():
        router.remove()


def show_packets(table: Table, size: Size, found: dict[str, Series]) -> None:
    title, established = size.title, found["established"]
    table.compare(f"{title}: new flow, ours / hand", found["new"], "ours", "hand", 1.10)
    table.compare(f"{title}: new flow, naive / hand", found["naive"], "naive", "hand")
    table.compare(f"{title}: denied flow, ours / hand", found["denied"], "ours", "hand", 1.10)
    table.compare(f"{title}: established, ours / one ct state rule", established, "ours", "state", 1.07)
    for name in ("hand", "naive"):
        table.compare(f"{title}: established, {name} / one ct state rule", established, name, "state")
    if size.policy.blocked:
        table.compare(f"{title}: established, ours / that rule and a blocklist", established, "ours", "listed")
        table.compare(f"{title}: blocklisted, ours / drop in forward", found["blocked"], "ours", "late", 0.25)
        table.compare(f"{title}: blocklisted, hand (raw) / drop in forward", found["blocked"], "hand", "late")


def times(folder: Path, rounds: int, commands: dict[str, list[str]]) -> dict[str, float]:
    """Median seconds of commands that take turns, each in a network of its own."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            measured = must([*new_network(), build(folder, "measure"), *command])
            seconds[name].append(float(measured.split()[0]))
            time.sleep(0.2)  # the kernel removes the network behind its back
    return {name: statistics.median(values) for name, values in seconds.items()}


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def compile_policy(compiler: str, folder: Path, title: str, policy: Policy) -> str:
    return must([compiler, write(folder, f"{title}.hcl", hcl(policy))])


def measure_loading(table: Table, folder: Path, compiler: str, size: Size, rounds: int) -> None:
    ours, theirs = (write(folder, f"{name}.nft", size.rulesets[name]) for name in ("ours", "hand"))
    took = times(folder, rounds, {
        "ours": ["nft", "-f", ours],
        "hand": ["nft", "-f", theirs],
        "check": ["nft", "-c", "-f", ours],
        "compile": [compiler, str(folder / f"{size.title}.hcl")],
    })

    def note(one: str, two: str) -> str:
        return f"{1000 * took[one]:.0f} ms / {1000 * took[two]:.0f} ms"

    table.show(f"{size.title}: nft -f, ours / hand", took["ours"] / took["hand"], 1.20, note("ours", "hand"))
    table.show(f"{size.title}: compiling / nft -c of the output", took["compile"] / took["check"], 0.10,
               note("compile", "check"))
    lengths = [len(size.rulesets[name]) for name in ("ours", "hand")]
    table.show(f"{size.title}: bytes of the ruleset, ours / hand", lengths[0] / lengths[1], 1.20,
               f"{lengths[0]:,} / {lengths[1]:,}")


def measure_many_pairs(table: Table, folder: Path, compiler: str, rounds: int) -> None:
    policy = policy_of(64, 4000, 10)
    ours = write(folder, "ours.nft", compile_policy(compiler, folder, "pairs", policy))
    took = times(folder, rounds, {
        "ours": ["nft", "-f", ours],
        "plain": ["nft", "-f", write(folder, "plain.nft", plain(policy))],
        "check": ["nft", "-c", "-f", ours],
        "compile": [compiler, str(folder / "pairs.hcl")],
    })
    table.show("4,000 pairs of 10: nft -f, ours / plain rules", took["ours"] / took["plain"], 1.00,
               f"{took['ours']:.2f} s / {took['plain']:.2f} s")
    table.show("4,000 pairs of 10: compiling / nft -c of the output", took["compile"] / took["check"], 0.10,
               f"{took['compile']:.2f} s / {took['check']:.2f} s")


def sizes(compiler: str, folder: Path) -> list[Size]:
    made = []
    for title, policy in (("S", policy_of(3, 6, 10)), ("M", policy_of(16, 60, 50)),
                          ("L", policy_of(64, 500, 20, 10_000))):
        rulesets = {"nothing": NOTHING, "state": STATE_ONLY, "hand": hand(policy), "naive": naive(policy),
                    "ours": compile_policy(compiler, folder, title, policy)}
        if policy.blocked:
            rulesets["late"] = blocked_late(policy)
            rulesets["listed"] = state_and_blocklist(policy)
        made.append(Size(title, policy, rulesets))
    return made


def relative(found: dict[str, Series]) -> float:
    return found["new"].ratio("ours", "nothing")


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--quick", action="store_true", help="few rounds: a look, no measurement")
    options = parser.parse_args()
    need_root()
    need_programs("nft", "ip", "conntrack", "unshare", "cc", "taskset")
    need_new_network()
    compiler = program(options.bin, "flywall-compile")
    builds, rounds, packets, loads = (1, 8, 5000, 2) if options.quick else (8, 15, 10000, 7)
    print(f"medians of {builds * rounds} rounds of {packets} packets, in {builds} sets of routers; "
          f"of {loads} runs of a program")
    with tempfile.TemporaryDirectory(prefix="flywall_") as name:
        folder = Path(name)
        injector, table, kinds = Injector(folder), Table(), Kinds(packets)
        made = sizes(compiler, folder)
        found: dict[str, dict[str, Series]] = {size.title: {} for size in made}
        for _ in range(builds):
            for size in made:
                measure_packets(injector, size, kinds, rounds, found[size.title])
        for size in made:
            show_packets(table, size, found[size.title])
        table.show("new flow at L over S, each relative to no ruleset", relative(found["L"]) / relative(found["S"]),
                   1.10, f"{relative(found['L']):.2f} / {relative(found['S']):.2f}")
        measure_loading(table, folder, compiler, made[-1], loads)
        measure_many_pairs(table, folder, compiler, max(loads // 2, 1))
        print("all goals met" if not table.missed else f"{len(table.missed)} goals missed")


if __name__ == "__main__":
    main()

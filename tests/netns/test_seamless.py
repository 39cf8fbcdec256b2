#!/usr/bin/python3
"""Changes under a flood: at no instant is a packet looked at by half of a change.

Two streams run from lan to wan as fast as one processor sends them, each packet judged by the rules anew as that
of a new connection: one that every configuration allows, one from an address that every one blocks. What decides
on them changes with each configuration: sets of networks, of ports, verdict maps, chains, translations, the numbers
of zones. An instant of a few microseconds in which a look-up misses shows within some dozen changes.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from changer import Changer, dropped_unseen
from lab import Lab, Report, need_programs, open_lab, wait_for
from support import program

CHANGES = 60  # of a kind that has shown a fault
FEW = 20  # of others
PORT = 5001
OWN = {4: ("10.0.1.2", "10.0.1.3"), 6: ("2001:db8:a::2", "2001:db8:a::3")}  # allowed, blocked
TO = {4: "203.0.113.2", 6: "2001:db8:1::2"}
BLOCKED = OWN[4][1]
LARGE = 1500  # a set of so many elements keeps its name, and changes in place

SENDER = f"""
import os, socket, sys, time
to, *addresses = sys.argv[1:]
streams = {{}}
for name, own in zip(("open", "shut"), addresses):
    streams[name] = socket.socket(socket.AF_INET6 if ":" in to else socket.AF_INET, socket.SOCK_DGRAM)
    streams[name].bind((own, {PORT}))
    streams[name].connect((to, {PORT}))
sent = dict.fromkeys(streams, 0)
print("running", flush=True)
end = time.monotonic() + 120
while time.monotonic() < end and not os.path.exists("stop"):
    for name, stream in streams.items():
        for _ in range(100):
            stream.send(b"x")
        sent[name] += 100
print(sent, flush=True)
"""

# In the router, in a table of somebody else's: what was let through is counted and dropped, so that no connection is
# ever confirmed and each packet is a new one.
COUNTING = f"""
table inet counting {{
	counter open {{ }}
	counter shut {{ }}
	chain post {{
		type filter hook postrouting priority 200
		OPEN udp dport {PORT} counter name open drop
		udp dport {PORT} counter name shut drop
	}}
}}
"""


def config(rules: str, blocked: str = f'"{BLOCKED}"', more: str = "") -> str:
    return f"""
zone "wan" {{ interface = "eth0" }}
zone "lan" {{ interface = "eth1" }}
ipset "blocked" {{
  entries = [{blocked}]
  action  = "drop"
}}
policy "lan" "wan" {{
{rules}
}}
{more}
"""


def rule(what: str) -> str:
    return f'  rule "open" {{\n{what}\n    action = "accept"\n  }}\n'


ALLOWED = rule(f'    proto = "udp"\n    dest_port = {PORT}')


def rows(count: int, ports: Callable[[int], int], actions: tuple[str, ...] = ("accept",)) -> str:
    return "".join(f'  rule "r{i}" {{\n    proto = "udp"\n    dest_port = {ports(i)}\n'
                   f'    action = "{actions[i % len(actions)]}"\n  }}\n' for i in range(count))


def extra_zone(i: int) -> str:
    zone = 'zone "dmz" { interface = "eth2" }\npolicy "dmz" "wan" {\n' + rows(9, lambda k: 6000 + k) + "}"
    return zone if i % 2 else ""


def friends(entries: list[str]) -> str:
    return config(rule('    src_ipset = "friends"'), more=f'ipset "friends" {{ entries = {listed(entries)} }}')


def listed(entries: list[str]) -> str:
    return "[" + ", ".join(f'"{entry}"' for entry in entries) + "]"


def networks(count: int) -> list[str]:
    return [f"198.{18 + (k >> 14)}.{k >> 6 & 255}.{(k & 63) * 4}/31" for k in range(count)]


def blocklist(i: int) -> str:
    entries = [f"{BLOCKED}/32", *networks(5000 - 2000 * (i % 2)), f"172.16.{i}.0/24"]
    return config(ALLOWED, listed(entries)[1:-1])


def hosts_or_networks(i: int) -> str:
    hosts = ["10.0.1.2", *(f"198.18.{k >> 7}.{(k & 127) * 2}" for k in range(LARGE))]
    return friends([*hosts, "10.2.0.0/16"] if i % 2 else hosts)


def lan(i: int) -> str:
    return config(ALLOWED).replace('"eth1"', ('"eth1"', '["eth1", "eth7"]', '["eth1", "wg*"]')[i % 3])


def six(i: int) -> str:
    other = f"2001:db8:{i + 16:x}::"
    return config(rule(f'    src_ip = ["2001:db8:a::/64", "{other}/48"]'), f'"{OWN[6][1]}", "{other}1"')


def forwarded(i: int) -> str:
    """Ranges of ports, each to an address of its own."""
    ranges = {"5000-5005": 7, "6000-6009": 8, f"{6011 + i}-6499": 8, "6500-7000": 9}
    return config(ALLOWED, more="".join(
        f'nat "{ports}" {{\n  type = "dnat"\n  from = "lan"\n  proto = "udp"\n  dest_port = "{ports}"\n'
        f'  to_ip = "203.0.113.{last}"\n}}\n' for ports, last in ranges.items()))


def translated(i: int) -> str:
    """Each network by an address of its own."""
    return config(ALLOWED, more="".join(
        f'nat "{k}" {{\n  type = "snat"\n  out_interface = "eth0"\n  src_ip = "10.{k}.1.0/24"\n'
        f'  to_ip = "203.0.113.{20 + k}"\n}}\n'
        for k in (0, 1, 2, 3, *([4 + i] if i % 2 else []))))


def by_address(i: int) -> str:
    """The number of guests, who may nothing, becomes that of lan."""
    first = 'zone "first" { networks = ["10.9.0.0/16"] }\n' if i % 2 else ""
    return first + f"""
zone "wan" {{ networks = ["203.0.113.0/24"] }}
zone "guest" {{ networks = ["{BLOCKED}/32"] }}
zone "lan" {{ networks = ["10.0.0.0/16"] }}
policy "lan" "wan" {{ action = "accept" }}
"""


def masqueraded(i: int) -> str:
    return ('zone "first" { interface = "eth9" }\n' if i % 2 else "") + config(ALLOWED + "  masquerade = true\n")


@dataclass(frozen=True)
class Kind:
    config: Callable[[int], str]  # by its number
    open: str = "ip saddr 10.0.1.2"  # what the packets that are allowed look like behind it all
    family: int = 4
    renumbers: bool = False  # the zones: then a moment is closed to all
    changes: int = CHANGES


KINDS = {
    "networks that are let in": Kind(lambda i: config(rule(f'    src_ip = ["10.0.1.0/24", "10.{i % 200}.8.0/21"]'))),
    "networks that are blocked": Kind(
        lambda i: config(ALLOWED, f'"10.0.1.3/32", "198.51.100.0/25", "198.18.{i % 200}.0/24"')),
    "ranges of ports": Kind(
        lambda i: config(rule(f'    proto = "udp"\n    dest_ports = ["5000-5010", "{7000 + i}-7999"]'))),
    "a row of ports": Kind(lambda i: config(rows(8, lambda k: PORT if k == 3 else 7000 + i + 10 * k))),
    "a row of ports with several verdicts": Kind(lambda i: config(
        rows(8, lambda k: PORT if k == 3 else 7000 + i + 10 * k, ("reject", "accept")))),
    "another pair": Kind(lambda i: config(rows(8, lambda k: PORT if k == 3 else 7000 + k), more=extra_zone(i))),
    "a set for a rule": Kind(lambda i: config(ALLOWED if i % 2 else rule(
        '    proto = "udp"\n    src_ip = ["10.0.1.0/24", "10.9.8.0/21"]\n'
        '    dest_ports = ["5000-5010", "7000-7010"]'))),
    "IPv6": Kind(six, "ip6 saddr 2001:db8:a::2", family=6, changes=FEW),
    "a network of many": Kind(lambda i: friends(["10.0.1.0/30", *networks(LARGE), f"172.16.{i}.0/24"]), changes=FEW),
    "a long blocklist": Kind(blocklist, changes=FEW),
    "many hosts that become networks": Kind(hosts_or_networks, changes=FEW),
    "interfaces of a zone": Kind(lan, changes=FEW),
    "translated targets": Kind(forwarded, "ip saddr 10.0.1.2 ip daddr 203.0.113.7", changes=FEW),
    "translated sources": Kind(translated, "ip saddr 203.0.113.20", changes=FEW),
    "numbers of zones by address": Kind(by_address, renumbers=True),
    "numbers of masqueraded zones": Kind(masqueraded, "ip saddr 203.0.113.1", renumbers=True),
}


class Flood:
    """The sender, and what of it has come."""

    def __init__(self, lab: Lab, family: int) -> None:
        self.lab = lab
        self.output = lab.folder / "flood"
        self.process = lab.start("lan", sys.executable, "-c", SENDER, TO[family], *OWN[family], output=self.output)
        if not wait_for(lambda: "running" in self.output.read_text(), 10):
            sys.exit(f"the sender does not run: {self.output.read_text()}")

    def end(self) -> dict[str, int]:
        (self.lab.folder / "stop").touch()
        self.process.wait(20)
        (self.lab.folder / "stop").unlink()
        time.sleep(0.2)
        return {name: int(count) for name, count in re.findall(r"'(\w+)': (\d+)", self.output.read_text())}


def come(lab: Lab) -> dict[str, int]:
    listing = lab.sh("router", "nft list counters table inet counting").stdout
    return {name: int(count) for name, count in re.findall(r"counter (\w+) \{\s*packets (\d+)", listing)}


def check_kind(lab: Lab, report: Report, changer: Changer, name: str, kind: Kind) -> None:
    lab.nft("table inet counting\ndelete table inet counting\n" + COUNTING.replace("OPEN", kind.open))
    texts = [changer.ruleset(kind.config(i)) for i in range(kind.changes)]
    said = changer.load(texts[0])
    report.claim(not said, f"{name}: the first is loaded", said or None)
    queue = dropped_unseen()
    flood = Flood(lab, kind.family)
    options = ("--renumbers",) if kind.renumbers else ()
    failed = [said for text in texts[1:] if (said := changer.load(text, *options))]
    sent = flood.end()
    found, unseen = come(lab), dropped_unseen() - queue
    lost, least = sent["open"] - found["open"], 10000 * kind.changes // CHANGES
    print(f"      {sent['open']} sent, {lost} lost, {found['shut']} of {sent['shut']} passed, no room for {unseen}")
    report.claim(not failed, f"{name}: {len(texts) - 1} changes are made", failed[:2] or None)
    report.claim((lost == 0 or kind.renumbers) and found["open"] > least, f"{name}: no allowed packet is refused",
                 [lost, sent["open"]])
    report.claim(found["shut"] == 0 and sent["shut"] > least, f"{name}: no blocked packet passes", found["shut"])


def check_left(lab: Lab, report: Report, changer: Changer) -> None:
    """Where nobody is left to open the gate, it opens by itself."""
    lab.udp_echo("wan", 53)
    said = changer.change(by_address(0))
    report.claim(not said and lab.udp("lan", TO[4], 53), "before zones change numbers, lan has its way", said or None)
    changer.prefix = "strace -o /dev/null -e trace=membarrier -e inject=membarrier:signal=KILL:when=1"
    changer.load(changer.ruleset(by_address(1)), "--renumbers")
    changer.prefix = ""
    report.claim(not lab.udp("lan", TO[4], 53), "killed as it waits, no connection begins")
    report.claim(wait_for(lambda: lab.udp("lan", TO[4], 53), 10), "but soon")
    said = changer.change(by_address(1))
    report.claim(not said and "renumbering" not in lab.listing(), "and the next change takes it away", said or None)


def main() -> None:
    lab = open_lab(__doc__ or "")
    report = Report()
    program(lab.programs, "change-text")
    need_programs("strace")
    lab.add_address("lan", "eth0", f"{BLOCKED}/24", f"{OWN[6][1]}/64")
    changer = Changer(lab)
    for name, kind in KINDS.items():
        check_kind(lab, report, changer, name, kind)
    check_left(lab, report, changer)
    report.finish()


main()

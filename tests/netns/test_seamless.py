#!/usr/bin/python3
"""Changes under a flood: at no instant is a packet looked at by half of a change.

Two streams run from lan to wan as fast as one processor sends them, each packet judged by the rules anew as that
of a new connection: one that every configuration allows, one from an address that every one blocks. What decides on them
changes with each configuration: sets of networks, of ports, verdict maps, chains. An instant of a few microseconds
in which a look-up misses shows within some dozen changes.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable

from changer import Changer, dropped_unseen
from lab import Lab, Report, open_lab, wait_for
from support import program

CHANGES = 60  # of a kind
PORT = 5001
BLOCKED = "10.0.1.3"

SENDER = f"""
import os, socket, time
streams = {{}}
for name, own in (("open", "10.0.1.2"), ("shut", "{BLOCKED}")):
    streams[name] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    streams[name].bind((own, {PORT}))
    streams[name].connect(("203.0.113.2", {PORT}))
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
		udp dport {PORT} ip saddr 10.0.1.2 counter name open drop
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
    return 'zone "dmz" { interface = "eth2" }\npolicy "dmz" "wan" {\n' + rows(9, lambda k: 6000 + k) + "}" if i % 2 else ""


# By the number of the configuration.
KINDS: dict[str, Callable[[int], str]] = {
    "networks that are let in": lambda i: config(rule(f'    src_ip = ["10.0.1.0/24", "10.{i % 200}.8.0/21"]')),
    "networks that are blocked": lambda i: config(ALLOWED, f'"10.0.1.3/32", "198.51.100.0/25", "198.18.{i % 200}.0/24"'),
    "ranges of ports": lambda i: config(rule(f'    proto = "udp"\n    dest_ports = ["5000-5010", "{7000 + i}-7999"]')),
    "a row of ports": lambda i: config(rows(8, lambda k: PORT if k == 3 else 7000 + i + 10 * k)),
    "a row of ports with several verdicts": lambda i: config(
        rows(8, lambda k: PORT if k == 3 else 7000 + i + 10 * k, ("drop", "accept"))),
    "another pair": lambda i: config(rows(8, lambda k: PORT if k == 3 else 7000 + k), more=extra_zone(i)),
    "a set for a rule": lambda i: config(ALLOWED if i % 2 else rule(
        f'    proto = "udp"\n    src_ip = ["10.0.1.0/24", "10.9.8.0/21"]\n    dest_ports = ["5000-5010", "7000-7010"]')),
}


class Flood:
    """The sender, and what of it has come."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.output = lab.folder / "flood"
        self.process = lab.start("lan", sys.executable, "-c", SENDER, output=self.output)
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


def check_kind(lab: Lab, report: Report, changer: Changer, name: str, kind: Callable[[int], str]) -> None:
    texts = [changer.ruleset(kind(i)) for i in range(CHANGES)]
    said = changer.load(texts[0])
    report.claim(not said, f"{name}: the first is loaded", said or None)
    before, queue = come(lab), dropped_unseen()
    flood = Flood(lab)
    failed = [said for text in texts[1:] if (said := changer.load(text))]
    sent = flood.end()
    after = come(lab)
    unseen = dropped_unseen() - queue
    lost = sent["open"] - (after["open"] - before["open"])
    passed = after["shut"] - before["shut"]
    print(f"      {sent['open']} sent, {lost} lost, {passed} of {sent['shut']} passed, no room for {unseen}")
    report.claim(not failed, f"{name}: {len(texts) - 1} changes are made", failed[:2] or None)
    report.claim(lost == 0 and sent["open"] > 10000, f"{name}: no allowed packet is refused", [lost, sent["open"]])
    report.claim(passed == 0 and sent["shut"] > 10000, f"{name}: no blocked packet passes", passed)


def main() -> None:
    lab = open_lab(__doc__ or "")
    report = Report()
    program(lab.programs, "change-text")
    lab.add_address("lan", "eth0", f"{BLOCKED}/24")
    lab.nft(COUNTING)
    changer = Changer(lab)
    for name, kind in KINDS.items():
        check_kind(lab, report, changer, name, kind)
    report.finish()


main()

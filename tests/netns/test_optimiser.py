#!/usr/bin/python3
"""The optimiser changes no verdict: random policies, as they are written and optimised, and random
packets through the kernel, which must get the same from both."""

from __future__ import annotations

import random
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from lab import Lab, Report, open_lab, program, run  # noqa: E402

SEED = 20261121
ROUNDS, RULES, PACKETS = 20, 24, 200
PORTS = (*range(1000, 1012), 1020, 1040, 5000)
LAN4 = tuple(f"10.0.1.{last}" for last in (2, 3, 4, 5))
LAN6 = tuple(f"2001:db8:a::{last}" for last in (2, 3, 4, 5))


@dataclass(frozen=True)
class Packet:
    source: str
    to: str
    port: int


def some(dice: random.Random, words: tuple[str, ...]) -> str:
    chosen = dice.sample(words, min(len(words), dice.choice((1, 1, 2, 3))))
    return ", ".join(f'"{word}"' for word in chosen)


def ports(dice: random.Random) -> str:
    low = dice.choice(PORTS)
    kind = dice.randrange(5)
    if kind == 0:
        return f'"{low}-{low + dice.choice((1, 3, 20, 60))}"'
    if kind == 1:
        return f"[{', '.join(map(str, dice.sample(PORTS, 3)))}]"
    return str(low)


def rule(dice: random.Random, number: int) -> str:
    lines = [f'  rule "r{number}" {{']
    if dice.random() < 0.98:
        lines += ['    proto = ' + dice.choice(('"udp"', '["tcp", "udp"]', '"udp"')),
                  f"    dest_port = {ports(dice)}"]
    if dice.random() < 0.6:
        lines.append(f"    src_ip = [{some(dice, (*LAN4, *LAN6, '10.0.1.4/31', '2001:db8:a::4/127'))}]")
    if dice.random() < 0.15:
        lines.append('    dest_ip = ["203.0.113.2", "2001:db8:1::2"]')
    if dice.random() < 0.1:
        lines.append('    counter = "seen"')
    lines.append(f"    action = \"{dice.choice(('accept', 'accept', 'drop', 'continue', 'return'))}\"")
    return "\n".join([*lines, "  }"])


def policy(dice: random.Random, one: str, other: str) -> str:
    rules = "\n".join(rule(dice, number) for number in range(RULES))
    return f'policy "{one}" "{other}" {{\n  action = "{dice.choice(("accept", "drop"))}"\n{rules}\n}}\n'


def config(dice: random.Random) -> str:
    zones = "".join(f'zone "{name}" {{\n  interface = "{interface}"\n}}\n'
                    for name, interface in (("wan", "eth0"), ("lan", "eth1"), ("dmz", "eth2")))
    return zones + policy(dice, "lan", "wan") + policy(dice, "wan", "lan") + policy(dice, "lan", "dmz") + \
        policy(dice, "*", "wan")


def packets(dice: random.Random) -> list[Packet]:
    found = []
    for _ in range(PACKETS):
        sources, to = dice.choice(((LAN4, "203.0.113.2"), (LAN6, "2001:db8:1::2")))
        port = dice.choice((*PORTS, *(port + 1 for port in PORTS), 1061))
        found.append(Packet(dice.choice(sources), to, port))
    return found


class Listener:
    """Takes datagrams to any of the ports, and tells which came."""

    def __init__(self, lab: Lab) -> None:
        self.sockets = []
        for port in sorted({port for base in PORTS for port in (base, base + 1)} | {1061}):
            server = lab.open_socket("wan", 6, socket.SOCK_DGRAM)
            server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            server.bind(("::", port))
            server.setblocking(False)
            self.sockets.append(server)

    def texts(self) -> set[bytes]:
        found = set()
        for server in self.sockets:
            while True:
                try:
                    found.add(server.recv(64))
                except BlockingIOError:
                    break
        return found


def send(lab: Lab, listener: Listener, batch: list[Packet]) -> list[bool]:
    """Which of them arrive."""
    lab.forget()
    listener.texts()
    for number, packet in enumerate(batch):
        family = 6 if ":" in packet.source else 4
        with lab.open_socket("lan", family, socket.SOCK_DGRAM) as client:
            client.bind((packet.source, 0))
            client.sendto(str(number).encode(), (packet.to, packet.port))
    lab.sh("lan", "sleep 0.1")
    arrived = listener.texts()
    return [str(number).encode() in arrived for number in range(len(batch))]


def compare(lab: Lab, report: Report, listener: Listener, number: int) -> int:
    """How many packets passed."""
    dice = random.Random(SEED + number)
    text, batch = config(dice), packets(dice)
    compiler = program(lab.programs, "flywall-compile")
    verdicts = []
    for level in ("0", "1"):
        done = run([compiler, "-O", level, "-"], stdin=text)
        if done.returncode != 0:
            report.claim(False, f"round {number} compiles at -O {level}", done.stderr)
            return 0
        lab.sh("router", "nft flush ruleset")
        lab.nft(done.stdout)
        verdicts.append(send(lab, listener, batch))
    different = [packet for packet, one, two in zip(batch, *verdicts) if one != two]
    passed = sum(verdicts[0])
    if not report.claim(not different, f"round {number}: the same {passed} of {len(batch)} packets pass",
                        different[:3]):
        print(text)
    return passed


def main() -> None:
    lab, report = open_lab(__doc__ or ""), Report()
    for address in (*LAN4[1:], *LAN6[1:]):
        lab.add_address("lan", "eth0", f"{address}/{64 if ':' in address else 24}")
    listener = Listener(lab)
    passed = [compare(lab, report, listener, number) for number in range(ROUNDS)]
    mixed = sum(0 < count < PACKETS for count in passed)
    report.claim(mixed >= ROUNDS // 2, "in most rounds some packets pass, and some do not", passed)
    report.finish()


main()

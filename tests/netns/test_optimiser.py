#!/usr/bin/python3
"""With and without the optimiser every packet has the same fate: random configurations, random packets."""

from __future__ import annotations

import contextlib
import random
import re
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations

sys.dont_write_bytecode = True

from lab import HOSTS, PUSH, RST, SYN, URGENT, Lab, Report, need_programs, run  # noqa: E402

from support import arguments, need_new_network, need_root, program  # noqa: E402

NUMBERS = (2, 10, 20)  # of each host's addresses
ZONES = ("wan", "lan", "dmz", "self")
NETWORKS = {"wan": ("203.0.113.0/24", "2001:db8:1::/64"), "lan": ("10.0.1.0/24", "2001:db8:a::/64"),
            "dmz": ("10.0.2.0/24", "2001:db8:d::/64")}
PORTS = ("22", "53", "80", "443", "8080", '"78-82"', '"440-455"', '"50-200"', '"1-1024"', '"8000-65535"')
EDGES = (1, 21, 22, 23, 49, 50, 53, 54, 77, 78, 80, 82, 83, 200, 201, 439, 440, 443, 455, 456, 1024, 1025, 7999,
         8000, 8080, 65535)
SERVICES = ("ssh", "dns", "http", "https", "ntp", "snmp", "smtp")
SOURCE_PORTS = (1024, 4999, 5000, 5010, 5011, 61000)
CODE_POINTS = {"cs0": 0, "ef": 46, "af11": 10, "26": 26}
LAN_MAC = "02:00:00:00:00:77"
SETS = ("some", "nets", "four")
ICMP_TYPES = ("echo-request", "destination-unreachable", "time-exceeded")
GRE = 47
TAG = b"flywall!"
MARKING = len(TAG) + 4  # bytes behind the headers
ECHO = {4: 8, 6: 128}
ETH_P_ALL, ETH_P_IP = 3, (0x0800, 0x86dd)
SO_RCVBUFFORCE = 33
# Conditions that the zones rule out, limits of untracked zones, sets of ports inverted, zones by MAC address alone.
REFUSED = {"E0525", "E0513", "E0536", "E0518"}
ROUNDS = 40
PACKETS = 400  # a round


# Configurations

NETS = """ipset "nets" {
  entries = ["10.0.1.0/28", "10.0.2.2-10.0.2.10", "2001:db8:a::/124", "2001:db8:d::10"]
}
"""
WEB = """ipset "web" {
  type    = "ports"
  entries = ["80", "443", "8000-8100"]
}
"""
FOUR = """ipset "four" {
  entries = ["203.0.113.2", "10.0.1.10", "10.0.2.20"]
}
"""


def address(dice: random.Random, zone: str, family: int) -> str:
    host = HOSTS[zone if zone in HOSTS else dice.choice(list(HOSTS))]
    return (host.net4 if family == 4 else host.net6) + str(dice.choice(NUMBERS))


def addresses(dice: random.Random, zone: str, families: Sequence[int]) -> str:
    """A list of hosts, networks and ranges of each family."""
    found = [address(dice, zone, family) for family in families for _ in range(dice.choice((1, 1, 1, 2, 3)))]
    if zone in NETWORKS and dice.random() < 0.2:
        found += [network for network in NETWORKS[zone] if (6 if ":" in network else 4) in families]
    if zone in NETWORKS and 4 in families and dice.random() < 0.1:
        found.append(f"{HOSTS[zone].net4}2-{HOSTS[zone].net4}11")
    return "[" + ", ".join(f'"{text}"' for text in dict.fromkeys(found)) + "]"


def traffic(dice: random.Random) -> list[str]:
    """Lines that say which protocols and ports a rule is for."""
    kind = dice.random()
    if kind < 0.55:
        ports = ", ".join(dict.fromkeys(dice.choices(PORTS, k=dice.choice((1, 1, 1, 2, 3)))))
        protocol = dice.choice(('"tcp"', '"udp"', '["tcp", "udp"]'))
        return [f"proto = {protocol}", f"dest_ports = [{ports}]"]
    if kind < 0.7:
        return ['services = ["' + '", "'.join(dice.sample(SERVICES, dice.choice((1, 1, 2, 3)))) + '"]']
    if kind < 0.74:
        return [dice.choice(('proto = "gre"', "proto = [47, 17]", 'proto = ["gre", "icmp"]'))]
    if kind < 0.78:
        return [f'proto = "{dice.choice(("tcp", "udp"))}"', 'dest_ipset = "web"']
    if kind < 0.82:
        types = '", "'.join(dice.sample(ICMP_TYPES, dice.choice((1, 1, 2))))
        return ['proto = "icmp"', f'icmp_type = ["{types}"]']
    return [dice.choice(('proto = "tcp"', 'proto = "udp"', 'proto = "icmp"'))] if kind < 0.88 else []


def side(dice: random.Random, which: str, zone: str) -> list[str]:
    """Lines that say where packets come from, or where they go."""
    lines = []
    if dice.random() < 0.35:
        lines.append(f"{which}_ip = {addresses(dice, zone, dice.choice(((4,), (6,), (4, 6), (4, 6))))}")
    if dice.random() < 0.1:
        lines.append(f'{which}_ipset = ["' + '", "'.join(dice.sample(SETS, dice.choice((1, 1, 2)))) + '"]')
    if lines and dice.random() < 0.15:
        lines.append(f"invert_{which} = true")
    return lines


def others(dice: random.Random, lines: list[str], one: str, other: str) -> list[str]:
    """Lines with what rules look at besides."""
    found = []
    if "dest_ports" in "".join(lines) and dice.random() < 0.1:
        found.append(f'src_port = {dice.choice(("[5000:5010]", "[1024:4999, 61000]", "5000"))}')
    if dice.random() < 0.08:
        found.append(f'dscp = ["{dice.choice(list(CODE_POINTS))}", "{dice.choice(list(CODE_POINTS))}"]')
    if dice.random() < 0.05:
        found.append(f'src_mac = ["02:00:00:00:00:01", "{dice.choice((LAN_MAC, "02:00:00:00:00:02"))}"]')
    if one in HOSTS and dice.random() < 0.05:
        found.append(f'in_interface = ["{HOSTS[one].interface}", "eth9"]')
    if other in HOSTS and dice.random() < 0.05:
        found.append(f'out_interface = "{HOSTS[other].interface[:3]}*"')
    if 'proto = "tcp"' in lines and dice.random() < 0.2:
        found.append(f'tcp_flags = "{dice.choice(("syn", "syn,!psh", "urg", "!urg"))}"')
    if dice.random() < 0.04:
        found.append(dice.choice(('conn_state = "new"', 'conn_state = ["new", "untracked"]', "enabled = false",
                                  'time_start = "08:00"\n    time_end = "18:00"',
                                  'time_start = "18:00"\n    time_end = "08:00"\n    days = ["weekdays"]', 'mark = "0x0/0xff"', 'mark = "0x1"', "disabled = true",
                                  'time_start = "00:00"\n    time_end = "24:00"')))
    return found


def effects(dice: random.Random, action: str) -> list[str]:
    """Lines with what rules do besides; none of it shows."""
    if dice.random() < 0.12:
        found = ["log = true", 'log = true\n    log_limit = "5/second"', 'counter = "c"', 'limit = "1000000/second"']
        if action != "return":
            found.append('limit_per_ip = "1000000/second"')
        if action == "accept":
            found += ['timeouts = { tcp = "5m" }', "max_connections = 100000", "max_per_ip = 100000"]
        return [dice.choice([*found, 'set_mark = "0x10"'])]
    return []


def rule(dice: random.Random, number: int, one: str, other: str) -> str:
    lines = traffic(dice)
    lines += [*side(dice, "src", one), *side(dice, "dest", other)]
    lines = list({line.split(" ")[0]: line for line in reversed(lines)}.values())
    lines += others(dice, lines, one, other)
    if not lines and dice.random() < 0.8:
        lines = ['proto = "udp"']
    action = dice.choice(("accept", "accept", "accept", "drop", "drop", "reject", "return", "continue"))
    if dice.random() < 0.04:
        action = dice.choice(("log", "notrack"))
    lines += [*(effects(dice, action) if action != "notrack" else []), f'action = "{action}"']
    return f'  rule "r{number}" {{\n' + "".join(f"    {line}\n" for line in lines) + "  }\n"


def policy(dice: random.Random, one: str, other: str, repeated: list[str]) -> str:
    """Some policies have rules of others."""
    body = "".join(dice.choice(repeated) if repeated and dice.random() < 0.2 else rule(dice, i, one, other)
                   for i in range(dice.choice((1, 4, 8, 16, 30))))
    names = iter(range(1000))
    body = re.sub(r'rule "r\d+"', lambda _: f'rule "r{next(names)}"', body)
    repeated += re.findall(r"  rule .*?\n  }\n", body, re.DOTALL)[:8]
    action = dice.choice(('  action = "accept"\n', '  action = "reject"\n', "", "", ""))
    settings = f'  priority = {dice.choice((10, 40, 90))}\n' if dice.random() < 0.2 else ""
    settings += '  log = true\n  counter = "end"\n' if dice.random() < 0.1 else ""
    return f'policy "{one}" "{other}" {{\n{action}{settings}{body}}}\n'


def settings(dice: random.Random) -> list[str]:
    """What a zone says besides where it is."""
    lines = []
    if dice.random() < 0.4:
        lines.append("services {\n    dns = true\n    ntp = true\n  }")
    if dice.random() < 0.4:
        lines.append("management {\n    ssh = true\n    web = true\n    icmp = true\n  }")
    if dice.random() < 0.1:
        lines.append(f'action = "{dice.choice(("drop", "reject"))}"')
    if dice.random() < 0.1:
        lines.append("protection {\n    invalid_packets = true\n    anti_spoofing = true\n  }")
    if dice.random() < 0.1:
        lines.append("conntrack {\n    " + dice.choice((
            "enabled = false", 'track_protocols = ["tcp", "icmp"]', "limits = { max_per_ip = 100000 }",
            "limits = { new_per_ip = 100000 }")) + "\n  }")
    return lines


def zone(dice: random.Random, name: str, lines: list[str]) -> str:
    return f'zone "{name}" {{\n' + "".join(f"  {line}\n" for line in [*lines, *settings(dice)]) + "}\n"


def place(dice: random.Random, name: str, by_network: bool) -> list[str]:
    """Where one of the usual zones is."""
    networks = ", ".join(f'"{network}"' for network in NETWORKS[name])
    if by_network:
        return [f"networks = [{networks}]"]
    written = dice.choice(('"%s"', '"%s"', '["%s", "ppp*"]' if name == "wan" else '"%s"', '"%s*"'))
    return ["interface = " + written % HOSTS[name].interface]


def part(dice: random.Random) -> str:
    """A zone that takes a part of another one's interface."""
    inside = dice.choice(("lan", "dmz"))
    wan = HOSTS["wan"]
    conditions = dice.choice((
        f'src = ["{HOSTS[inside].net4}10", "{HOSTS[inside].net6}10"]', f'mac = "{LAN_MAC}"', 'dscp = "ef"',
        'protocol = ["udp", "gre"]', f'dst = ["{wan.net4}0/28", "{wan.net6}/124"]', 'ipset = "some"',
        'out_interface = "eth0"'))
    match = f'match {{\n    interface = "{HOSTS[inside].interface}"\n    {conditions}\n  }}'
    return zone(dice, "part", [match])


def zones(dice: random.Random) -> tuple[list[str], list[str]]:
    """Their names, and their blocks."""
    by_network = dice.choice((None, None, "dmz", "wan"))
    names = [*HOSTS]
    blocks = [zone(dice, name, place(dice, name, name == by_network)) for name in names]
    if dice.random() < 0.15:
        names.remove("dmz")
        blocks = [zone(dice, "wan", place(dice, "wan", False)), zone(dice, "lan", ['interface = ["eth1", "eth2"]'])]
    if dice.random() < 0.3:
        names.append("part")
        blocks.insert(0, part(dice))
    return names, blocks


def crowd(names: Sequence[str]) -> str:
    """So many pairs of zones ahead of those that matter that these share what they look into, one of them for sure."""
    zones = [f'zone "pad{i}" {{\n  interface = "pad{i}"\n}}\n' for i in range(24)]
    rules = "".join(f'  rule "r{i}" {{\n    proto = "tcp"\n    dest_ports = [{7000 + i}]\n    action = "{action}"\n  }}\n'
                    for i, action in enumerate(("accept", "drop", "accept")))
    policies = [f'policy "pad{i}" "pad{k}" {{\n{rules}}}\n' for i in range(24) for k in range(24) if i != k]
    policies += [f'policy "{one}" "{other}" {{\n{rules.replace("700", "44")}}}\n' for one, other in permutations(names, 2)]
    return "".join([*zones, *policies])


def listed(dice: random.Random, number: int) -> str:
    """A set that decides by itself."""
    name = dice.choice(list(HOSTS))
    entries = ", ".join(f'"{address(dice, name, family)}"' for family in (4, 6))
    lines = [f"entries = [{entries}]", f'action = "{dice.choice(("drop", "reject", "accept", "log"))}"',
             f'apply_to = "{dice.choice(("both", "input", "forward"))}"',
             f'match_on = "{dice.choice(("source", "destination", "both"))}"']
    return f'ipset "listed{number}" {{\n' + "".join(f"  {line}\n" for line in lines) + "}\n"


def others_blocks(dice: random.Random, names: Sequence[str]) -> list[str]:
    """Blocks that decide beside policies."""
    found = [listed(dice, number) for number in range(dice.choice((0, 0, 0, 1, 2, 3)))]
    if dice.random() < 0.15:
        source = f'  from = "{dice.choice(names)}"\n' if dice.random() < 0.6 else ""
        found.append(f'notrack "flow" {{\n{source}  proto = "udp"\n  dest_port = {dice.choice(PORTS)}\n}}\n')
    if dice.random() < 0.2:
        forward = "true" if dice.random() < 0.5 else "false"
        found.append(f"""nat "inside" {{
  type      = "dnat"
  from      = "wan"
  proto     = ["tcp", "udp"]
  dest_ip   = ["{Lab.address("wan", 4, "1")}", "{Lab.address("wan", 6, "1")}"]
  dest_port = {dice.choice(PORTS)}
  to_ip     = ["{Lab.address("dmz", 4)}", "{Lab.address("dmz", 6)}"]
  forward   = {forward}
}}
""")
    return found


def related(dice: random.Random, policies: list[str]) -> list[str]:
    """Some inherit from others, some are switched off."""
    found = []
    for number, text in enumerate(policies):
        lines = f'  name = "p{number}"\n'
        if number and dice.random() < 0.15:
            lines += f'  inherits = "p{dice.randrange(number)}"\n'
        if dice.random() < 0.04:
            lines += "  disabled = true\n"
        found.append(text.replace("{\n", "{\n" + lines, 1))
    return found


def configuration(dice: random.Random) -> str:
    names, blocks = zones(dice)
    pairs = [(one, other) for one in names for other in (*names, "self")]
    chosen = dice.sample(pairs, dice.randrange(1, 6))
    chosen += dice.sample([("*", "*"), ("lan", "*"), ("*", "self"), ("?a*", "wan"), ("self", "lan"), ("self", "*")],
                          dice.choice((0, 1, 1, 2)))
    repeated: list[str] = []
    policies = related(dice, [policy(dice, one, other, repeated) for one, other in chosen])
    entries = ", ".join(f'"{address(dice, name, family)}"' for name in HOSTS for family in (4, 6))
    sets = [f'ipset "some" {{\n  entries = [{entries}]\n}}\n', NETS, FOUR, WEB]
    return "".join([crowd(names) if dice.random() < 0.3 else "", *blocks, *sets, *others_blocks(dice, names), *policies])


# Packets


@dataclass(frozen=True)
class Packet:
    host: str
    source: str
    to: str
    protocol: int
    ports: tuple[int, int]
    dscp: int = 0
    flags: int = SYN

    @property
    def family(self) -> int:
        return 6 if ":" in self.to else 4

    def text(self) -> str:
        return (f"{self.source} to {self.to} protocol {self.protocol} ports {self.ports} dscp {self.dscp} "
                f"flags {self.flags}")


def checksum(data: bytes) -> int:
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def headers(packet: Packet, number: int) -> tuple[bytes, int]:
    """What comes above IP, and where in it the checksum goes."""
    one, other = packet.ports
    if packet.protocol == socket.IPPROTO_TCP:
        return struct.pack("!HHIIBBHHH", one, other, number, 0, 5 << 4, packet.flags, 8192, 0, 0), 16
    if packet.protocol == socket.IPPROTO_UDP:
        return struct.pack("!HHHH", one, other, 8 + MARKING, 0), 6
    if packet.protocol == GRE:
        return struct.pack("!HH", 0, 0x0800), -1
    return struct.pack("!BBHHH", ECHO[packet.family], 0, 0, one, 1), 2


def datagram(packet: Packet, number: int) -> bytes:
    """The packet with its number in it."""
    family = socket.AF_INET if packet.family == 4 else socket.AF_INET6
    ends = socket.inet_pton(family, packet.source) + socket.inet_pton(family, packet.to)
    above, at = headers(packet, number)
    above += TAG + struct.pack("!I", number)
    pseudo = b"" if packet.protocol == socket.IPPROTO_ICMP else ends + struct.pack("!II", len(above), packet.protocol)
    if at >= 0:
        above = above[:at] + struct.pack("!H", checksum(pseudo + above) or 0xffff) + above[at + 2:]
    if packet.family == 6:
        return struct.pack("!IHBB", 6 << 28 | packet.dscp << 22, len(above), packet.protocol, 64) + ends + above
    return struct.pack("!BBHHHBBH", 0x45, packet.dscp << 2, 20 + len(above), number + 1, 0, 64, packet.protocol, 0) + ends + above


def number_of(data: bytes) -> int | None:
    at = data.find(TAG)
    return struct.unpack_from("!I", data, at + len(TAG))[0] if at >= 0 else None


def refused(data: bytes) -> int | None:
    """The number of the packet that this one, as it comes from IP, refuses."""
    protocol, above = (data[9], data[20:]) if data[0] >> 4 == 4 else (data[6], data[40:])
    if protocol == socket.IPPROTO_TCP and above[13] & RST:
        return int(struct.unpack_from("!I", above, 8)[0]) - 1 - MARKING
    is_error = (protocol, above[0]) in ((socket.IPPROTO_ICMP, 3), (socket.IPPROTO_ICMPV6, 1))
    return number_of(data) if is_error else None


def random_packet(dice: random.Random) -> Packet:
    host, other = dice.sample(list(HOSTS), 2)
    family = dice.choice((4, 6))
    to = Lab.address(dice.choice((host, other)), family, "1") if dice.random() < 0.3 else address(dice, other, family)
    icmp = socket.IPPROTO_ICMP if family == 4 else socket.IPPROTO_ICMPV6
    protocol = dice.choice((socket.IPPROTO_TCP, socket.IPPROTO_TCP, socket.IPPROTO_UDP, socket.IPPROTO_UDP, icmp))
    protocol = GRE if dice.random() < 0.04 else protocol
    return Packet(host, address(dice, host, family), to, protocol,
                  (dice.choice((dice.randrange(1024, 65536), dice.choice(SOURCE_PORTS))), dice.choice(EDGES)),
                  dice.choice((0, 0, *CODE_POINTS.values())), dice.choice((SYN, SYN, SYN | PUSH, SYN | URGENT)))


def random_packets(dice: random.Random, count: int) -> list[Packet]:
    """No two of one connection."""
    found: dict[tuple[str, str, int, int], Packet] = {}
    while len(found) < count:
        packet = random_packet(dice)
        found[(packet.source, packet.to, packet.protocol, packet.ports[0])] = packet
    return list(found.values())


# The kernel


class Witness:
    """Sends packets, and sees what reaches a host and what the router takes for itself."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.senders = {(host, family): lab.open_socket(host, family, socket.SOCK_RAW, socket.IPPROTO_RAW)
                        for host in HOSTS for family in (4, 6)}
        self.hosts = [self.watch(host) for host in HOSTS]
        self.router = [self.prepared(lab.open_socket("router", family, socket.SOCK_RAW, protocol))
                       for family, icmp in ((4, socket.IPPROTO_ICMP), (6, socket.IPPROTO_ICMPV6))
                       for protocol in (socket.IPPROTO_TCP, socket.IPPROTO_UDP, icmp, GRE)]

    @staticmethod
    def prepared(watcher: socket.socket) -> socket.socket:
        watcher.setblocking(False)
        watcher.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 23)
        return watcher

    def watch(self, host: str) -> socket.socket:
        with self.lab.at(host):
            watcher = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
            watcher.bind(("eth0", ETH_P_ALL))
        return self.prepared(watcher)

    @staticmethod
    def drain(watcher: socket.socket) -> Iterable[bytes]:
        with contextlib.suppress(BlockingIOError):
            while True:
                data, sender = watcher.recvfrom(2048)
                if watcher.family != socket.AF_PACKET:
                    yield data
                elif sender[2] != socket.PACKET_OUTGOING and sender[1] in ETH_P_IP:
                    yield data

    def send(self, packets: list[Packet]) -> list[str]:
        """What becomes of each packet."""
        for number, packet in enumerate(packets):
            self.senders[packet.host, packet.family].sendto(datagram(packet, number), (packet.to, 0))
        time.sleep(0.1)
        passing: set[int | None] = set()
        refusals: set[int | None] = set()
        for data in (data for host in self.hosts for data in self.drain(host)):
            number = refused(data)
            refusals.add(number)
            passing |= {number_of(data)} if number is None else set()
        passing |= {number_of(data) for router in self.router for data in self.drain(router)}
        return ["passes" if number in passing else "is refused" if number in refusals else "is dropped"
                for number in range(len(packets))]


def prepare(lab: Lab) -> None:
    """Every host has its addresses, answers nothing, and knows its neighbours."""
    lab.sh("router", "sysctl -qw net.ipv4.icmp_ratemask=0 net.ipv6.icmp.ratemask=''")
    lab.sh("lan", f"ip link set eth0 address {LAN_MAC}")
    for host, place in HOSTS.items():
        for number in NUMBERS[1:]:
            lab.add_address(host, "eth0", f"{place.net4}{number}/24", f"{place.net6}{number}/64")
        lab.nft("table inet quiet {\n chain input {\n  type filter hook input priority 0; policy drop;\n }\n}\n", host)
        mac = lab.sh(host, "cat /sys/class/net/eth0/address").stdout.strip()
        gate = lab.sh("router", f"cat /sys/class/net/{place.interface}/address").stdout.strip()
        for family in (4, 6):
            lab.sh(host, f"ip neigh replace {lab.address(host, family, '1')} lladdr {gate} dev eth0 nud permanent")
            for number in NUMBERS:
                to = lab.address(host, family, str(number))
                lab.sh("router", f"ip neigh replace {to} lladdr {mac} dev {place.interface} nud permanent")


def fates(lab: Lab, witness: Witness, ruleset: str, packets: list[Packet]) -> list[str]:
    lab.nft(ruleset)
    lab.forget()
    return witness.send(packets)


def differences(packets: list[Packet], plain: list[str], better: list[str]) -> list[str]:
    return [f"{packet.text()} {one}, but {other} when optimised"
            for packet, one, other in zip(packets, plain, better, strict=True) if one != other]


class Trials:
    """Configurations, each compiled in both ways."""

    def __init__(self, lab: Lab, compiler: str, report: Report) -> None:
        self.lab, self.compiler, self.report = lab, compiler, report
        self.witness = Witness(lab)
        self.seen: Counter[str] = Counter()
        self.lookups = self.shared = 0

    def compile(self, config: str, level: int) -> str:
        done = run([self.compiler, f"-O{level}", "-"], stdin=config)
        if done.returncode != 0:
            raise RuntimeError(f"{done.stderr}\n{config}")
        return done.stdout

    def configuration(self, dice: random.Random) -> str:
        """One without rules that its zones rule out, which are refused."""
        while True:
            config = configuration(dice)
            done = run([self.compiler, "--check", "-"], stdin=config)
            codes = set(re.findall(r"error: .*\[(E\d+)\]", done.stderr))
            if not codes or codes - REFUSED:
                return config

    def run(self, seed: str) -> None:
        dice = random.Random(seed)
        config, packets = self.configuration(dice), random_packets(dice, PACKETS)
        plain, better = (self.compile(config, level) for level in (0, 1))
        one = fates(self.lab, self.witness, plain, packets)
        other = fates(self.lab, self.witness, better, packets)
        self.seen.update(one)
        self.lookups += len(re.findall(r"\. th dport (?:vmap )?@|(?:jump|goto) look/", better))
        self.shared += len(re.findall(r"chain pair/(?!pad)\S+ {\n(?:\t\t.*\n)*?\t\t(?:jump|goto) look/", better))
        wrong = differences(packets, one, other)
        if not self.report.claim(not wrong, f"seed {seed}: the same fates", "; ".join(wrong[:5]) or None):
            print(config)

    def check_spread(self) -> None:
        """Too few of one fate, or of what is compared, would prove nothing."""
        rare = [fate for fate in ("passes", "is refused", "is dropped") if self.seen[fate] < ROUNDS * PACKETS // 20]
        self.report.claim(not rare, "every fate is common", dict(self.seen))
        self.report.claim(self.lookups >= ROUNDS, "there are look-ups", self.lookups)
        self.report.claim(self.shared > 0, "there are some that are shared", self.shared)


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--new", action="store_true", help="seeds that nobody has tried")
    parser.add_argument("seeds", nargs="*", metavar="SEED", help="only these")
    options = parser.parse_args()
    need_root()
    need_programs("ip", "nft", "conntrack", "sysctl", "ping")
    need_new_network()
    lab = Lab(options.bin)
    prepare(lab)
    report = Report(only_failures=True)
    trials = Trials(lab, program(options.bin, "flywall-compile"), report)
    begin, first = time.monotonic(), random.SystemRandom().randrange(10**6) if options.new else 0
    seeds = options.seeds or [str(first + i) for i in range(ROUNDS)]
    print(f"seeds {seeds[0]} to {seeds[-1]}", flush=True)
    for seed in seeds:
        trials.run(seed)
    if not options.seeds:
        trials.check_spread()
    print(f"{time.monotonic() - begin:.0f} s, {trials.lookups} look-ups, {trials.shared} shared, {dict(trials.seen)}")
    report.finish()


main()

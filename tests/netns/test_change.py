#!/usr/bin/python3
"""Two hundred changes of a firewall under traffic: what lives goes on, and nothing is lost or let through.

Three streams run from lan to wan: datagrams of one established connection, first datagrams of connections that
every configuration allows, and such that none allows. The sender counts what it has sent, wan what has come. A
change is made by the engine itself (change-text), which is told what was loaded last, as flywall-apply tells it.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from changer import Changer, dropped_unseen
from lab import Lab, Report, need_programs, open_lab, run, wait_for
from support import program

CHANGES = 200
HELD, OPEN, SHUT = 5000, 5001, 5002  # ports: established, allowed anew, forbidden
LARGE = 1500  # elements from which on a set keeps its name: 1024

# In the namespace of lan. Each burst is small, so that no queue between here and wan overflows.
SENDER = f"""
import os, random, socket, struct, sys, time
to, own = "203.0.113.2", "10.0.1.2"
held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
held.bind((own, {HELD}))
held.connect((to, {HELD}))
held.settimeout(2)
sent = dict.fromkeys(("held", "open", "shut"), 0)
for _ in range(20):
    sent["held"] += 1
    held.send(b"hello")
    try:
        held.recv(64)
        break
    except OSError:
        pass
else:
    sys.exit("no answer")
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)

def fresh(port, n):
    source = 10000 + n % 50000
    raw.sendto(struct.pack("!BBHHHBBH4s4sHHHH", 69, 0, 28, 0, 0, 64, 17, 0, socket.inet_aton(own),
                           socket.inet_aton(to), source, port, 8, 0), (to, 0))

print("running", flush=True)
end = time.monotonic() + 200
while time.monotonic() < end and not os.path.exists("stop"):
    for _ in range(10):
        held.send(b"x")
        sent["held"] += 1
    for _ in range(5):
        fresh({OPEN}, sent["open"])
        sent["open"] += 1
        fresh({SHUT}, sent["shut"])
        sent["shut"] += 1
    time.sleep(0.002)
print(sent, flush=True)
"""

COUNTING = f"""
table inet counting {{
	counter held {{ }}
	counter open {{ }}
	counter shut {{ }}
	chain pre {{
		type filter hook prerouting priority -400
		udp dport {HELD} counter name held
		udp dport {OPEN} counter name open
		udp dport {SHUT} counter name shut
	}}
}}
"""


@dataclass(frozen=True)
class Config:
    """What changes from one configuration to the next."""

    ports: tuple[int, ...] = (80, 443)
    policy: str = "drop"
    has_dmz: bool = False
    listed: tuple[int, ...] = (1, 2, 3)  # addresses of a small set
    blocked: tuple[int, ...] = tuple(range(LARGE))  # of a large one
    networks: tuple[int, ...] = tuple(range(LARGE))  # of a large one of ranges
    rate: int = 100000
    seconds: int = 60
    helpers: tuple[str, ...] = ("ftp",)
    counts: bool = True
    translates: str = ""
    logs: bool = False
    extra: str = ""

    def rules(self) -> Iterator[str]:
        for port in self.ports:
            count = f'counter = "port{port}"' if self.counts else ""
            yield (f'  rule "port {port}" {{\n    proto = "tcp"\n    dest_port = {port}\n    {count}\n'
                   '    action = "accept"\n  }')

    def translation(self) -> str:
        if self.translates == "masquerade":
            return 'nat "out" {\n  type = "masquerade"\n  from = "dmz"\n  out_interface = "eth0"\n}'
        if self.translates == "dnat":
            return ('nat "in" {\n  type = "dnat"\n  from = "wan"\n  proto = "tcp"\n  dest_port = 8080\n'
                    '  to_ip = "10.0.1.2:80"\n}')
        return ""

    def hcl(self) -> str:
        helpers = ", ".join(f"{name} = true" for name in self.helpers)
        small = ", ".join(f'"198.51.100.{host}"' for host in self.listed)
        blocked = ",\n".join(f'"198.18.{host >> 7}.{(host & 127) * 2}"' for host in self.blocked)
        networks = ",\n".join(f'"198.19.{net >> 6}.{(net & 63) * 4}/31"' for net in self.networks)
        dmz = ('zone "dmz" { interface = "eth2" }\npolicy "lan" "dmz" { action = "accept" }\n'
               'policy "dmz" "wan" { action = "reject" }') if self.has_dmz or self.translates == "masquerade" else ""
        rules = "\n".join(self.rules())
        return f"""
conntrack {{
  timeouts = {{ udp = 8 }}
  helpers  = {{ {helpers} }}
}}
zone "wan" {{ interface = "eth0" }}
zone "lan" {{
  interface = "eth1"
  conntrack {{
    timeouts = {{ tcp = {self.seconds} }}
    limits   = {{ new_per_second = {self.rate}, max_per_ip = 200000 }}
  }}
}}
{dmz}
ipset "small" {{ entries = [{small}] }}
ipset "blocked" {{
  entries = [{blocked}]
  action  = "drop"
}}
ipset "ranges" {{
  entries = [{networks}]
  action  = "drop"
}}
ipset "guests" {{
  dynamic = true
  size    = 100
}}
policy "lan" "wan" {{
  action = "{self.policy}"
  log    = {str(self.logs).lower()}
{rules}
  rule "open" {{
    proto     = "udp"
    dest_port = {OPEN}
    counter   = "open"
    action    = "accept"
  }}
  rule "small" {{
    dest_ipset = "small"
    action     = "accept"
  }}
  rule "guests" {{
    dest_ipset = "guests"
    action     = "accept"
  }}
}}
{self.translation()}
{self.extra}
"""


START = Config()
# Held is let in before the changes begin, and lives on what is established.
FIRST = replace(START, extra=f'policy "lan" "wan" {{\n  rule "held" {{\n    proto = "udp"\n    dest_port = {HELD}\n'
                             '    action = "accept"\n  }\n}')
OTHER = Config(ports=tuple(range(7000, 7040)), policy="reject", has_dmz=True, listed=(9,), blocked=(5, 6, 7),
               networks=(1,), rate=50000, seconds=99, helpers=("tftp", "sip"), counts=False, translates="dnat")


def without(items: tuple[int, ...], dice: random.Random) -> tuple[int, ...]:
    left = list(items)
    if len(left) > 1:
        left.remove(dice.choice(left))
    return tuple(left)


def toggled(items: tuple[int, ...], item: int) -> tuple[int, ...]:
    return tuple(sorted(set(items) ^ {item})) or (1,)


def moved(items: tuple[int, ...], dice: random.Random) -> tuple[int, ...]:
    order = list(items)
    dice.shuffle(order)
    return tuple(order)


def changed(config: Config, dice: random.Random) -> tuple[str, Config]:
    kinds = {
        "a rule added": lambda: replace(config, ports=(*config.ports, dice.choice(range(10000, 20000)))),
        "a rule removed": lambda: replace(config, ports=without(config.ports, dice)),
        "rules moved": lambda: replace(config, ports=moved(config.ports, dice)),
        "the policy": lambda: replace(config, policy=dice.choice(("drop", "reject"))),
        "a zone": lambda: replace(config, has_dmz=not config.has_dmz),
        "an element": lambda: replace(config, listed=toggled(config.listed, dice.randrange(1, 250))),
        "an element of many": lambda: replace(config, blocked=toggled(config.blocked, dice.randrange(5000))),
        "a range of many": lambda: replace(config, networks=toggled(config.networks, dice.randrange(5000))),
        "a limit": lambda: replace(config, rate=dice.randrange(50000, 100000)),
        "a timeout": lambda: replace(config, seconds=dice.randrange(50, 5000)),
        "a helper": lambda: replace(config, helpers=tuple(dice.sample(("ftp", "tftp", "sip", "pptp"), 2))),
        "counters": lambda: replace(config, counts=not config.counts),
        "a translation": lambda: replace(config, translates=dice.choice(("", "masquerade", "dnat"))),
        "a log": lambda: replace(config, logs=not config.logs),
    }
    kind = dice.choice(list(kinds))
    return kind, kinds[kind]()


def comparable(listing: str) -> set[str]:
    """The things in a listing: the marker left out, elements in one order, and what connections may still use."""
    listing = re.sub(r"elements = \{([^}]*)\}",
                     lambda found: ",".join(sorted(" ".join(e.split()) for e in found[1].split(","))), listing)
    things = re.split(r"\n\t\}\n*", listing.replace("table inet flywall {\n", ""))
    return {thing.strip() for thing in things
            if thing.strip() not in ("", "}") and not re.match(r"\s*(chain generation/|ct timeout)", thing)}


def as_loaded_afresh(lab: Lab, ruleset: str) -> set[str]:
    done = run(["unshare", "--net", "sh", "-c", "nft -f - && nft -s list table inet flywall"], stdin=ruleset)
    return comparable(done.stdout)


def dynamic_left_out(things: set[str]) -> set[str]:
    return {thing for thing in things if "flags dynamic" not in thing}


class Streams:
    """The traffic, and what came of it."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        lab.nft(COUNTING, "wan")
        lab.udp_echo("wan", HELD)
        self.output = lab.folder / "sender"
        self.process = lab.start("lan", sys.executable, "-c", SENDER, output=self.output)
        if not wait_for(lambda: "running" in self.output.read_text(), 10):
            sys.exit(f"the sender does not run: {self.output.read_text()}")

    def come(self) -> dict[str, int]:
        listing = self.lab.sh("wan", "nft list counters").stdout
        return {name: int(count) for name, count in re.findall(r"counter (\w+) \{\s*packets (\d+)", listing)}

    def end(self) -> tuple[dict[str, int], dict[str, int]]:
        """What was sent and what has come."""
        (self.lab.folder / "stop").touch()
        self.process.wait(20)
        (self.lab.folder / "stop").unlink()
        time.sleep(0.3)
        sent = dict(re.findall(r"'(\w+)': (\d+)", self.output.read_text()))
        return {name: int(count) for name, count in sent.items()}, self.come()


def check_changes(lab: Lab, report: Report, changer: Changer) -> None:
    dice = random.Random(4)
    said = changer.change(FIRST.hcl())
    report.claim(not said, "the first configuration is loaded", said or None)
    guests = re.search(r"set (set4_guests_\w+)", changer.known.read_text())
    assert guests
    lab.nft(f"add element inet flywall {guests[1]} {{ 192.0.2.77 }}\n")
    queue = dropped_unseen()
    streams = Streams(lab)
    config, counts, failed, fallen = START, 0, [], 0
    done: dict[str, int] = {}
    for i in range(CHANGES):
        if i % 25 == 24:
            kind, new = "all of it and back", OTHER
            failed += [f"{kind}: {said}" for said in (changer.change(new.hcl()), changer.change(config.hcl())) if said]
        else:
            kind, config = changed(config, dice)
            if said := changer.change(config.hcl()):
                failed.append(f"{kind}: {said}")
        done[kind] = done.get(kind, 0) + 1
        now = lab.counter("open")
        fallen += kind != "all of it and back" and now < counts
        counts = now
    sent, come = streams.end()
    report.claim(not failed, f"{sum(done.values())} changes of {len(done)} kinds are made", failed[:3] or None)
    print(f"      sent {sent}, come {come}, no room for {dropped_unseen() - queue}, "
          f"slowest {changer.slowest * 1000:.0f} ms")
    report.claim(come["held"] == sent["held"] and sent["held"] > 1000, "no established packet is lost",
                 [sent["held"], come["held"]])
    report.claim(come["open"] == sent["open"] > 500, "no allowed connection is refused", [sent["open"], come["open"]])
    report.claim(come["shut"] == 0 and sent["shut"] > 500, "no forbidden packet passes", come["shut"])
    report.claim(fallen == 0, "counters count on", fallen)
    report.claim("192.0.2.77" in lab.listing(f"set inet flywall {guests[1]}"), "elements of others stay")
    listing = comparable(lab.sh("router", "nft -s list table inet flywall").stdout)
    afresh = as_loaded_afresh(lab, changer.known.read_text())
    report.claim(dynamic_left_out(listing) == dynamic_left_out(afresh), "what stands is what a fresh load gives",
                 sorted(dynamic_left_out(listing) ^ dynamic_left_out(afresh))[:4] or None)


def requests(lab: Lab, changer: Changer, ruleset: str) -> list[str]:
    """The kinds of messages that the engine sends to nf_tables when that is wanted."""
    trace, wanted = lab.folder / "trace", lab.folder / "wanted.nft"
    wanted.write_text(ruleset)
    lab.sh("router", f"strace -f -e trace=sendto,sendmsg -o {trace} {program(lab.programs, 'change-text')} "
                     f"{wanted} {changer.known} {changer.token}")
    return re.findall(r"(?:nlmsg_type|type)=NFNL_SUBSYS_NFTABLES<<8\|(NFT_MSG_\w+)", trace.read_text())


def check_nothing(lab: Lab, report: Report, changer: Changer) -> None:
    ruleset = changer.ruleset(START.hcl())
    changer.load(ruleset)
    asked = requests(lab, changer, ruleset)
    report.claim(asked and set(asked) == {"NFT_MSG_GETGEN"}, "where nothing changes, nothing is written",
                 sorted(set(asked)))
    lab.nft("add table ip other\n")
    asked = requests(lab, changer, ruleset)
    report.claim(asked and all(kind.startswith("NFT_MSG_GET") for kind in asked),
                 "nor where another table has changed", sorted(set(asked)))
    asked = requests(lab, changer, ruleset)
    report.claim(set(asked) == {"NFT_MSG_GETGEN"}, "and then that is known", sorted(set(asked)))
    asked = requests(lab, changer, ruleset.replace('iifname "lo" accept', 'iifname "lo" counter accept', 1))
    report.claim("NFT_MSG_NEWRULE" in asked, "a change is seen this way", sorted(set(asked)))
    report.claim(not changer.load(ruleset) and "counter accept" not in lab.sh("router", "nft -s list ruleset").stdout,
                 "and found where it was not noted which ruleset it was")
    lab.nft("delete table ip other\n")


def plan(lab: Lab, changer: Changer, ruleset: str, *known: str) -> str:
    wanted = lab.folder / "wanted.nft"
    wanted.write_text(ruleset)
    return lab.sh("router", " ".join((program(lab.programs, "change-text"), "--print", str(wanted), *known))).stdout


def check_drift(lab: Lab, report: Report, changer: Changer) -> None:
    """Somebody else's changes go, and what they have not touched is not touched."""
    changer.load(changer.ruleset(START.hcl()))
    wanted = changer.known.read_text()
    afresh = as_loaded_afresh(lab, wanted)
    large = re.search(r"set (set4_blocked_\w+)", wanted)
    assert large
    drifts = {
        "a rule too many": "insert rule inet flywall fw_fwd counter accept",
        "a rule too few": "flush chain inet flywall fw_in",
        "another policy": "chain inet flywall fw_in { policy accept; }",
        "an element too many": f"add element inet flywall {large[1]} {{ 192.0.2.1 }}",
        "an element too few": f"delete element inet flywall {large[1]} {{ 198.18.0.0 }}",
        "a chain too many": "add chain inet flywall strange { type filter hook input priority 5; }",
        "a set that is used": "add set inet flywall strange { type ipv4_addr; }\n"
                              "add rule inet flywall fw_in ip saddr @strange accept",
        "no table": "delete table inet flywall",
    }
    known = str(changer.known), str(changer.token)
    for drift, command in drifts.items():
        for way, remembers in (("known", True), ("forgotten", False)):
            lab.nft(command + "\n")
            batch = plan(lab, changer, wanted, *(known if remembers else ()))
            if not remembers:
                changer.token.write_text("")
            said = changer.load(wanted)
            stands = comparable(lab.sh("router", "nft -s list table inet flywall").stdout)
            report.claim(not said and dynamic_left_out(stands) == dynamic_left_out(afresh),
                         f"{drift} ({way}): is put right", said or None)
            report.claim(drift == "no table" or batch.count("chain ") < 8,
                         f"{drift} ({way}): and nothing else is touched", batch.count("chain "))
    report.claim(not changer.load(wanted), "and nothing is left to do")


def load_late(lab: Lab, changer: Changer, ruleset: str, meddle: Callable[[], bool]) -> str:
    """Loads a ruleset while each of the engine's messages takes its time, and somebody else is faster: `meddle` is
    called from when the change is in force until it gives false."""
    wanted = lab.folder / "wanted.nft"
    wanted.write_text(ruleset)
    output = lab.folder / "late"
    process = lab.start("router", "strace", "-o", "/dev/null", "-e", "trace=sendmsg", "-e",
                        "inject=sendmsg:delay_exit=400000", program(lab.programs, "change-text"), str(wanted),
                        str(changer.known), str(changer.token), output=output)
    wait_for(lambda: "counter accept" in lab.sh("router", "nft -s list chain inet flywall fw_in").stdout, 20)
    while process.poll() is None and meddle():
        time.sleep(0.02)
    process.wait(60)
    return f"status {process.returncode}: {output.read_text()}"


MEDDLING = "add rule inet flywall fw_in counter drop\n"


def check_crossed(lab: Lab, report: Report, changer: Changer) -> None:
    """Somebody else's change between ours and the look at it goes, as it does between two changes."""
    changer.load(changer.ruleset(START.hcl()))
    ruleset = changer.known.read_text().replace('iifname "lo" accept', 'iifname "lo" counter accept', 1)

    def meddle() -> bool:
        lab.nft(MEDDLING)
        return False

    said = load_late(lab, changer, ruleset, meddle)
    stands = comparable(lab.sh("router", "nft -s list table inet flywall").stdout)
    report.claim("status 0" in said and dynamic_left_out(stands) == dynamic_left_out(as_loaded_afresh(lab, ruleset)),
                 "what somebody else changes meanwhile is put right", said)


def check_undone(lab: Lab, report: Report, changer: Changer) -> None:
    """The kernel never has what was meant: the former state comes back."""
    changer.token.write_text("")
    changer.load(changer.ruleset(START.hcl()))
    former = changer.known.read_text()
    before = comparable(lab.sh("router", "nft -s list table inet flywall").stdout)
    ruleset = former.replace('iifname "lo" accept', 'iifname "lo" counter accept', 1)

    def meddle() -> bool:
        listing = lab.sh("router", "nft -s list chain inet flywall fw_in").stdout
        if "counter accept" in listing and "counter drop" not in listing:
            lab.nft(MEDDLING)
        return True

    said = load_late(lab, changer, ruleset, meddle)
    report.claim("status 2" in said and "another program changes" in said,
                 "somebody who never stops is an error that says so", said)
    stands = comparable(lab.sh("router", "nft -s list table inet flywall").stdout)
    report.claim(dynamic_left_out(stands) == dynamic_left_out(before), "and the former state is back",
                 sorted(dynamic_left_out(stands) ^ dynamic_left_out(before)) or None)
    report.claim(not changer.load(ruleset), "the change can be made again")


def check_refused(lab: Lab, report: Report, changer: Changer) -> None:
    changer.load(changer.ruleset(START.hcl()))
    before = lab.sh("router", "nft -s list table inet flywall").stdout
    ruleset = changer.known.read_text().replace('iifname "lo" accept', 'iifname "lo" jump nowhere', 1)
    line = 1 + ruleset[:ruleset.index("jump nowhere")].count("\n")
    said = changer.load(ruleset)
    report.claim(said.startswith("status 1"), "a refusal is one", said)
    report.claim(f":{line}:" in said, "its line is the ruleset's", said)
    report.claim(lab.sh("router", "nft -s list table inet flywall").stdout == before, "and nothing has changed")
    ranges = "\tset ranges {\n\t\ttype ipv4_addr\n\t\tflags interval\n\t\telements = { 192.0.2.0/24 }\n\t}\n\n"
    changer.change(START.hcl())
    before = lab.sh("router", "nft -s list table inet flywall").stdout
    said = changer.load(ruleset.replace("\tchain ", ranges + "\tchain ", 1))
    report.claim("add rule" in said and said.startswith("status 1") and f":{line + ranges.count(chr(10))}:" in said,
                 "nor where a set had to be there ahead of the rest", said)
    report.claim(lab.sh("router", "nft -s list table inet flywall").stdout == before, "which is gone again")


def check_blind(lab: Lab, report: Report, changer: Changer) -> None:
    """Where no namespace can be made to try a ruleset in, it is loaded all the same, and its rules are counted."""
    lab.nft("delete table inet flywall\n")
    changer.token.write_text("")
    changer.prefix = "setpriv --bounding-set -sys_admin --inh-caps -sys_admin"
    for title, config in (("first", START), ("another", OTHER), ("the former", START)):
        said = changer.change(config.hcl())
        report.claim(not said, f"without CAP_SYS_ADMIN {title} configuration is loaded", said or None)
    lab.nft("add rule inet flywall fw_in counter drop\n")
    for way in ("known", "forgotten"):
        said = changer.load(changer.known.read_text())
        stands = comparable(lab.sh("router", "nft -s list table inet flywall").stdout)
        report.claim(not said and stands == as_loaded_afresh(lab, changer.known.read_text()),
                     f"and drift is put right ({way})", said or None)
        changer.token.write_text("")
    changer.prefix = ""


def main() -> None:
    lab = open_lab(__doc__ or "")
    report = Report()
    changer = Changer(lab)
    program(lab.programs, "change-text")
    need_programs("strace", "setpriv")
    check_changes(lab, report, changer)
    check_nothing(lab, report, changer)
    check_drift(lab, report, changer)
    check_crossed(lab, report, changer)
    check_undone(lab, report, changer)
    check_refused(lab, report, changer)
    check_blind(lab, report, changer)
    report.finish()


main()

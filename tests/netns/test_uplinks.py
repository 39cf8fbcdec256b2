#!/usr/bin/python3
"""Two ways out: a connection stays on the one that it began on, whichever way the main table leads.

    far 192.0.2.80  2001:db8:f::80 --+-- wan 203.0.113.2   2001:db8:1::2 ---- eth0  203.0.113.1   2001:db8:1::1
                                     +-- isp 198.51.100.2  2001:db8:2::2 ---- eth3  198.51.100.1  2001:db8:2::1

Like any provider, wan and isp let only their own addresses come from the router: what leaves by the wrong
one is lost. The main table leads to far by wan.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
import socket
import threading
from collections import Counter

from lab import FAMILIES, Lab, Report, alive, close, open_lab, program, run, wait_for

FAR = {4: "192.0.2.80", 6: "2001:db8:f::80"}
OWN = {"wan": {4: "203.0.113.1", 6: "2001:db8:1::1"}, "isp": {4: "198.51.100.1", 6: "2001:db8:2::1"}}
ECHO, SEEN, SHELL, WEB = 8000, 7000, 22, 80
UPLINK = 0xf000

ZONES = """
zone "wan" { interface = "eth0" }
zone "isp" { interface = "eth3" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "*" "*" { action = "accept" }
policy "*" "self" { action = "accept" }
nat "out" {
  type          = "masquerade"
  out_interface = ["eth0", "eth3"]
}
nat "web" {
  type         = "dnat"
  in_interface = ["eth0", "eth3"]
  proto        = "tcp"
  dest_port    = 8080
  to_ip        = ["10.0.2.2", "2001:db8:d::2"]
  to_port      = 80
}
"""


def uplinks(wan: str = "", isp: str = "", group: str = "") -> str:
    return f"""
uplink_group "internet" {{
  from = "lan"
  {group}
  uplink "wan" {{
    interface = "eth0"
    gateway   = ["203.0.113.2", "2001:db8:1::2"]
    {wan}
  }}
  uplink "isp" {{
    interface = "eth3"
    gateway   = ["198.51.100.2", "2001:db8:2::2"]
    {isp}
  }}
}}
"""


def build(lab: Lab) -> None:
    lab.connect_hosts("router", "eth3", "isp", "eth0")
    lab.add_address("router", "eth3", "198.51.100.1/24", "2001:db8:2::1/64")
    lab.add_address("isp", "eth0", "198.51.100.2/24", "2001:db8:2::2/64")
    lab.sh("router", "ip route add default via 203.0.113.2; ip -6 route add default via 2001:db8:1::2")
    lab.add_address("far", "lo", f"{FAR[4]}/32", f"{FAR[6]}/128")
    for number, (host, net4, net6) in enumerate((("wan", "203.0.113.0/24", "2001:db8:1::/64"),
                                                 ("isp", "198.51.100.0/24", "2001:db8:2::/64"))):
        lab.connect_hosts("far", f"eth{number}", host, "eth1")
        lab.add_address("far", f"eth{number}", f"172.16.{number}.2/24", f"fd00:{number}::2/64")
        lab.add_address(host, "eth1", f"172.16.{number}.1/24", f"fd00:{number}::1/64")
        lab.sh("far", f"ip route add {net4} via 172.16.{number}.1 src {FAR[4]}; "
                      f"ip -6 route add {net6} via fd00:{number}::1 src {FAR[6]}")
        lab.sh(host, f"ip route del default; ip -6 route del default; sysctl -qw net.ipv4.ip_forward=1 "
                     f"net.ipv6.conf.all.forwarding=1; ip route add {FAR[4]} via 172.16.{number}.2; "
                     f"ip -6 route add {FAR[6]} via fd00:{number}::2", check=False)
        lab.nft(f"""table inet provider {{ chain pre {{ type filter hook prerouting priority 0;
            iifname "eth0" ip saddr != {net4} drop
            iifname "eth0" ip6 saddr != {{ {net6}, fe80::/10 }} drop
            }}
            }}""", host)


class Watcher:
    """far's server that tells clients what it saw of them."""

    def __init__(self, lab: Lab) -> None:
        for family in FAMILIES:
            self.open(lab, "far", FAR[family])

    @classmethod
    def open(cls, lab: Lab, host: str, address: str) -> socket.socket:
        server = lab.open_socket(host, 6 if ":" in address else 4, socket.SOCK_DGRAM)
        server.bind((address, SEEN))
        threading.Thread(target=cls.serve, args=(server,), daemon=True).start()
        return server

    @staticmethod
    def serve(server: socket.socket) -> None:
        while True:
            with contextlib.suppress(OSError):
                _, peer = server.recvfrom(64)
                server.sendto(peer[0].encode(), peer)


def way_of(address: str, family: int) -> str:
    return next((name for name, own in OWN.items() if own[family] == address), address)


def ask(lab: Lab, host: str, family: int, flows: int, packets: int = 1,
        source: str | None = None) -> list[set[str]]:
    """The ways that each flow's packets took; "lost" where no answer came."""
    clients = []
    for _ in range(flows):
        client = lab.open_socket(host, family, socket.SOCK_DGRAM)
        client.settimeout(0.5)
        if source:
            client.bind((source, 0))
        client.connect((FAR[family], SEEN))
        clients.append(client)
    seen: list[set[str]] = [set() for _ in clients]
    for _ in range(packets):
        for client, ways in zip(clients, seen):
            try:
                client.send(b"hello")
                ways.add(way_of(client.recv(64).decode(), family))
            except OSError:
                ways.add("lost")
    close(clients)
    return seen


def spread(seen: list[set[str]]) -> Counter[str]:
    return Counter("+".join(sorted(ways)) for ways in seen)


# Connections from inside


def check_shares(lab: Lab, report: Report, family: int) -> None:
    lab.start_afresh(ZONES + uplinks("weight = 3", "weight = 1"))
    found = spread(ask(lab, "lan", family, 24, packets=4))
    report.claim(found == {"wan": 18, "isp": 6},
                 f"IPv{family} dealt out three to one, and each stays where it is", dict(found))
    numbers = Counter((flow.mark & UPLINK) >> 12 for flow in lab.flows(f"dport={SEEN}", family=family))
    report.claim(numbers == {1: 18, 2: 6}, f"IPv{family} the uplink is in the connection's mark", dict(numbers))
    held = [connection for _ in range(4) if (connection := lab.connect("lan", FAR[family], ECHO))]
    report.claim(len(held) == 4 and all(alive(one) for one in held for _ in range(3)), f"IPv{family} TCP too")
    close(held)
    found = spread(ask(lab, "dmz", family, 6))
    report.claim("isp" not in found, f"IPv{family} a zone that the group is not for takes the main table's way",
                 dict(found))
    report.claim(lab.ping("lan", lab.address("dmz", family)), f"IPv{family} inside, nothing is dealt out")


def check_sources(lab: Lab, report: Report, family: int) -> None:
    lab.start_afresh(ZONES + uplinks(group='balance = "source"'))
    addresses = [lab.address("lan", family, str(last)) for last in range(40, 52)]
    ways = [set().union(*ask(lab, "lan", family, 3, source=address)) for address in addresses]
    report.claim(all(len(way) == 1 for way in ways) and set().union(*ways) == {"wan", "isp"},
                 f"IPv{family} by source: each keeps its uplink, and both are used", ways)


def check_tiers(lab: Lab, report: Report, family: int) -> None:
    for what, wan, isp, want in (("the lowest tier carries all", "tier = 2", "tier = 1", "isp"),
                                 ("one that is disabled carries nothing", "enabled = false", "", "isp"),
                                 ("nor does one without weight", "", "weight = 0", "wan")):
        lab.start_afresh(ZONES + uplinks(wan, isp))
        found = spread(ask(lab, "lan", family, 6, packets=2))
        report.claim(found == {want: 6}, f"IPv{family} {what}", dict(found))


def check_change(lab: Lab, report: Report, family: int) -> None:
    """An uplink that is no longer dealt out keeps the connections that it has."""
    lab.start_afresh(ZONES + uplinks("tier = 1", "tier = 2"))
    with lab.open_socket("lan", family, socket.SOCK_DGRAM) as client:
        client.settimeout(0.5)
        client.connect((FAR[family], SEEN))
        ways = []
        for config in (None, uplinks("tier = 2", "tier = 1")):
            if config:
                lab.must_apply(ZONES + config)
            client.send(b"hello")
            with contextlib.suppress(OSError):
                ways.append(way_of(client.recv(64).decode(), family))
    found = spread(ask(lab, "lan", family, 4))
    report.claim(ways == ["wan", "wan"] and found == {"isp": 4},
                 f"IPv{family} tiers change: old connections stay, new ones follow", (ways, dict(found)))


def check_order(lab: Lab, report: Report, family: int) -> None:
    """A connection goes by its uplink's number; where that follows the order, another order is warned of."""
    for isp, want in (("tier = 1", ["isp", "lost"]), ("tier = 1\n    mark = 2", ["isp", "isp"])):
        before = uplinks("tier = 2", isp)
        lab.start_afresh(ZONES + before)
        # Without its first uplink.
        after = before[:before.index('  uplink "wan"')] + before[before.index('  uplink "isp"'):]
        with lab.open_socket("lan", family, socket.SOCK_DGRAM) as client:
            client.settimeout(0.5)
            client.connect((FAR[family], SEEN))
            client.send(b"hello")
            ways = [way_of(client.recv(64).decode(), family)]
            done = lab.apply(ZONES + after)
            client.send(b"hello")
            with contextlib.suppress(OSError):
                ways.append(way_of(client.recv(64).decode(), family))
        ways += ["lost"] * (2 - len(ways))
        report.claim(done.returncode == 0 and ways == want, f"IPv{family} the way of a connection: {want}", ways)
        report.claim(("connections that leave by eth3 lose their way" in done.stderr) == ("lost" in want),
                     f"IPv{family} it is said where it is lost", done.stderr)


def check_own(lab: Lab, report: Report, family: int) -> None:
    """What this machine begins."""
    for local, want in (("true", {"wan": 4, "isp": 4}), ("false", {"wan": 8})):
        lab.start_afresh(ZONES + uplinks(group=f"local = {local}"))
        found = spread(ask(lab, "router", family, 8, packets=3))
        report.claim(found == want, f"IPv{family} this machine's own, local = {local}", dict(found))
    lab.start_afresh(ZONES + uplinks().replace('"lan"', '"self"'))
    found = spread(ask(lab, "router", family, 4)), spread(ask(lab, "lan", family, 4))
    report.claim(found == ({"wan": 2, "isp": 2}, {"wan": 4}), f"IPv{family} this machine as the only zone", found)


# The host at the far end of dmz: the main table leads to it by another router.
INNER = {4: "10.50.0.9", 6: "2001:db8:50::9"}
RESOLVER = """
nat "names" {
  type      = "dnat"
  from      = "FROM"
  proto     = "udp"
  dest_port = 7000
  to_ip     = ["10.50.0.9", "2001:db8:50::9"]
}
"""


def check_translated(lab: Lab, report: Report, family: int) -> None:
    """Where packets go is decided on when it is known what they are translated to."""
    length, option = (32, "") if family == 4 else (128, "-6")
    lab.sh("dmz", f"ip addr add {INNER[family]}/{length} dev lo nodad")
    lab.sh("router", f"ip {option} route add {INNER[family]}/{length} via {lab.address('dmz', family)}")
    with Watcher.open(lab, "dmz", INNER[family]):
        for host, zone in (("lan", "lan"), ("router", "self")):
            lab.start_afresh(ZONES + uplinks(group="local = true") + RESOLVER.replace("FROM", zone))
            found = spread(ask(lab, host, family, 4, packets=2))
            report.claim("lost" not in found and found.total() == 4,
                         f"IPv{family} what {host} asks for is translated to a host behind another router", found)
            flows = lab.flows(f"src={INNER[family]}", family=family)
            report.claim(len(flows) == 4 and not any(flow.mark & UPLINK for flow in flows),
                         f"IPv{family} and has no uplink", [flow.text for flow in flows])
    lab.sh("router", f"ip {option} route del {INNER[family]}/{length}")
    lab.sh("dmz", f"ip addr del {INNER[family]}/{length} dev lo")


def check_own_policies(lab: Lab, report: Report, family: int) -> None:
    """A connection that this machine begins is judged by the zone that its uplink leads to."""
    rest = ZONES.replace('policy "*" "*" ', 'policy "lan" "wan" ')
    wan, isp = 'policy "self" "wan" { action = "accept" }\n', 'policy "self" "isp" { action = "accept" }\n'
    for zones, what in ((rest, "by interfaces"),
                        (rest + 'zone "one" {\n  networks = ["10.9.9.9/32"]\n}\n', "by the mark")):
        for policies, want in ((wan, {"wan": 4, "lost": 4}), (isp, {"isp": 4, "lost": 4}),
                               (wan + isp, {"wan": 4, "isp": 4})):
            lab.start_afresh(zones + policies + uplinks(group="local = true"))
            found = spread(ask(lab, "router", family, 8))
            report.claim(found == want, f"IPv{family} zones {what}: this machine's own, by their policies", dict(found))
        zones_of = {(flow.mark & UPLINK, flow.mark >> 16) for flow in lab.flows(f"dport={SEEN}", family=family)}
        report.claim(zones_of == {(0x1000, 1), (0x2000, 2)}, f"IPv{family} zones {what}: which are in the mark",
                     zones_of)


# Connections from outside


def check_inbound(lab: Lab, report: Report, family: int) -> None:
    lab.start_afresh(ZONES + uplinks())
    for host in ("wan", "isp"):
        to = OWN[host][family]
        for client in (host, "far"):
            for what, port in (("this machine", SHELL), ("behind it", 8080)):
                held = [one for one in (lab.connect(client, to, port),) if one]
                report.claim(held and all(alive(held[0]) for _ in range(3)),
                             f"IPv{family} {client} by {host} to {what}")
                close(held)
        report.claim(lab.ping("far", to), f"IPv{family} pings by {host}")
    numbers = {flow.mark & UPLINK for flow in lab.flows(f"dst={OWN['isp'][family]}", family=family)}
    report.claim(numbers == {0x2000}, f"IPv{family} the mark of what came in by isp", [hex(n) for n in numbers])


def check_no_default(lab: Lab, report: Report, family: int) -> None:
    """The main table leads to the networks at hand alone."""
    option = "" if family == 4 else "-6"
    via = {4: "203.0.113.2", 6: "2001:db8:1::2"}[family]
    lab.start_afresh(ZONES + uplinks("tier = 2", "tier = 1"))
    lab.sh("router", f"ip {option} route del default")
    for host, want, what in (("lan", {"isp": 4}, "carries connections"),
                             ("router", {"isp": 4}, "carries this machine's own"),
                             ("dmz", {"lost": 4}, "carries nothing of zones that the group is not for")):
        found = spread(ask(lab, host, family, 4, packets=2))
        report.claim(found == want, f"IPv{family} without a default route, the lowest tier {what}", dict(found))
    for host in ("wan", "isp"):
        for port in (SHELL, 8080):
            held = [one for one in (lab.connect("far", OWN[host][family], port),) if one]
            report.claim(held and alive(held[0]), f"IPv{family} and what came in by {host} is answered, port {port}")
            close(held)
    lab.sh("router", f"ip {option} route add unreachable default")
    found = spread(ask(lab, "lan", family, 4))
    report.claim(found == {"lost": 4}, f"IPv{family} what the main table calls unreachable is that", dict(found))
    lab.sh("router", f"ip {option} route del unreachable default; ip {option} route add default via {via}")


def check_errors(lab: Lab, report: Report, family: int) -> None:
    """What this machine tells a host behind another router of its connection does not leave by the uplink."""
    inner = {4: "10.0.77.7", 6: "2001:db8:77::7"}[family]
    length, option = (32, "") if family == 4 else (128, "-6")
    via = lab.address("lan", family)
    lab.sh("lan", f"ip addr add {inner}/{length} dev lo nodad")
    lab.sh("router", f"ip {option} route add {inner}/{length} via {via}")
    lab.start_afresh(ZONES + uplinks())
    with lab.open_socket("lan", family, socket.SOCK_DGRAM) as client:
        client.bind((inner, 0))
        level, ttl, errors = ((socket.IPPROTO_IP, socket.IP_TTL, 11) if family == 4 else
                              (socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, 25))
        client.setsockopt(level, ttl, 1)
        client.setsockopt(level, errors, 1)  # IP_RECVERR, IPV6_RECVERR
        client.settimeout(0.5)
        heard = False
        with contextlib.suppress(OSError):
            client.sendto(b"hello", (FAR[family], SEEN))
            client.recv(64)
        with contextlib.suppress(OSError):
            heard = bool(client.recvmsg(64, 512, socket.MSG_ERRQUEUE | socket.MSG_DONTWAIT)[1])
    report.claim(heard, f"IPv{family} an ICMP error finds its way inside")
    lab.sh("router", f"ip {option} route del {inner}/{length}")


def check_spoofing(lab: Lab, report: Report, family: int) -> None:
    """A source whose way back is another uplink is none that is forged."""
    lab.start_afresh(ZONES + uplinks() + "protection \"all\" { anti_spoofing = true }\n")
    held = [one for one in (lab.connect("far", OWN["isp"][family], SHELL),) if one]
    report.claim(held and alive(held[0]), f"IPv{family} with anti-spoofing, far is answered by isp")
    close(held)
    before = lab.counter("spoofed_isp")
    forged = {4: "10.0.2.99", 6: "2001:db8:d::99"}[family]
    lan = lab.address("lan", family)
    lab.sh("isp", f"ip addr add {forged}/{32 if family == 4 else 128} dev lo nodad; "
                  f"ip route add {lan} via {OWN['isp'][family]}")
    lab.udp("isp", lan, ECHO, forged)
    report.claim(lab.counter("spoofed_isp") == before + 1, f"IPv{family} an inside source from isp is forged")


def check_user_marks(lab: Lab, report: Report, family: int) -> None:
    """Marks of the user share the packet's mark with the uplink."""
    lab.start_afresh(ZONES + uplinks("tier = 1", "tier = 0") + """
mark_rule "all" {
  proto    = "udp"
  set_mark = 7
}
mark_rule "back" { restore = true }
""")
    found = spread(ask(lab, "lan", family, 4, packets=3))
    marks = {flow.mark & 0xffff for flow in lab.flows(f"dport={SEEN}", family=family)}
    report.claim(found == {"isp": 4} and marks == {0x2007}, f"IPv{family} beside a mark of the user's",
                 (dict(found), [hex(mark) for mark in marks]))


# Routing rules and tables


def rules(lab: Lab, protocol: str = "117") -> list[str]:
    return [f"{family}: {' '.join(line.split())}" for family in FAMILIES
            for line in lab.sh("router", f"ip -{family} -N rule show").stdout.splitlines()
            if line.split()[-2:] == ["proto", protocol]]


def routes(lab: Lab, what: str = "table all proto 117") -> list[str]:
    return [f"{family}: {' '.join(line.split())}" for family in FAMILIES
            for line in lab.sh("router", f"ip -{family} -N route show {what}").stdout.splitlines()]


def everything(lab: Lab) -> tuple[list[str], ...]:
    return rules(lab), sorted(routes(lab)), sorted(routes(lab, "table main"))


GATEWAYS = {1: ("203.0.113.2 dev eth0", "2001:db8:1::2 dev eth0"),
            2: ("198.51.100.2 dev eth3", "2001:db8:2::2 dev eth3")}
CONNECTED = ("203.0.113.0/24 dev eth0", "10.0.1.0/24 dev eth1", "10.0.2.0/24 dev eth2", "198.51.100.0/24 dev eth3",
             "2001:db8:1::/64 dev eth0", "2001:db8:a::/64 dev eth1", "2001:db8:d::/64 dev eth2",
             "2001:db8:2::/64 dev eth3")
# A table of flywall's name that belongs to a program that runs: nobody else may change it.
OWNED = "mkfifo owned; exec 3<>owned; echo 'add table inet flywall { flags owner; }' >&3; exec nft -i <&3"
OTHERS = """ip rule add pref 1001 fwmark 0x1000/0xf000 lookup 701 proto static
ip rule add pref 500 from 10.9.9.9 lookup 77
ip route add 10.88.0.0/16 via 10.0.1.2 table 702
ip route add 10.99.0.0/16 via 10.0.1.2 table 77"""


def others(lab: Lab) -> str:
    return lab.sh("router", "ip rule show; ip route show table 77; ip route show table 702").stdout


def check_contents(lab: Lab, report: Report) -> None:
    want = [f"{family}: {rule} lookup {700 + number} proto 117" for family in FAMILIES for rule, number in
            [(f"{1000 + number}: from all fwmark {number << 12:#x}/0xf000", number) for number in GATEWAYS] +
            [(f"{32799 + number}: from all iif lo", number) for number in GATEWAYS]]
    report.claim(rules(lab) == want, "rules for each uplink and family", rules(lab))
    found = routes(lab)
    for number, ways in GATEWAYS.items():
        table = f"table {700 + number}"
        for family, way in zip(FAMILIES, ways):
            report.claim(any(line.startswith(f"{family}: default via {way} {table}") for line in found),
                         f"IPv{family} the default route of {table}")
        missing = [text for text in CONNECTED if not any(f"{text} {table}" in line for line in found)]
        report.claim(not missing, f"the networks at hand are in {table}", missing)


def check_tables(lab: Lab, report: Report) -> None:
    config = ZONES + uplinks()
    lab.sh("router", "nft flush ruleset")
    lab.must_apply(ZONES)
    lab.sh("router", OTHERS)
    before, foreign = everything(lab), others(lab)
    report.claim(before[0] == [] and before[1] == [], "without uplinks there is none of ours", before[:2])
    lab.must_apply(config)
    check_contents(lab, report)
    after = everything(lab)
    done = lab.apply(config, "--dry-run")
    report.claim(done.returncode == 0 and " ip " not in done.stdout, "applied again, nothing is to change",
                 done.stdout)
    lab.must_apply(config)
    report.claim(everything(lab) == after, "and nothing changes")
    lab.must_apply(ZONES + uplinks(isp="table = 790"))
    left = [line for line in rules(lab) + routes(lab) if "702" in line]
    report.claim(not left and any("lookup 790" in line for line in rules(lab)), "another table: the old one is empty",
                 left)
    lab.must_apply(ZONES)
    report.claim(everything(lab) == before, "no uplinks: all is as it was", everything(lab)[:2])
    report.claim(others(lab) == foreign, "rules and routes of others are left alone")
    lab.sh("router", "ip rule del pref 1001 proto static; ip rule del pref 500; ip route flush table 77; "
                     "ip route flush table 702")


def check_same_route(lab: Lab, report: Report) -> None:
    """Somebody else's route that is just like ours: it is used, and stays theirs."""
    lab.sh("router", "ip -6 route add default via 2001:db8:1::2 table 701 proto static; "
                     "ip route add default via 203.0.113.2 table 701 proto static")
    before = routes(lab, "table 701")
    done = lab.apply(ZONES + uplinks())
    report.claim(done.returncode == 0 and spread(ask(lab, "lan", 6, 4)) == {"wan": 2, "isp": 2},
                 "a route like ours is no obstacle", done.stderr)
    lab.must_apply(ZONES)
    report.claim(routes(lab, "table 701") == before, "and stays", routes(lab, "table 701"))
    lab.sh("router", "ip -6 route flush table 701; ip route flush table 701")


def check_gateway_change(lab: Lab, report: Report) -> None:
    lab.must_apply(ZONES + uplinks())
    other = uplinks().replace("198.51.100.2", "198.51.100.7").replace("2001:db8:2::2", "2001:db8:2::7")
    lab.must_apply(ZONES + other)
    found = [line for line in routes(lab, "table 702") if "default" in line or "nexthop" in line]
    report.claim(len(found) == 2 and "via 198.51.100.7 " in found[0] and "via 2001:db8:2::7 " in found[1],
                 "another gateway takes the place of the old one", found)


def check_rollback(lab: Lab, report: Report) -> None:
    """A ruleset that the kernel refuses leaves no rule behind, and takes none away."""
    for before in (ZONES, ZONES + uplinks(isp="table = 750")):
        lab.sh("router", "nft flush ruleset")
        lab.must_apply(before)
        old = everything(lab), lab.sysctl("net.ipv4.conf.all.src_valid_mark")
        lab.nft("delete table inet flywall\n")
        owner = lab.start("router", "sh", "-c", OWNED)
        wait_for(lambda: "flags owner" in lab.listing("ruleset"))
        done = lab.apply(ZONES + uplinks())
        lab.stop(owner)
        lab.sh("router", f"rm {lab.folder}/owned")
        report.claim(done.returncode == 3, "a ruleset that the kernel refuses", done.stderr.splitlines()[:2])
        now = everything(lab), lab.sysctl("net.ipv4.conf.all.src_valid_mark")
        report.claim(now == old, "routing is as it was", now[0][:1])
    lab.sh("router", "nft flush ruleset")
    lab.must_apply(ZONES)


def check_absent(lab: Lab, report: Report) -> None:
    """Interfaces come and go; what is not there yet is no reason to refuse the rest."""
    absent = uplinks().replace('"eth3"', '"ppp7"')
    done = lab.apply(ZONES + absent)
    report.claim(done.returncode == 0 and "ppp7" in done.stderr and "test.hcl:" in done.stderr,
                 "an interface that is not there: a warning", done.stderr.splitlines()[:1])
    report.claim(any("table 701" in line for line in routes(lab)), "the other uplink is there")
    for what, down, up in (
            ("is down", "ip link set eth3 down", "ip link set eth3 up"),
            ("has no address yet", "ip addr flush dev eth3", "true")):
        lab.must_apply(ZONES)
        lab.sh("router", down)
        done = lab.apply(ZONES + uplinks())
        report.claim(done.returncode == 0 and "eth3" in done.stderr and "test.hcl:" in done.stderr,
                     f"an interface that {what}: a warning", done.stderr.splitlines()[:2])
        report.claim(any("table 701" in line for line in routes(lab)), "the other uplink is there")
        lab.sh("router", up)
        # What an interface loses when it goes.
        lab.sh("router", "ip addr replace 198.51.100.1/24 dev eth3; "
                         "ip -6 addr replace 2001:db8:2::1/64 dev eth3 nodad")
        lab.must_apply(ZONES + uplinks())
        report.claim(any("default via 198.51.100.2 dev eth3 table 702" in line for line in routes(lab)),
                     "applied again once it works")


def check_commands(lab: Lab, report: Report) -> None:
    """flywall-compile --emit=ip says what flywall-apply does."""
    lab.must_apply(ZONES + uplinks())
    applied = everything(lab)
    lab.must_apply(ZONES)
    config = lab.folder / "test.hcl"
    config.write_text(ZONES + uplinks())
    commands = run([program(lab.programs, "flywall-compile"), "--emit=ip", str(config)]).stdout
    done = lab.sh("router", commands, check=False)
    report.claim(done.returncode == 0, "the commands run", done.stderr)

    def kinds(lines: list[str]) -> list[str]:
        """Without who made them, and what the kernel adds by itself. Of networks that several links have,
        ip(8) keeps the last alone."""
        return sorted(re.sub(r" (proto|metric|scope|pref|src) \S+", "", line) for line in lines
                      if "fe80::" not in line)

    made = [line for table in (701, 702) for line in routes(lab, f"table {table}")]
    want = [re.sub(r" table \d+", "", line) for line in applied[1]]
    report.claim(kinds(made) == kinds(want), "the same routes", set(kinds(made)) ^ set(kinds(want)))
    found = [re.sub(r".*((fwmark|iif) \S+ lookup \d+).*", r"\1", line) for family in FAMILIES
             for line in lab.sh("router", f"ip -{family} rule show").stdout.splitlines() if "lookup 70" in line]
    report.claim(found == 2 * ["fwmark 0x1000/0xf000 lookup 701", "fwmark 0x2000/0xf000 lookup 702",
                               "iif lo lookup 701", "iif lo lookup 702"], "the same rules", found)
    for family in FAMILIES:
        lab.sh("router", "".join(f"ip -{family} rule del pref {pref}; " for pref in (1001, 1002, 32800, 32801)) +
                         f"ip -{family} route flush table 701; ip -{family} route flush table 702")


def main() -> None:
    lab = open_lab("Connections over several uplinks.", "isp", "far")
    build(lab)
    report = Report()
    Watcher(lab)
    lab.tcp_echo("far", ECHO)
    lab.tcp_echo("router", SHELL)
    lab.tcp_echo("dmz", WEB)
    for last in range(40, 52):
        lab.sh("lan", f"ip addr add {lab.address('lan', 4, str(last))}/24 dev eth0; "
                      f"ip addr add {lab.address('lan', 6, str(last))}/64 dev eth0 nodad preferred_lft 0")
    for family in FAMILIES:
        for check in (check_shares, check_sources, check_tiers, check_change, check_order, check_own, check_own_policies,
                      check_translated, check_inbound, check_no_default, check_errors, check_spoofing,
                      check_user_marks):
            check(lab, report, family)
    for check_routing in (check_tables, check_same_route, check_gateway_change, check_rollback, check_commands,
                          check_absent):
        check_routing(lab, report)
    report.finish()


main()

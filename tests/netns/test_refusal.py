#!/usr/bin/python3
"""What stands in the way of a ruleset: what somebody else has put into the table goes, and what the kernel refuses is
one error at the line of the configuration, after which everything is as it was."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from router import DONE, NO, REFUSED, Report, Router, need_programs, open_router, run

CONFIG = """
conntrack { helpers = { ftp = true } }
zone "wan" {
  interface = "eth0"
  conntrack { timeouts = { icmp = 9 } }
}
zone "lan" {
  interface = "eth1"
  conntrack {
    timeouts = { tcp = 99 }
    limits   = { new_per_second = 50 }
  }
}
ipset "blocked" {
  entries = ["192.0.2.1"]
  action  = "drop"
}
policy "lan" "wan" {
  rule "web" {
    proto      = "tcp"
    dest_ports = [80, 443]
    action     = "accept"
  }
}
"""

# What somebody else makes of names that the ruleset has: {NAME} is the one of it that begins with NAME.
IN_THE_WAY = {
    "a base chain of another hook": "chain fw_in { type filter hook forward priority 0; }",
    "a base chain of another priority and policy": "chain fw_in { type filter hook input priority 7; policy drop; }",
    "a chain in the place of a base chain": "chain fw_in { }\nchain x { jump fw_in; }",
    "a base chain in the place of a chain": "chain pair/lan/wan { type filter hook input priority 5; }",
    "a map that leads to a chain": "chain fw_in { }\nmap m { type ipv4_addr : verdict; "
                                   "elements = { 192.0.2.9 : jump fw_in }; }",
    "a set of another type, in use": "set {set4_blocked} { type inet_service; }\nchain x { tcp dport @{set4_blocked} drop; }",
    "a set in the place of a map, in use": "set {forward} { type ifname . ifname; }\n"
                                           "chain x { iifname . oifname @{forward} drop; }",
    "a limit with another rate, in use": "limit {rate_lan} { rate 1/second; }\nchain x { limit name {rate_lan} drop; }",
    "a limit that a map leads to": "limit {rate_lan} { rate 1/second; }\nmap m { type ipv4_addr : limit; "
                                   "elements = { 192.0.2.9 : \"{rate_lan}\" }; }",
    "a helper of another type, in use": 'ct helper {helper_ftp} { type "tftp" protocol udp; }\n'
                                        'chain x { ct helper set "{helper_ftp}"; }',
    "a timeout of another protocol, in use": "ct timeout {timeout_tcp_lan} { protocol udp; l3proto ip; "
                                             "policy = { unreplied : 9 }; }\nchain x { ct timeout set \"{timeout_tcp_lan}\"; }",
    "a timeout that only flywall-apply can make": "ct timeout {timeout_icmp_wan} { protocol tcp; l3proto ip; "
                                                  "policy = { established : 9 }; }",
    "a table that is switched off": "",
}


def names_of(router: Router) -> dict[str, str]:
    """The names in the ruleset by what they begin with."""
    emitted = run([str(Path(router.apply_path).parent / "flywall-compile"), router.write(CONFIG)], cwd=router.folder).stdout
    found = re.findall(r"(?:set|map|limit|ct helper|ct timeout|inet flywall) (\S+?)(?:_([0-9a-f]{8}))? \{", emitted)
    return {start: f"{start}_{end}" if end else start for start, end in found}


def listing(router: Router) -> list[str]:
    """What stands in the table, without the chain that names the generation, in the order of names."""
    text = re.sub(r"\n\tchain generation/\w+ \{\n\t\}\n", "", router.ruleset())
    return sorted(re.split(r"\n\t\}\n*", text))


def put_in_the_way(router: Router, text: str, names: dict[str, str]) -> None:
    for start, name in names.items():
        text = text.replace("{" + start + "}", name)
    flags = "" if text else "flags dormant;"
    router.inside("nft", "-f", "-", stdin=f"flush ruleset\ntable inet flywall {{\n{flags}\n{text}\n}}\n")


def check_in_the_way(report: Report, router: Router) -> None:
    router.apply(CONFIG)
    meant, names = listing(router), names_of(router)
    for title, text in IN_THE_WAY.items():
        put_in_the_way(router, text, names)
        done = router.apply(CONFIG)
        stands = listing(router)
        report.claim(done.returncode == DONE and stands == meant, f"{title}: goes",
                     done.stderr or [thing for thing in stands if thing not in meant][:3] or None)


def check_dormant(report: Report, router: Router) -> None:
    """A table that is switched off lets everything through: that is the worst drift of all."""
    router.apply(CONFIG)
    meant = router.ruleset()
    for words in (("status",), ("plan", router.write(CONFIG))):
        router.inside("nft", "add table inet flywall { flags dormant; }")
        done = router.flywall(*words)
        report.claim(done.returncode == NO and "flags dormant" in done.stdout, f"{words[0]} tells that the table is off",
                     done.stdout)
    done = router.apply(CONFIG)
    report.claim(done.returncode == DONE and router.ruleset() == meant, "apply switches it on again, and changes no more",
                 done.stderr or None)
    router.inside("nft", "add table inet flywall { flags dormant; }")
    done = router.apply(CONFIG.replace("443", "8443"))
    report.claim(done.returncode == DONE and "dormant" not in router.ruleset() and "8443" in router.ruleset(),
                 "also with a change", done.stderr or None)
    router.inside("nft", "add table inet flywall { flags dormant; }")
    done = router.flywall("rollback", "0")
    report.claim(done.returncode == DONE and "flywall" not in router.ruleset(), "and it can be taken away",
                 done.stderr or None)


def one_error(done: subprocess.CompletedProcess[str], *words: str) -> bool:
    return (done.returncode == REFUSED and done.stdout == "" and all(word in done.stderr for word in words) and
            len(re.findall(r"\berror: |^flywall-apply: ", done.stderr, re.MULTILINE)) == 1)


def check_refused(report: Report, title: str, router: Router, attempt: Callable[[], subprocess.CompletedProcess[str]],
                  *words: str) -> None:
    before = router.ruleset()
    done = attempt()
    report.claim(one_error(done, *words), f"{title}: one error says so", (done.returncode, done.stderr))
    report.claim(router.ruleset() == before, f"{title}: nothing has changed")


def check_held(report: Report, router: Router) -> None:
    """A map whose name nft cannot say holds what would have to be made anew."""
    limit = names_of(router)["rate_lan"]
    commands = [
        {"add": {"table": {"family": "inet", "name": "flywall"}}},
        {"add": {"limit": {"family": "inet", "table": "flywall", "name": limit, "rate": 1, "per": "second"}}},
        {"add": {"map": {"family": "inet", "table": "flywall", "name": "a b", "type": "ipv4_addr", "map": "limit"}}},
        {"add": {"element": {"family": "inet", "table": "flywall", "name": "a b", "elem": [["192.0.2.9", limit]]}}},
    ]
    router.inside("nft", "-j", "-f", "-", stdin=json.dumps({"nftables": commands}))
    check_refused(report, "something that is held by another program's map", router, lambda: router.apply(CONFIG),
                  "office.hcl:11:", "new_per_second", f": limit {limit} {{", "Device or resource busy", "help: ")
    report.claim(list(router.listed()) == [0], "and no generation is kept of it")


def check_used_timeout(report: Report, router: Router) -> None:
    """What flywall-apply makes ahead of the transaction cannot replace what is in use."""
    put_in_the_way(router, "ct timeout {timeout_icmp_wan} { protocol tcp; l3proto ip; policy = { established : 9 }; }\n"
                           'chain x { ct timeout set "{timeout_icmp_wan}"; }', names_of(router))
    check_refused(report, "a timeout of somebody else's, in use", router, lambda: router.apply(CONFIG),
                  "office.hcl:5:", "ct timeout inet flywall timeout_icmp_wan", "Device or resource busy", "help: ")


def check_owned(report: Report, router: Router) -> None:
    """A program that owns the table keeps everybody else out."""
    owner = subprocess.Popen(router.command("nft", "-i"), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL, text=True)
    assert owner.stdin
    owner.stdin.write("add table inet flywall { flags owner; }\n")
    owner.stdin.flush()
    for _ in range(100):
        if "flags owner" in router.ruleset():
            break
    check_refused(report, "a table that another program owns", router, lambda: router.apply(CONFIG),
                  "not permitted", "another program owns the table")
    owner.stdin.close()
    owner.wait(10)


def check_privileges(report: Report, router: Router) -> None:
    need_programs("setpriv")
    words = router.flywall_command(router.write(CONFIG))
    at = words.index(router.apply_path)
    bare = [*words[:at], "setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin", *words[at:]]
    check_refused(report, "without CAP_NET_ADMIN", router, lambda: run(bare, cwd=router.folder), "CAP_NET_ADMIN")


def check_message_size(report: Report, router: Router) -> None:
    """Whoever is root in a namespace of users alone may not send as much at once."""
    if run(["unshare", "--user", "--map-root-user", "--net", "true"]).returncode != 0:
        return
    entries = ", ".join(f'"10.{i >> 15}.{i >> 7 & 255}.{i % 128 * 2}"' for i in range(20000))
    router.write(f'zone "lan" {{ interface = "eth1" }}\nipset "x" {{\n  entries = [{entries}]\n  action = "drop"\n}}\n')
    check_refused(report, "more than the socket takes", router, lambda: run(
        ["unshare", "--user", "--map-root-user", "--net", router.apply_path, f"--state-dir={router.folder}/other",
         "office.hcl"], cwd=router.folder), "net.core.wmem_max")


def check_route(report: Report, router: Router) -> None:
    router.inside("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "peer0")
    router.inside("sh", "-c", "ip link set eth0 up; ip link set peer0 up; ip addr add 2001:db8::1/64 dev eth0 nodad")
    config = ('zone "wan" { interface = "eth0" }\nzone "lan" { interface = "eth1" }\nuplink_group "up" {\n'
              '  source_zones = ["lan"]\n  uplink "one" {\n    interface = "eth0"\n    gateway   = "2001:db8::1"\n  }\n}\n')
    check_refused(report, "a route through this machine itself", router, lambda: router.apply(config),
                  "office.hcl:5:", "cannot add ip -6 route default via 2001:db8::1 dev eth0", "Invalid argument")
    report.claim("fwmark" not in router.inside("ip", "-6", "rule"), "and the routing rules are gone again")


def check_flow_tables(report: Report, router: Router) -> None:
    """Only where the kernel was built without them."""
    probe = "table inet probe { flowtable probe { hook ingress priority 0; }; }"
    if run(router.command("nft", "--check", "-f", "-"), stdin=probe).returncode == 0:
        return
    config = CONFIG + 'enable_flow_offload = true\n'
    check_refused(report, "a kernel without flow tables", router, lambda: router.apply(config),
                  "office.hcl:", "no flow tables", "CONFIG_NF_FLOW_TABLE")


def main() -> None:
    programs = open_router(__doc__ or "")
    report = Report()
    for check in (check_in_the_way, check_dormant, check_held, check_used_timeout, check_owned, check_privileges, check_message_size,
                  check_route, check_flow_tables):
        router = Router(programs)
        check(report, router)
        router.remove()
    report.finish()


main()

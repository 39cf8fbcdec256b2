#!/usr/bin/python3
"""flywall-state list: every filter finds what conntrack finds, and nothing else."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from connections import Router
from lab import Report


@dataclass(frozen=True)
class Entry:
    """A line of conntrack -L -o id,extended."""

    line: str

    @property
    def protocol(self) -> int:
        return int(self.line.split()[3])

    @property
    def timeout(self) -> int:
        return int(self.line.split()[4])

    @property
    def state(self) -> str:
        return self.line.split()[5] if self.protocol in (6, 132) else ""

    @property
    def id(self) -> int:
        return int(self.all("id")[-1])

    @property
    def mark(self) -> int:
        return self.number("mark")

    def all(self, key: str) -> list[str]:
        """Its values of both directions."""
        return re.findall(rf"\b{key}=(\S+)", self.line)

    def number(self, key: str) -> int:
        found = self.all(key)
        return int(found[0]) if found else 0

    def sum(self, key: str) -> int:
        return sum(map(int, self.all(key)))

    def within(self, key: str, which: int, network: str) -> bool:
        address, of = ipaddress.ip_address(self.all(key)[which]), ipaddress.ip_network(network)
        return address.version == of.version and address in of

    @property
    def is_natted(self) -> bool:
        sources, dests = self.all("src"), self.all("dst")
        sports, dports = self.all("sport") or ["", ""], self.all("dport") or ["", ""]
        return sources[0] != dests[1] or dests[0] != sources[1] or sports[0] != dports[1] or dports[0] != sports[1]


# Options of ours, and conntrack's for the same.
SAME = (
    ("", ""),
    ("--family=ipv4", "-f ipv4"),
    ("--family=ipv6", "-f ipv6"),
    ("--protocol=tcp", "-p tcp"),
    ("--protocol=udp", "-p udp"),
    ("--protocol=icmp", "-p icmp"),
    ("--protocol=icmpv6", "-p icmpv6"),
    ("--protocol=sctp", "-p sctp"),
    ("--protocol=gre", "-p gre"),
    ("--protocol=89", "-p 89"),
    ("--src=10.7.0.1", "-s 10.7.0.1"),
    ("--dst=10.8.0.2", "-d 10.8.0.2"),
    ("--src=10.7.0.1 --dst=10.8.0.2", "-s 10.7.0.1 -d 10.8.0.2"),
    ("--src=10.7.0.0/24", "-s 10.7.0.0/24"),
    ("--dst=10.0.0.0/8", "-d 10.0.0.0/8"),
    ("--src=2001:db8:7::1", "-s 2001:db8:7::1"),
    ("--src=2001:db8:7::/48", "-s 2001:db8:7::/48"),
    ("--reply-src=10.0.2.2", "-r 10.0.2.2"),
    ("--reply-src=10.9.0.1", "-r 10.9.0.1"),
    ("--reply-dst=203.0.113.1", "-q 203.0.113.1"),
    ("--reply-dst=203.0.113.9 --protocol=tcp", "-q 203.0.113.9 -p tcp"),
    ("--protocol=tcp --dport=443", "-p tcp --dport 443"),
    ("--protocol=tcp --sport=2003", "-p tcp --sport 2003"),
    ("--protocol=udp --dport=53 --src=10.7.0.1", "-p udp --dport 53 -s 10.7.0.1"),
    ("--protocol=udp --reply-sport=53", "-p udp --reply-port-src 53"),
    ("--protocol=tcp --reply-dport=2000", "-p tcp --reply-port-dst 2000"),
    *((f"--protocol=tcp --state={state}", f"-p tcp --state {state}")
      for state in ("SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT",
                    "CLOSE")),
    ("--protocol=sctp --state=COOKIE_WAIT", "-p sctp --state COOKIE_WAIT"),
    ("--status=assured", "-u ASSURED"),
    ("--status=seen-reply", "-u SEEN_REPLY"),
    ("--status=assured+seen-reply --protocol=udp", "-u ASSURED,SEEN_REPLY -p udp"),
    # conntrack takes answered pings for translated.
    *((f"--status={status} --protocol={protocol}", f"{option} -p {protocol}") for protocol in ("tcp", "udp")
      for status, option in (("snat", "-n"), ("dnat", "-g"), ("natted", "-j"))),
    ("--dst=2001:db8:8::1 --protocol=tcp", "-d 2001:db8:8::1 -p tcp"),
    ("--reply-src=2001:db8:8::1", "-r 2001:db8:8::1"),
    ("--mark=7", "-m 7"),
    ("--mark=0x01000000/0xff000000", "-m 0x01000000/0xff000000"),
    ("--mark=0", "-m 0"),
    ("--mark=0/0xff", "-m 0/0xff"),
    ("--mark=0x02000000/0xff000000 --protocol=tcp --state=ESTABLISHED",
     "-m 0x02000000/0xff000000 -p tcp --state ESTABLISHED"),
    ("--ct-zone=5", "-w 5"),
    ("--ct-zone=6", "--orig-zone 6"),
    ("--ct-zone=7", "--reply-zone 7"),
    ("--protocol=icmp --icmp-type=13", "-p icmp --icmp-type 13"),
)

# What conntrack cannot say, told from its lines.
TOLD: tuple[tuple[str, Callable[[Entry], bool]], ...] = (
    ("--protocol=udp,icmp", lambda e: e.protocol in (17, 1)),
    ("--protocol=udp --protocol=132", lambda e: e.protocol in (17, 132)),
    ("--dport=80-82", lambda e: 80 <= e.number("dport") <= 82),
    ("--dport=25,443,5060", lambda e: e.number("dport") in (25, 443, 5060)),
    ("--sport=2000 --dport=50-60", lambda e: e.number("sport") == 2000 and 50 <= e.number("dport") <= 60),
    ("--src=10.7.0.0/30,10.7.2.0/24", lambda e: e.within("src", 0, "10.7.0.0/30") or
     e.within("src", 0, "10.7.2.0/24")),
    ("--src=10.7.0.0/24 --src=2001:db8:7::/48", lambda e: e.within("src", 0, "10.7.0.0/24") or
     e.within("src", 0, "2001:db8:7::/48")),
    ("--reply-dst=203.0.113.0/24", lambda e: e.within("dst", 1, "203.0.113.0/24")),
    ("--address=203.0.113.9", lambda e: "203.0.113.9" in e.all("src") + e.all("dst")),
    ("--address=2001:db8::/32", lambda e: any(e.within("src", i, "2001:db8::/32") or
                                              e.within("dst", i, "2001:db8::/32") for i in (0, 1))),
    ("--state=ESTABLISHED", lambda e: e.state == "ESTABLISHED"),
    ("--state=syn_sent,time_wait", lambda e: e.state in ("SYN_SENT", "TIME_WAIT")),
    ("--state=ESTABLISHED --protocol=tcp,sctp --src=10.7.0.1", lambda e: e.state == "ESTABLISHED" and
     e.within("src", 0, "10.7.0.1/32")),
    ("--status=unreplied", lambda e: "[UNREPLIED]" in e.line),
    ("--status=unreplied --protocol=tcp", lambda e: "[UNREPLIED]" in e.line and e.protocol == 6),
    ("--status=assured --status=unreplied", lambda e: "[ASSURED]" in e.line or "[UNREPLIED]" in e.line),
    ("--status=unassured+seen-reply", lambda e: "[ASSURED]" not in e.line and "[UNREPLIED]" not in e.line),
    ("--status=unnatted", lambda e: not e.is_natted),
    ("--status=natted+unreplied", lambda e: e.is_natted and "[UNREPLIED]" in e.line),
    ("--mark=7,1", lambda e: e.mark in (7, 1)),
    ("--mark=1/0xff,0x00020000/0x00ff0000", lambda e: e.mark & 0xff == 1 or e.mark & 0xff0000 == 0x20000),
    ("--ct-zone=5-7", lambda e: any(5 <= int(zone) <= 7 for key in ("zone", "zone-orig", "zone-reply")
                                    for zone in e.all(key))),
    ("--ct-zone=0", lambda e: not any(e.all(key) for key in ("zone", "zone-orig", "zone-reply"))),
    ("--helper=ftp", lambda e: "helper=ftp" in e.line),
    ("--zone=wan", lambda e: e.mark >> 24 == 1),
    ("--zone=lan --to-zone=wan", lambda e: e.mark >> 16 == 0x201),
    ("--zone=lan,dmz", lambda e: e.mark >> 24 in (2, 3)),
    ("--zone=9", lambda e: e.mark >> 24 == 9),
    ("--to-zone=lan", lambda e: e.mark >> 16 & 0xff == 2),
    ("--to-zone=self --zone=lan", lambda e: e.mark >> 16 == 0x200),
    ("--uplink=3", lambda e: e.mark >> 12 & 15 == 3),
    ("--policy=wan;to;dmz", lambda e: e.mark >> 16 == 0x103),
    ("--policy=lan;to;wan --zone=lan --protocol=tcp", lambda e: e.mark >> 16 == 0x201 and e.protocol == 6),
    ("--min-timeout=30m", lambda e: e.timeout >= 1800),
    ("--min-timeout=2500 --max-timeout=3500", lambda e: 2500 <= e.timeout <= 3500),
    ("--min-bytes=4k", lambda e: e.sum("bytes") >= 4096),
    ("--max-bytes=0", lambda e: e.sum("bytes") == 0),
    ("--min-packets=1 --max-packets=4", lambda e: 1 <= e.sum("packets") <= 4),
    ("--icmp-type=8,128", lambda e: e.protocol in (1, 58) and e.number("type") in (8, 128)),
)

# Status 2: they can never find anything. Status 1: there is no such thing.
REFUSED = (
    ("--state=ESTABLISHED --protocol=udp", 2, "a state that the protocol does not have"),
    ("--src=10.0.0.1 --dst=2001:db8::1", 2, "never of one connection"),
    ("--family=ipv6 --src=10.0.0.1", 2, "never of one connection"),
    ("--family=ipv6 --protocol=icmp", 2, "icmp is IPv4 alone"),
    ("--protocol=icmp --dport=80", 2, "a protocol that has none"),
    ("--icmp-type=8 --dport=80", 2, "not both"),
    ("--status=assured+unassured", 2, "exclude each other"),
    ("--min-bytes=10 --max-bytes=5", 2, "a least value above the most"),
    ("--mark=0x01000000/0xff000000 --zone=2", 2, "different bits"),
    ("--mark=0x1ff/0xff", 2, "outside its mask"),
    ("--src=10.0.0.300", 2, "is an address or a network"),
    ("--src=10.0.0.1/8", 2, "bits behind its prefix"),
    ("--src=10.0.0.0/40", 2, "too long"),
    ("--dport=99999", 2, "up to 65535"),
    ("--dport=90-80", 2, "a range such as"),
    ("--protocol=tpc", 2, "no protocol 'tpc'"),
    ("--state=ESTABLISHD", 2, "did you mean 'ESTABLISHED'"),
    ("--state=OPEN+SHUT", 2, "there are: NONE, SYN_SENT, "),
    ("--status=asured", 2, "did you mean 'assured'"),
    ("--sort=colour", 2, "bytes, packets, age or timeout"),
    ("--count --limit=3", 2, "--count shows no connections"),
    ("--format=xml", 2, "text, json or yaml"),
    ("--nonsense", 2, "--help"),
    ("stray", 2, "Try 'flywall-state list --help'"),
    ("--zone=lann", 1, "did you mean 'lan'"),
    ("--policy=nothing", 1, "no policy is named 'nothing'; there are: lan to wan, "),
    ("--uplink=dsl", 1, "no uplink is named 'dsl'; there are none"),
)


def words(options: str) -> list[str]:
    """Options with `;` for a space inside of them."""
    return [word.replace(";", " ") for word in options.split()]


def settled(report: Report, what: str, ours: Callable[[], set[int]], theirs: Callable[[], set[int]]) -> None:
    """Both are the same; looked at anew where something came or went in between."""
    for _ in range(3):
        before, mine, after = theirs(), ours(), theirs()
        if before == after:
            break
    more, less = mine - after, after - mine
    report.claim(mine == after, f"{what}: {len(after)} connections", (more, less) if more or less else None)


def check_filters(report: Report, router: Router) -> None:
    for ours, theirs in SAME:
        settled(report, f"list {ours}", lambda o=ours: router.ids(*words(o)),  # type: ignore[misc]
                lambda t=theirs: router.conntrack_ids(t))  # type: ignore[misc]
    for ours, holds in TOLD:
        def told(holds: Callable[[Entry], bool] = holds) -> set[int]:
            entries = map(Entry, router.conntrack().splitlines())
            return {entry.id for entry in entries if holds(entry)}
        settled(report, f"list {ours}", lambda o=ours: router.ids(*words(o)), told)  # type: ignore[misc]
    nothing = [ours for ours, _ in (*SAME, *TOLD) if not router.ids(*words(ours))]
    report.claim(not nothing, "none of these finds nothing", nothing)
    for ours in ("", "--protocol=tcp", "--status=assured", "--src=10.7.0.0/24", "--zone=lan"):
        count = router.command("list", "--count", *words(ours)).stdout.strip()
        listed = len(router.listed(*words(ours)))
        report.claim(count == str(listed), f"list --count {ours}", f"{count}, {listed}")


def check_refusals(report: Report, router: Router) -> None:
    for options, status, text in REFUSED:
        done = router.command("list", *words(options))
        lines = [line for line in done.stderr.splitlines() if not line.startswith("Try ")]
        report.claim(done.returncode == status and text in done.stderr and not done.stdout and len(lines) == 1,
                     f"list {options}: status {status}, one line that says '{text}'",
                     (done.returncode, done.stdout, done.stderr))


def check_fields(report: Report, router: Router) -> None:
    """What an entry shows is what conntrack shows of it."""
    lines = {entry.id: entry for entry in map(Entry, router.conntrack().splitlines())}
    for shown in router.listed():
        line = lines.get(shown["id"])
        if not line:
            continue
        two = (shown["original"], shown["reply"])
        keys = {"src": "src", "dst": "dst", "packets": "packets", "bytes": "bytes",
                "sport": "srckey" if shown["protocol"] == "gre" else "sport",
                "dport": "dstkey" if shown["protocol"] == "gre" else "dport"}
        same = all(int(line.all(key)[i], 0) == side[ours] if ours not in ("src", "dst")
                   else line.all(key)[i] == side[ours]
                   for ours, key in keys.items() for i, side in enumerate(two) if ours in side)
        same = same and line.mark == shown["mark"] and line.state == shown.get("state", "")
        same = same and ("[ASSURED]" in line.line) == ("assured" in shown["status"])
        same = same and ("[UNREPLIED]" in line.line) == ("unreplied" in shown["status"])
        same = same and line.line.startswith(shown["family"]) and abs(line.timeout - shown["timeout"]) < 60
        report.claim(same, f"all fields of {shown['protocol']} {two[0]['src']} to {two[0]['dst']}",
                     None if same else (line.line, shown))
    ftp = router.listed("--helper=ftp")[0]
    report.claim((ftp["zone"], ftp["to_zone"], ftp["policy"]) == ("lan", "wan", "lan to wan"),
                 "a connection names its zones and policy", (ftp["zone"], ftp["to_zone"], ftp["policy"]))
    report.claim(ftp["helper"] == "ftp" and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}\.\d{9}Z", ftp["start"]),
                 "and its helper and start", ftp["start"])
    ages = router.listed("--min-age=1")
    report.claim(all(entry["age"] >= 1 for entry in ages) and ages, "--min-age", len(ages))


def check_order(report: Report, router: Router) -> None:
    for key, number in (("bytes", lambda e: sum(e[side].get("bytes", 0) for side in ("original", "reply"))),
                        ("packets", lambda e: sum(e[side].get("packets", 0) for side in ("original", "reply"))),
                        ("timeout", lambda e: e["timeout"]), ("age", lambda e: e.get("age", 0))):
        shown = [number(entry) for entry in router.listed(f"--sort={key}")]
        report.claim(shown == sorted(shown, reverse=True), f"--sort={key}", None)
        back = [number(entry) for entry in router.listed(f"--sort={key}:reverse")]
        report.claim(back == sorted(back), f"--sort={key}:reverse", None)
        first = [number(entry) for entry in router.listed(f"--sort={key}", "--limit=3")]
        # Ages and timeouts go on meanwhile.
        slack = 250 if key in ("age", "timeout") else 0
        report.claim(len(first) == 3 and all(abs(one - other) <= slack for one, other in zip(first, shown)),
                     f"--sort={key} --limit=3", (first, shown[:3]))
    report.claim(len(router.listed("--limit=4")) == 4, "--limit=4")


def check_forms(report: Report, router: Router) -> None:
    n = len(router.listed("--protocol=tcp"))
    text = router.command("list", "--protocol=tcp").stdout.splitlines()
    report.claim(len(text) == n + 1 and text[0].startswith("PROTOCOL"), "text: titles and a line each", len(text))
    starts = {line.index(line.split()[0]) for line in text} | {text[0].index("SOURCE")}
    columns = [line[text[0].index("SOURCE"):].split()[0] for line in text[1:]]
    report.claim(all(":" in column for column in columns), "text: columns stand under their titles", starts)
    wide = router.command("list", "--wide", "--protocol=tcp").stdout.splitlines()
    report.claim("POLICY" in wide[0] and len(wide) == n + 1, "text: --wide has more of them", wide[0])
    stream = router.command("list", "--stream", "--protocol=tcp").stdout.splitlines()
    report.claim(len(stream) == n and all(json.loads(line)["protocol"] == "tcp" for line in stream),
                 "--stream: an object a line", len(stream))
    yaml = router.command("list", "--format=yaml", "--protocol=tcp").stdout
    report.claim(yaml.startswith("connections:\n- id: ") and yaml.count("protocol: tcp") == n, "YAML", yaml[:40])
    one = router.listed("--limit=1")[0]["id"]
    got = json.loads(router.command("get", str(one), "--format=json").stdout)["connections"]
    report.claim([entry["id"] for entry in got] == [one], "get finds one by its ID", len(got))
    gone = router.command("get", "1")
    report.claim(gone.returncode == 1 and "no connection has the ID 1" in gone.stderr, "get of what is gone",
                 gone.stderr.strip())


def check_names(report: Report, router: Router) -> None:
    """Names are those of the table that is loaded, or none."""
    router.be_another()
    other = router.command("list", "--zone=lan")
    report.claim(other.returncode == 1 and "a table of another generation" in other.stderr and not other.stdout,
                 "a table of another generation: no zone by its name", other.stderr.strip())
    shown = router.command("list", "--helper=ftp", "--format=json")
    entry = json.loads(shown.stdout)["connections"][0]
    report.claim(entry["zone"] == "2" and "another generation" in shown.stderr, "and numbers instead of names",
                 (entry["zone"], shown.stderr.strip()))
    router.load()


def check_permission(report: Report, router: Router) -> None:
    for words_ in ("list", "list --zone=lan", "get 1", "delete 1", "delete --zone=lan --yes", "flush --yes",
                   "update 1 --set-mark=1", "events", "stats", "protocols", "zones", "uplinks", "helpers",
                   "top --once --group=zone", "health"):
        done = router.lab.sh("router", "setpriv --bounding-set=-net_admin --inh-caps=-net_admin "
                             f"{router.state} --state-dir={router.folder} {words_}", check=False)
        report.claim((done.returncode, done.stdout) == (3, "") and done.stderr.count("\n") == 1 and
                     "not permitted" in done.stderr, f"{words_} without the permission: status 3 and a line",
                     (done.returncode, done.stderr))


def check_damaged_names(report: Report, router: Router) -> None:
    """Whatever names.json holds, there is a message or a number."""
    path = router.folder / "current" / "names.json"
    whole = path.read_text()
    for size in (0, 1, len(whole) // 3, len(whole) // 2, len(whole) - 2):
        path.write_text(whole[:size])
        done = router.command("list", "--zone=lan")
        report.claim(done.returncode == 1 and done.stderr.count("\n") == 1 and f"cannot read {path}" in done.stderr,
                     f"names that end after {size} bytes are told", done.stderr.strip())
    pair = {"from": 1 << 62, "to": 1 << 62, "policies": ["lan to wan"]}
    path.write_text(json.dumps({**json.loads(whole), "pairs": [pair, 7, {"from": "lan"}]}))
    done = router.command("list", "--policy=lan to wan")
    report.claim(done.returncode == 1 and "no policy" in done.stderr, "a pair of no zones is none", done.stderr.strip())
    path.write_text(whole)


def main() -> None:
    router = Router(__doc__)
    report = Report()
    router.load()
    router.fill()
    report.claim(len(router.conntrack_ids()) > 30, "the table has something of everything",
                 len(router.conntrack_ids()))
    for check in (check_filters, check_refusals, check_fields, check_order, check_forms, check_names, check_damaged_names,
                  check_permission):
        check(report, router)
    report.finish()


main()

#!/usr/bin/python3
"""The reports of flywall-state give the numbers that conntrack and nft give."""

import json
import re
import subprocess
import time
from collections import Counter

from lab import Lab, Report, close, open_lab, program, wait_for

CONFIG = """
conntrack { accounting = true }
zone "wan" {
  interface = "eth0"
  conntrack { limits = { max_per_ip = 3 } }
}
zone "lan" { interface = "eth1" }
policy "lan" "wan" { action = "accept" }
policy "wan" "lan" { action = "accept" }
policy "wan" "self" { action = "accept" }
"""


def state(lab: Lab, *words: str) -> subprocess.CompletedProcess[str]:
    argv = [program(lab.programs, "flywall-state"), f"--state-dir={lab.folder / 'state'}", *words]
    return lab.sh("router", " ".join(argv), check=False)


def report_of(lab: Lab, *words: str) -> dict:
    done = state(lab, *words, "--format=json")
    if done.returncode != 0:
        raise RuntimeError(f"{words}: status {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def check_stats(lab: Lab, report: Report) -> None:
    mine = report_of(lab, "stats")
    theirs = [dict(re.findall(r"(\w+)=(\d+)", line))
              for line in lab.sh("router", "conntrack -S").stdout.splitlines()]
    report.claim([cpu["cpu"] for cpu in mine["cpus"]] == [int(cpu["cpu"]) for cpu in theirs],
                 "stats: every CPU")
    for name in ("insert", "insert_failed", "drop", "early_drop", "error", "search_restart", "clash_resolve"):
        report.claim([cpu[name] for cpu in mine["cpus"]] == [int(cpu[name]) for cpu in theirs],
                     f"stats: {name} as conntrack -S has it")
        report.claim(mine["total"][name] == sum(cpu[name] for cpu in mine["cpus"]), f"stats: the sum of {name}")
    report.claim(mine["total"]["insert"] > 0, "stats: something was inserted")
    report.claim(mine["table"]["connections"] == int(lab.sh("router", "conntrack -C").stdout), "stats: conntrack -C")
    report.claim(mine["table"]["maximum"] == int(lab.sysctl("net.netfilter.nf_conntrack_max")), "stats: the maximum")
    watched = state(lab, "stats", "--watch=1", "--times=1", "--format=json")
    report.claim(watched.returncode == 0 and "insert" in json.loads(watched.stdout), "stats: --watch is JSON lines")


def check_breakdowns(lab: Lab, report: Report) -> None:
    listed = []
    for family in (4, 6):
        text = lab.sh("router", f"conntrack -L -f ipv{family} 2>/dev/null").stdout
        listed += [(family, line.split()) for line in text.splitlines()]
    protocols = Counter((words[0], f"ipv{family}") for family, words in listed)
    mine = {(row["protocol"], row["family"]): row["connections"] for row in report_of(lab, "protocols")["protocols"]}
    report.claim(mine == dict(protocols), "protocols: as conntrack -L counts them", (mine, protocols))
    states = Counter(words[3] for _, words in listed if words[0] == "tcp")
    rows = report_of(lab, "states", "--protocol=tcp")["states"]
    mine = {row["state"]: row["connections"] for row in rows if row["protocol"] == "tcp"}
    report.claim(mine == dict(states), "states: as conntrack -L counts them", (mine, states))


def refused(zones: dict) -> int:
    return sum(row["refused"] for row in zones["limits"] if row["limit"] == "max_per_ip")


def pair_of(zones: dict, source: str, to: str) -> dict:
    """The row of a pair of zones; empty where there is none."""
    found = [row for row in zones["pairs"] if (row["from"], row["to"]) == (source, to)]
    return found[0] if len(found) == 1 else {}


def zone_of(zones: dict, name: str) -> dict:
    found = [row for row in zones["zones"] if row["zone"] == name]
    return found[0] if len(found) == 1 else {}


def check_zones(lab: Lab, report: Report) -> None:
    held = lab.hold(6, "wan", lab.address("lan", 4), 80)
    lab.udp("wan", lab.address("wan", 4, "1"), 99)
    zones = report_of(lab, "zones", "--interval=0")
    want = len(lab.flows("ESTABLISHED", "dport=80"))
    pair, zone = pair_of(zones, "wan", "lan"), zone_of(zones, "wan")
    report.claim(pair.get("connections") == want > 0, "zones: by pair", zones["pairs"])
    report.claim([zone.get(key) for key in ("connections", "unreplied", "packets", "bytes")] ==
                 [sum(row[key] for row in zones["pairs"] if row["from"] == "wan")
                  for key in ("connections", "unreplied", "packets", "bytes")], "zones: by zone", zones)
    report.claim({row["zone"] for row in zones["zones"]} == {"self", "wan", "lan"}, "zones: every zone has its row", zones)
    report.claim("new_per_second" not in pair and "refused_per_second" not in zone, "zones: --interval=0 has no rates", zone)
    report.claim(refused(zones) > 0, "zones: the limit's refusals are counted", zones["limits"])
    report.claim(refused(zones) == zone.get("refused") == lab.counter("over_per_ip_wan"),
                 "zones: as nft lists the counter", (zone, zones["limits"]))
    report.claim(pair.get("refused", 0) > pair_of(zones, "wan", "self").get("refused", 0) > 0 and
                 sum(row.get("refused", 0) for row in zones["pairs"]) == refused(zones),
                 "zones: each pair has its part of what was refused", zones["pairs"])
    report.claim("refused" not in pair_of(zones, "lan", "wan"), "zones: a pair without limits refuses nothing", zones)
    report.claim(zone.get("admitted") == lab.counter("admitted_wan") > 0, "zones: what was admitted", zone)
    report.claim("refused" not in zone_of(zones, "lan"), "zones: a zone without limits refuses nothing", zones["zones"])
    text = state(lab, "zones", "--interval=0").stdout
    report.claim("max_per_ip" in text and re.search(r"^wan +lan +\d", text, re.MULTILINE), "zones: as text", text)
    report.claim(report_of(lab, "top", "--group=zone")["top"][0].keys() >= {"from", "to"}, "top: a pair is two fields")
    close(held)
    report.claim(state(lab, "zones", "--zone=nowhere").returncode != 0, "zones: an unknown zone is refused")


LAN_WAN, WAN_LAN = 0x02010000, 0x01020000


def entry(number: int) -> str:
    return f"-p udp -s 10.20.{number // 200}.{1 + number % 200} -d 10.21.0.1 --sport 1 --dport 2"


def make(numbers: range, mark: int) -> list[str]:
    return [f"-I {entry(number)} -t 600 -m {mark}" for number in numbers]


def drop(numbers: range) -> list[str]:
    return [f"-D {entry(number)}" for number in numbers]


def change(lab: Lab, *lines: list[str]) -> None:
    path = lab.folder / "changes"
    path.write_text("".join(line + "\n" for group in lines for line in group))
    lab.sh("router", f"conntrack -R {path} >/dev/null 2>&1")


def watch_zones(lab: Lab, *words: str) -> dict:
    """What zones says of a while in which entries come and go."""
    lab.forget()
    change(lab, make(range(100), LAN_WAN))
    path = lab.folder / "zones.json"
    process = lab.start("router", program(lab.programs, "flywall-state"), f"--state-dir={lab.folder / 'state'}", "zones",
                        "--interval=4", "--format=json", *words, output=path)
    listening = "grep -qs '^[0-9a-f]* 12 .* 00000004 ' /proc/net/netlink"
    wait_for(lambda: lab.sh("router", listening, check=False).returncode == 0, 20)
    time.sleep(0.5)
    gone, back = range(50), range(10)
    change(lab, make(range(200, 220), LAN_WAN), make(range(300, 340), WAN_LAN), drop(range(300, 340)),
           drop(gone), make(back, LAN_WAN))
    process.wait(20)
    told = json.loads(path.read_text())
    assert isinstance(told, dict)
    return told


def check_new(lab: Lab, report: Report) -> None:
    """20 come and stay, 10 of 50 come back, and 40 come and go, within the interval."""
    zones = watch_zones(lab)
    lan, wan = pair_of(zones, "lan", "wan"), pair_of(zones, "wan", "lan")
    report.claim(lan.get("connections") == 80 and wan.get("connections") == 0, "zones: pairs at the end", zones["pairs"])
    rates = lan.get("new_per_second", 0), wan.get("new_per_second", 0)
    report.claim(0 < rates[0] <= 30 / 4 and abs(4 * rates[0] - 3 * rates[1]) < 0.1,
                 "zones: new connections by pair, those that have ended too", rates)
    report.claim([zone_of(zones, name).get("new_per_second") for name in ("lan", "wan")] == list(rates),
                 "zones: new connections by zone", zones["zones"])
    zones = watch_zones(lab, "--to-zone=lan")
    report.claim([row["from"] for row in zones["pairs"] if row["new_per_second"]] == ["wan"] and pair_of(zones, "wan", "lan").get("new_per_second", 0) > 0 and
                 zone_of(zones, "lan").get("new_per_second") == 0, "zones: filters hold for new ones too", zones)
    lab.sh("router", "sysctl -qw net.netfilter.nf_conntrack_events=0")
    rate = pair_of(watch_zones(lab), "lan", "wan").get("new_per_second", 0)
    lab.sh("router", "sysctl -qw net.netfilter.nf_conntrack_events=2")
    report.claim(20 / 30 * rates[0] - 0.5 < rate <= 30 / 4, "zones: new ones are seen without events too", (rate, rates))


def check_top(lab: Lab, report: Report) -> None:
    flows = lab.flows() + lab.flows(family=6)
    sources = Counter(re.search(r"src=(\S+)", flow.text)[1] for flow in flows)
    rows = report_of(lab, "top", "--limit=0")["top"]
    report.claim({row["who"]: row["connections"] for row in rows} == dict(sources),
                 "top: sources as conntrack -L has them", (rows, sources))
    counts = [row["connections"] for row in rows]
    report.claim(counts == sorted(counts, reverse=True), "top: most first", counts)
    sums = [row["bytes"] for row in report_of(lab, "top", "--by=bytes", "--limit=0")["top"]]
    report.claim(sums == sorted(sums, reverse=True) and sums[0] > 0, "top: by bytes", sums)
    networks = {row["who"] for row in report_of(lab, "top", "--prefix=24/64", "--limit=0")["top"]}
    report.claim(networks and all(name.endswith(("/24", "/64")) for name in networks), "top: networks", networks)
    report.claim(len(report_of(lab, "top", "--limit=1")["top"]) == 1, "top: --limit")
    for wrong in ("--by=size", "--group=colour", "--prefix=24", "--prefix=33/64"):
        report.claim(state(lab, "top", wrong).returncode == 2, f"top: {wrong} is wrong usage")


def check_sizing(lab: Lab, report: Report) -> None:
    sizes = report_of(lab, "sizing", "--rate=10000", "--duration=600")["sizing"]
    report.claim((sizes["max_connections"], sizes["hash_size"]) == (8388608, 2097152), "sizing: the load balancer", sizes)
    text = state(lab, "sizing", "--rate=10000", "--duration=600").stdout
    path = lab.folder / "sizing.hcl"
    path.write_text(text[text.index("conntrack {"):])
    done = lab.sh("router", f"{program(lab.programs, 'flywall-compile')} --check --strict {path}", check=False)
    report.claim(done.returncode == 0, "sizing: what it prints compiles", done.stderr)
    sizes = report_of(lab, "sizing", "--rate=1000000", "--duration=1000")["sizing"]
    report.claim((sizes["connections"], sizes["max_connections"]) == (1000000000, 2147483644),
                 "sizing: no more than the kernel can count", sizes)
    report.claim(state(lab, "sizing", "--rate=1000000", "--duration=1200").returncode == 1, "sizing: too many connections")
    report.claim(state(lab, "sizing", "--rate=1").returncode == 2, "sizing: a duration is needed")
    sizes = report_of(lab, "sizing", "--memory=100M")["sizing"]
    report.claim(sizes["bytes"] <= 100 << 20 < sizes["bytes"] + 1408 and sizes["max_connections"] == 297888,
                 "sizing: memory is filled", sizes)
    sizes = report_of(lab, "sizing", "--rate=1000", "--duration=60", "--memory=30M")["sizing"]
    report.claim((sizes["connections"], sizes["max_connections"]) == (60000, 89364), "sizing: within the memory", sizes)
    done = state(lab, "sizing", "--rate=10000", "--duration=600", "--memory=100M")
    report.claim(done.returncode == 1 and "more than --memory" in done.stderr, "sizing: not enough memory", done.stderr)
    report.claim(state(lab, "sizing", "--memory=100").returncode == 2, "sizing: too little for one bucket")


def check_health(lab: Lab, report: Report) -> None:
    done = state(lab, "health", "--format=json")
    told = json.loads(done.stdout)
    report.claim(told["health"]["maximum"] == int(lab.sysctl("net.netfilter.nf_conntrack_max")), "health: the maximum")
    grades = ["OK", "WARNING", "CRITICAL"]
    report.claim(grades.index(told["health"]["status"]) == done.returncode, "health: status as plugins have it", told)
    report.claim(max([grades.index(one["status"]) for one in told["findings"]] + [0]) == done.returncode,
                 "health: the worst finding decides")
    first = state(lab, "health").stdout.splitlines()[0]
    report.claim(re.match(r"FLYWALL (OK|WARNING|CRITICAL) - .* \| connections=\d+;\d+;\d+;0;\d+ memory=\d+B;;;0;\d+$", first), "health: first line", first)


def main() -> None:
    lab = open_lab(__doc__)
    report = Report()
    lab.tcp_echo("lan", 80)
    lab.start_afresh(CONFIG)
    lab.ping("lan", lab.address("wan", 4))
    lab.ping("lan", lab.address("wan", 6))
    lab.sh("router", "conntrack -I -p tcp -s 192.0.2.1 -d 192.0.2.2 --sport 1 --dport 2 "
                     "--state SYN_SENT -t 90 >/dev/null 2>&1")
    check_stats(lab, report)
    check_breakdowns(lab, report)
    check_top(lab, report)
    check_zones(lab, report)
    check_new(lab, report)
    check_health(lab, report)
    check_sizing(lab, report)
    report.finish()


main()

#!/usr/bin/python3
"""The reports of flywall-state give the numbers that conntrack and nft give."""

import json
import re
import subprocess
from collections import Counter

from lab import Lab, Report, close, open_lab, program

CONFIG = """
conntrack { accounting = true }
zone "wan" {
  interface = "eth0"
  conntrack { limits = { max_per_ip = 3 } }
}
zone "lan" { interface = "eth1" }
policy "lan" "wan" { action = "accept" }
policy "wan" "lan" { action = "accept" }
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
    protocols = Counter(f"{words[0]} IPv{family}" for family, words in listed)
    mine = {row["protocol"]: row["connections"] for row in report_of(lab, "protocols")["protocols"]}
    report.claim(mine == dict(protocols), "protocols: as conntrack -L counts them", (mine, protocols))
    states = Counter(words[3] for _, words in listed if words[0] == "tcp")
    rows = report_of(lab, "states", "--protocol=tcp")["states"]
    mine = {row["state"].split()[1]: row["connections"] for row in rows}
    report.claim(mine == dict(states), "states: as conntrack -L counts them", (mine, states))


def refused(zones: dict) -> int:
    return sum(row["refused"] for row in zones["limits"] if row["limit"] == "max_per_ip")


def check_zones(lab: Lab, report: Report) -> None:
    held = lab.hold(6, "wan", lab.address("lan", 4), 80)
    zones = report_of(lab, "zones", "--interval=0")
    pairs = {row["zone"]: row["connections"] for row in zones["zones"]}
    want = len(lab.flows("ESTABLISHED", "dport=80"))
    report.claim(pairs.get("wan > lan", 0) == want > 0, "zones: by pair", pairs)
    report.claim(refused(zones) > 0, "zones: the limit's refusals are counted", zones["limits"])
    report.claim(refused(zones) == lab.counter("over_per_ip_wan"), "zones: as nft lists the counter", zones["limits"])
    text = state(lab, "zones", "--interval=0").stdout
    report.claim("max_per_ip" in text and "wan > lan" in text, "zones: as text", text)
    close(held)
    report.claim(state(lab, "zones", "--zone=nowhere").returncode != 0, "zones: an unknown zone is refused")


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
    check_health(lab, report)
    check_sizing(lab, report)
    report.finish()


main()

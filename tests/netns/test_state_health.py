#!/usr/bin/python3
"""flywall-state health finds what really goes wrong, and its advice compiles; helpers shows what is expected."""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

from lab import Lab, Report, close, open_lab, program, run

CONFIG = """
conntrack { helpers = { ftp = true } }
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


def health(lab: Lab) -> tuple[int, dict[str, Any]]:
    done = state(lab, "health", "--format=json")
    return done.returncode, json.loads(done.stdout)


def finding(told: dict[str, Any], words: str) -> dict[str, str]:
    """The one whose evidence has these words; empty where there is none."""
    found = [one for one in told["findings"] if words in one["evidence"]]
    return found[0] if len(found) == 1 else {}


def compiles(lab: Lab, advice: str) -> tuple[bool, str]:
    """A zone's advice goes into the block that the configuration has."""
    text = advice.replace('zone "wan" {\n', 'zone "wan" {\n  interface = "eth0"\n')
    if text == advice:
        text += '\nzone "wan" { interface = "eth0" }\n'
    text += '\nzone "lan" { interface = "eth1" }\npolicy "lan" "wan" { action = "accept" }\n'
    path = lab.folder / "advice.hcl"
    path.write_text(text)
    done = run([str(program(lab.programs, "flywall-compile")), "--check", "--strict", str(path)])
    return done.returncode == 0, text + done.stderr


def claim_found(lab: Lab, report: Report, words: str, advice: str, evidence: str) -> None:
    status, told = health(lab)
    found = finding(told, words)
    report.claim(status == 1 and found.get("status") == "WARNING" and evidence in found["evidence"],
                 f"found: {words}", (status, told))
    report.claim(found.get("advice") == advice, "its advice", found)
    good, why = compiles(lab, found.get("advice", "none"))
    report.claim(good, "which compiles", why)


def check_nothing(lab: Lab, report: Report) -> None:
    status, told = health(lab)
    report.claim(status == 0 and told["findings"] == [], "nothing is wrong with a table that works", told)
    table = told["health"]
    report.claim(table["bytes_when_full"] == table["maximum"] * table["bytes_an_entry"] + 8 * table["buckets"] and
                 table["bytes"] == table["connections"] * table["bytes_an_entry"] + 8 * table["buckets"],
                 "memory now and when full", table)
    slabs = lab.sh("router", "cat /proc/slabinfo 2>/dev/null", check=False).stdout.splitlines()
    sizes = [int(line.split()[3]) for line in slabs if line.startswith("nf_conntrack ")]
    report.claim([table["bytes_an_entry"], table["bytes_from"]] == ([sizes[0], "measured"] if sizes else
                                                                   [350, "estimate"]), "as the slab has it", table)
    for wrong in ("health --interval=0", "health now", "health --nothing"):
        report.claim(state(lab, *wrong.split()).returncode == 3, f"{wrong}: unknown, not critical")


@contextlib.contextmanager
def knocking(lab: Lab) -> Iterator[None]:
    """Somebody who tries again and again to have a fourth connection, while the block runs."""
    stop = threading.Event()

    def knock() -> None:
        while not stop.is_set():
            close(lab.hold(1, "wan", lab.address("lan", 4), 80))

    thread = threading.Thread(target=knock)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def check_limit(lab: Lab, report: Report) -> None:
    held = lab.hold(3, "wan", lab.address("lan", 4), 80)
    report.claim(len(held) == 3, "the limit lets three in", len(held))
    with knocking(lab):
        claim_found(lab, report, "limit max_per_ip = 3 of zone wan refused",
                    'zone "wan" {\n  conntrack { limits = { max_per_ip = 6 } }\n}', "packets in 1 s")
        text = state(lab, "health").stdout
    report.claim('  zone "wan" {\n    conntrack { limits' in text, "text shows the whole advice", text)
    close(held)
    report.claim(not finding(health(lab)[1], "limit"), "nobody knocks: the limit refuses nobody")


def check_helper(lab: Lab, report: Report) -> None:
    """A service on FTP's port that does not speak FTP, then one that does."""
    held = lab.hold(2, "lan", lab.address("wan", 4), 21)
    claim_found(lab, report, "the helper ftp serves 2", "conntrack { helpers = { ftp = false } }",
                "has never expected one")
    rows = json.loads(state(lab, "helpers", "--format=json").stdout)
    report.claim(rows["helpers"] == [{"helper": "ftp", "protocol": "tcp", "object": "helper_ftp", "connections": 2,
                                      "expectations": 0}] and rows["expectations"] == [], "helpers: whom ftp serves", rows)
    for line in (b"USER a\r\n", b"PORT 10,0,1,2,195,81\r\n"):
        held[0].sendall(line)
        held[0].recv(64)
    rows = json.loads(state(lab, "helpers", "--format=json").stdout)
    theirs = lab.sh("router", "conntrack -L expect 2>/dev/null").stdout
    expected = rows["expectations"]
    port = held[0].getsockname()[1]
    report.claim(len(expected) == theirs.count("proto=") == 1 and rows["helpers"][0]["expectations"] == 1,
                 "helpers: the expectation", (rows, theirs))
    report.claim(expected and {key: expected[0][key] for key in expected[0] if key != "timeout"} == {
        "helper": "ftp", "protocol": "tcp", "src": "203.0.113.2:0", "src_mask": "255.255.255.255:0",
        "dst": "10.0.1.2:50001", "master_src": f"10.0.1.2:{port}", "master_dst": "203.0.113.2:21"},
        "helpers: all that it says", expected)
    report.claim("50001" in state(lab, "helpers").stdout and
                 "dst: 10.0.1.2:50001" in state(lab, "helpers", "--format=yaml").stdout.replace('"', ""),
                 "helpers: as text and YAML")
    report.claim(not finding(health(lab)[1], "the helper"), "a helper that expects is in use")
    close(held)
    report.claim(state(lab, "helpers", "x").returncode == 2, "helpers takes no words")


def make(lab: Lab, entries: list[str]) -> None:
    path = lab.folder / "entries"
    path.write_text("".join(f"-I {entry}\n" for entry in entries))
    lab.sh("router", f"conntrack -R {path} >/dev/null 2>&1")


def check_idle(lab: Lab, report: Report) -> None:
    lab.forget()
    make(lab, [f"-p udp -s 10.9.0.{n} -d 10.8.0.1 --sport 1 --dport 2 -t 3600" for n in range(1, 121)])
    claim_found(lab, report, "connections are UDP that nobody answered", 'conntrack { timeouts = { udp = "30s" } }',
                "120 of 120")
    lab.forget()
    tcp = "-p tcp -s 10.9.0.{} -d 10.8.0.1 --sport 1 --dport 2 --state ESTABLISHED -u SEEN_REPLY,ASSURED -t {}"
    make(lab, [tcp.format(n, 432000) for n in range(1, 121)])
    report.claim(not health(lab)[1]["findings"], "established and in use")
    make(lab, [tcp.format(n, 300000) for n in range(121, 251)])
    claim_found(lab, report, "was idle for an hour", 'conntrack { timeouts = { tcp_established = "2h4m" } }',
                "130 of 250")
    lab.forget()


def main() -> None:
    lab = open_lab(__doc__)
    report = Report()
    lab.tcp_echo("lan", 80)
    lab.tcp_echo("wan", 21)
    lab.start_afresh(CONFIG)
    lab.ping("lan", lab.address("wan", 4))
    for check in (check_nothing, check_limit, check_helper, check_idle):
        check(lab, report)
    report.finish()


main()

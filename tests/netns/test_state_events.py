#!/usr/bin/python3
"""flywall-state events: what conntrack -E tells, and the truth again after events were lost."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connections import Router
from lab import Report, wait_for

from support import run

BURST = 4000


@dataclass(frozen=True)
class Queue:
    """A socket's: whether it listens to anything, and the bytes that wait in the kernel."""

    groups: int
    waiting: int


def queue_of(process: subprocess.Popen[bytes]) -> Queue:
    """Of a process's first netlink socket, which has the process's number."""
    lines = Path(f"/proc/{process.pid}/net/netlink").read_text().splitlines()
    rows = [line.split() for line in lines[1:]]
    found = [Queue(int(row[3], 16), int(row[4])) for row in rows if row[1:3] == ["12", str(process.pid)]]
    return found[0] if found else Queue(0, 0)


def listens(process: subprocess.Popen[bytes]) -> None:
    if not wait_for(lambda: queue_of(process).groups, 20):
        raise RuntimeError(f"{process.args!r} does not listen")


class Listener:
    """flywall-state events on the router, in JSON unless another format is asked for."""

    def __init__(self, router: Router, *options: str, form: str = "json") -> None:
        name = router.lab.prefix + "router"
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", name, router.state, "--state-dir", str(router.folder), "events",
             f"--format={form}", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        router.lab.running.append(self.process)
        listens(self.process)

    def follows(self, router: Router) -> list[dict[str, Any]]:
        """Waits until it has learned what is there, and tells of one connection that comes and goes."""
        assert self.process.stdout
        name = "-p udp -s 10.63.0.1 -d 10.8.0.1 --sport 1 --dport 2"
        router.make((f"{name} -t 600 -m 0x02010000",))
        router.lab.sh("router", f"conntrack -D {name} 2>/dev/null")
        return [json.loads(self.process.stdout.readline()) for _ in range(2)]

    def pause(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def end(self, number: int = signal.SIGINT) -> tuple[int, str, str]:
        wait_for(lambda: queue_of(self.process).waiting == 0, 20)
        self.process.send_signal(number)
        output, messages = self.process.communicate(timeout=20)
        return self.process.returncode, output.decode(), messages.decode()

    def events(self) -> list[dict[str, Any]]:
        status, output, messages = self.end()
        if status != 0 or messages:
            raise RuntimeError(f"events: status {status}: {messages}")
        return [json.loads(line) for line in output.splitlines()]


def listeners(router: Router) -> int:
    """Sockets that listen to connection events."""
    lines = router.lab.sh("router", "cat /proc/net/netlink").stdout.splitlines()
    return sum(line.split()[1] == "12" and int(line.split()[3], 16) > 0 for line in lines[1:])


@contextlib.contextmanager
def conntrack_events(router: Router, *options: str) -> Iterator[list[str]]:
    """The lines of conntrack -E while the block runs."""
    path = router.lab.folder / "conntrack.events"
    before = listeners(router)
    process = router.lab.start("router", "conntrack", "-E", "-o", "id", *options, output=path)
    wait_for(lambda: listeners(router) > before, 20)
    lines: list[str] = []
    yield lines
    size = -1
    while size != path.stat().st_size:
        size = path.stat().st_size
        time.sleep(0.7)
    router.lab.stop(process)
    lines += [line for line in path.read_text().splitlines() if "id=" in line]


def traffic(router: Router) -> None:
    lab = router.lab
    for family in (4, 6):
        lab.udp("lan", lab.address("dmz", family), 53)
        lab.ping("lan", lab.address("dmz", family))
    for connection in lab.hold(3, "lan", lab.address("wan", 4), 443):
        connection.sendall(b"hello")
        connection.recv(64)
        connection.close()
    router.make(("-p udp -s 10.30.0.1 -d 10.8.0.1 --sport 1 --dport 2 -t 600 -m 0x02010007",))
    lab.sh("router", "conntrack -U -p udp -s 10.30.0.1 -d 10.8.0.1 --sport 1 --dport 2 -m 0x02030007 2>/dev/null")
    lab.sh("router", "conntrack -F 2>/dev/null", check=False)


def pairs_of(lines: list[str]) -> list[tuple[str, int]]:
    """What conntrack -E says: the kind and the ID, in order."""
    found = []
    for line in lines:
        kind = re.search(r"\[(NEW|UPDATE|DESTROY)\]", line)
        if kind:
            found.append((kind[1].lower(), int(re.findall(r"\bid=(\d+)", line)[-1])))
    return found


def check_same(report: Report, router: Router) -> None:
    router.lab.sh("router", "conntrack -F 2>/dev/null", check=False)
    listener, icmp = Listener(router), Listener(router, "--protocol=icmp,icmpv6")
    zone, news = Listener(router, "--zone=lan", "--to-zone=dmz"), Listener(router, "--new", "--protocol=tcp")
    with conntrack_events(router) as lines:
        traffic(router)
    told = listener.events()
    theirs = pairs_of(lines)
    ours = [(event["event"], event["id"]) for event in told]
    report.claim(ours == theirs and len(ours) > 20, "the same events in the same order as conntrack -E",
                 (len(ours), len(theirs)))
    pings = [(event["event"], event["id"]) for event in told if event["protocol"] in ("icmp", "icmpv6")]
    report.claim([(event["event"], event["id"]) for event in icmp.events()] == pings and pings,
                 "a filter by protocol", len(pings))
    shown = zone.events()
    report.claim({event["to_zone"] for event in shown} == {"dmz"} and
                 {event["event"] for event in shown} >= {"new", "update", "destroy"}, "a filter by zones",
                 [event["event"] for event in shown])
    begun = news.events()
    report.claim({event["event"] for event in begun} == {"new"} and len(begun) == 3, "--new alone", len(begun))
    check_ends(report, told)


def check_ends(report: Report, told: list[dict[str, Any]]) -> None:
    ends = [event for event in told if event["event"] == "destroy" and event["protocol"] == "tcp"]
    report.claim(ends and all(event["duration"] >= 0 and event["original"]["bytes"] > 100 and
                              event["reply"]["packets"] >= 3 for event in ends),
                 "an end says how long it lasted, and its packets and bytes",
                 [(event["duration"], event["original"]["bytes"]) for event in ends])
    moved = [event for event in told if event["original"]["src"] == "10.30.0.1"]
    report.claim([(event["event"], event.get("to_zone")) for event in moved] ==
                 [("new", "wan"), ("update", "dmz"), ("destroy", "dmz")], "the story of one connection",
                 [(event["event"], event.get("to_zone")) for event in moved])


def burst(router: Router, first: int, count: int, delete: bool = False) -> None:
    """Entries made, or deleted, quickly."""
    verb = "-D" if delete else "-I"
    ending = "" if delete else " -t 600 -m 0x02010000"
    script = "\n".join(f"{verb} -p udp -s 10.{40 + n // 62500}.{n // 250 % 250}.{1 + n % 250} -d 10.8.0.1 --sport 1 "
                       f"--dport 2{ending}" for n in range(first, first + count))
    path = router.lab.folder / "burst"
    path.write_text(script + "\n")
    router.lab.sh("router", f"conntrack -R {path} >/dev/null 2>&1", check=False)


def check_loss(report: Report, router: Router) -> None:
    """With a buffer for a few events and a listener that sleeps, most of a burst is lost."""
    router.lab.sh("router", "conntrack -F 2>/dev/null", check=False)
    burst(router, 0, 200)
    before = router.ids()
    listener = Listener(router, "--src=10.32.0.0/11", "--buffer=8k")
    first = [event["event"] for event in listener.follows(router)]
    report.claim(first == ["new", "destroy"], "it follows", first)
    listener.pause()
    burst(router, 200, BURST)
    router.command("delete", "--src=10.40.0.0/26", "--yes")
    router.command("update", "--src=10.40.0.64/26", "--set-mark=9", "--yes")
    listener.go_on()
    time.sleep(1)
    told = listener.events()
    lost = [event["lost"] for event in told if event["event"] == "lost"]
    kinds = {kind: [event for event in told if event["event"] == kind] for kind in ("new", "update", "destroy")}
    report.claim(lost and sum(lost) > BURST / 2, "lost events are counted and said", lost)
    whole = sum(lost) + sum(1 for event in told if event["event"] in kinds and not event.get("resync"))
    meant = BURST + 63 + 64
    report.claim(abs(whole - meant) <= 2, "told and lost are together what happened", (whole, meant))
    known = before | {event["id"] for event in kinds["new"]}
    known -= {event["id"] for event in kinds["destroy"]}
    report.claim(known == router.ids("--src=10.32.0.0/11"), "and the story ends with what is there",
                 (len(known), len(router.ids())))
    report.claim(len({event["id"] for event in kinds["new"]}) == len(kinds["new"]) == BURST, "nothing is told twice",
                 len(kinds["new"]))
    report.claim({event["mark"] & 0xfff for event in kinds["update"]} == {9} and len(kinds["update"]) == 64,
                 "changes are found too", len(kinds["update"]))
    check_resync(report, told, kinds)


def check_resync(report: Report, told: list[dict[str, Any]], kinds: dict[str, list[dict[str, Any]]]) -> None:
    last = [event for event in told if event["event"] == "resync"]
    found = {kind: sum(1 for event in events if event.get("resync")) for kind, events in kinds.items()}
    summed = {kind: sum(event[kind] for event in last) for kind in kinds}
    report.claim(last and summed == found and found["new"] > 0, "a line says what was found afterwards", (last, found))
    gone = [event for event in kinds["destroy"] if event.get("resync")]
    report.claim(gone and all(event["original"]["src"].startswith("10.40.0.") for event in gone),
                 "what has gone is named", len(gone))


def check_forms(report: Report, router: Router) -> None:
    text, yaml = Listener(router, "--protocol=udp", form="text"), Listener(router, "--protocol=udp", form="yaml")
    router.make(("-p udp -s 10.31.0.1 -d 10.8.0.1 --sport 1 --dport 2 -t 600 -m 0x02010000",))
    router.command("delete", "--src=10.31.0.1")
    status, output, _ = text.end()
    lines = output.splitlines()
    report.claim(status == 0 and len(lines) == 2 and re.fullmatch(
        r"[\d:.]{12} new     udp    unreplied   10\.31\.0\.1:1 > 10\.8\.0\.1:2 lan to wan", lines[0]), "text: new", lines)
    report.claim(re.search(r" destroy udp .* lan to wan, lasted \d+\.\d{3}s, sent 0 packets 0 bytes, "
                           r"answered 0 packets 0 bytes$", lines[1]), "text: destroy")
    status, output, _ = yaml.end(signal.SIGTERM)
    report.claim(status == 0 and output.startswith("event: new\n") and output.count("---\n") == 2, "YAML documents",
                 output[:20])


def check_end(report: Report, router: Router) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        status, output, messages = Listener(router).end(number)
        report.claim((status, output, messages) == (0, "", ""), f"{number.name} ends it cleanly", (status, messages))
    limited = Listener(router, "--limit=1", "--protocol=udp")
    burst(router, 90000, 5)
    output = limited.process.communicate(timeout=10)[0].decode()
    report.claim(limited.process.returncode == 0 and output.count("\n") == 1, "--limit=1", output.count("\n"))
    name = router.lab.prefix + "router"
    piped = router.lab.start("router", "sh", "-c", f"{router.state} events | head -n 1",
                             output=router.lab.folder / "piped")
    for n in range(20):
        burst(router, 90100 + n, 1)
        time.sleep(0.2)
    report.claim(wait_for(lambda: piped.poll() is not None, 5), "a reader that goes away ends it, without any event")
    report.claim("cannot" not in (router.lab.folder / "piped").read_text(), "and is no failure")
    done = run(["ip", "netns", "exec", name, "setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin",
                router.state, "events"])
    report.claim(done.returncode == 3 and done.stderr.count("\n") == 1, "without the permission: status 3 and a line",
                 done.stderr.strip())


def main() -> None:
    router = Router(__doc__)
    report = Report()
    router.load()
    router.lab.sh("router", "sysctl -qw net.netfilter.nf_conntrack_events=1")
    for host, port in (("wan", 443), ("dmz", 80)):
        router.lab.tcp_echo(host, port)
    router.lab.udp_echo("dmz", 53)
    for check in (check_same, check_loss, check_forms, check_end):
        check(report, router)
    report.finish()


main()

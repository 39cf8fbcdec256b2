#!/usr/bin/python3
"""flywall-state delete, flush and update: those that were meant, no others, and nothing without a yes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import threading

from connections import MADE, Router
from lab import Report


def fresh(router: Router) -> set[int]:
    router.lab.sh("router", "conntrack -F", check=False)
    router.make(MADE)
    return router.ids()


# What is deleted with --yes, and how many those are of MADE. Mark alone and ct zone alone are one request.
DELETED = (
    ("--protocol=udp", None), ("--src=10.7.0.1", None), ("--mark=7", 1), ("--mark=0x02000000/0xff000000", None),
    ("--zone=1", None), ("--zone=1 --to-zone=2", None), ("--ct-zone=5", 1), ("--ct-zone=6", 1), ("--ct-zone=0", None),
    ("--status=natted", 3), ("--family=ipv6", None), ("--protocol=icmp", 2), ("--protocol=icmpv6", 1),
    ("--protocol=sctp --state=COOKIE_WAIT", 1), ("--protocol=gre", 1), ("--protocol=89", 1), ("--zone=lan", None),
    ("--policy=lan;to;wan", None), ("--max-timeout=2500", None), ("--uplink=3", 1), ("--ct-zone=5-8", 4),
)


def words(options: str) -> list[str]:
    return [word.replace(";", " ") for word in options.split()]


def check_filters(report: Report, router: Router) -> None:
    for options, n in DELETED:
        before = fresh(router)
        meant = router.ids(*words(options))
        done = router.command("delete", "--yes", "--format=json", *words(options))
        left = router.ids()
        answer = json.loads(done.stdout)
        report.claim(done.returncode == 0 and answer == {"deleted": len(meant), "gone": 0, "held": 0} and meant and
                     (n is None or len(meant) == n) and left == before - meant,
                     f"delete {options}: these {len(meant)} of {len(before)}", (answer, len(before) - len(left)))


def check_consent(report: Report, router: Router) -> None:
    before = fresh(router)
    for options, status, text in (
            ("--protocol=tcp", 1, "nothing was deleted"),
            ("--protocol=tcp --dry-run", 1, "would be deleted"),
            ("--mark=7 --dry-run", 1, "1 connection would be deleted"),
            ("--dry-run --yes --mark=7", 2, "exclude each other"),
            ("", 2, "say which connections"), ("--yes", 2, "say which connections"),
            ("--zone=nowhere --yes", 1, "no zone is named"), ("12x", 2, "not the ID"),
            ("1", 1, "no connection has the ID 1"), ("--src=10.7.0.1 --dst=2001:db8::1 --yes", 2, "never of one"),
            ("--src=192.0.2.1", 0, "")):
        done = router.command("delete", *options.split())
        report.claim(done.returncode == status and text in done.stderr, f"delete {options}: status {status}",
                     (done.returncode, done.stderr.strip()))
    report.claim(router.ids() == before, "and nothing has gone", len(before - router.ids()))
    shown = router.command("delete", "--protocol=tcp", "--format=json")
    ids = {entry["id"] for entry in json.loads(shown.stdout)["connections"]}
    report.claim(ids == router.ids("--protocol=tcp"), "a dry run shows what would go", len(ids))
    one = min(before)
    done = router.command("delete", str(one))
    report.claim(done.returncode == 0 and done.stdout == "deleted 1 connection\n" and router.ids() == before - {one},
                 "one ID needs no yes", done.stdout.strip())


def check_generation(report: Report, router: Router) -> None:
    router.be_another()
    before = fresh(router)
    done = router.command("delete", "--zone=lan", "--yes")
    report.claim(done.returncode == 1 and "another generation" in done.stderr and router.ids() == before,
                 "a table of another generation: nothing is deleted by a name", done.stderr.strip())
    router.load()


def ask(router: Router, answer: str) -> tuple[int, str]:
    """flush at a terminal."""
    ours, theirs = pty.openpty()
    command = ["ip", "netns", "exec", router.lab.prefix + "router", router.state, "flush"]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        os.write(ours, answer.encode())
        output = process.stdout.read().decode() if process.stdout else ""
    os.close(ours)
    os.close(theirs)
    return process.returncode, output


def check_flush(report: Report, router: Router) -> None:
    before = fresh(router)
    done = router.command("flush")
    report.claim(done.returncode == 1 and "--yes" in done.stderr and router.ids() == before,
                 "flush without a terminal wants --yes", done.stderr.strip())
    status, output = ask(router, "n\n")
    report.claim(status == 1 and f"Forget all {len(before)}" in output and router.ids() == before, "flush: no", output)
    status, output = ask(router, "y\n")
    report.claim(status == 0 and f"deleted {len(before)} connections" in output and not router.ids(), "flush: yes",
                 output)
    before = fresh(router)
    done = router.command("flush", "--yes")
    report.claim(done.stdout == f"deleted {len(before)} connections\n" and not router.ids(), "flush --yes", done.stdout)
    done = router.command("flush", "--protocol=tcp", "--yes")
    report.claim(done.returncode == 2, "flush has no filters", done.stderr.strip())


def check_update(report: Report, router: Router) -> None:
    fresh(router)
    before = {entry["id"]: entry for entry in router.listed()}
    meant = router.ids("--src=10.7.0.0/24")
    done = router.command("update", "--src=10.7.0.0/24", "--set-mark=0x20/0x0f0", "--set-timeout=2h", "--yes")
    after = {entry["id"]: entry for entry in router.listed()}
    changed = {i for i, entry in after.items() if entry["timeout"] > 6000}
    marks = all(entry["mark"] == (before[i]["mark"] & ~0xf0 | 0x20 if i in meant else before[i]["mark"])
                for i, entry in after.items())
    report.claim(done.stdout == f"updated {len(meant)} connections\n" and changed == meant, "update --set-timeout",
                 done.stdout + done.stderr)
    report.claim(marks, "update --set-mark: the bits of its mask, of those that were meant")
    router.command("update", "--zone=wan", "--set-mark=5", "--yes")
    report.claim({entry["mark"] for entry in router.listed("--zone=wan")} <= {0x01020005, 0x01010005, 0x01000005},
                 "update --set-mark without a mask: the user's bits alone",
                 {hex(entry["mark"]) for entry in router.listed("--zone=wan")})
    for options, status, text in (("--set-mark=0x1000 --zone=wan", 2, "flywall's zones"), ("--zone=wan", 2, "nothing to"),
                                  ("--set-mark=1", 2, "say which"), ("--set-mark=x --zone=wan", 2, "VALUE/MASK"),
                                  ("--set-mark=1 --protocol=tcp", 1, "nothing was updated")):
        done = router.command("update", *options.split())
        report.claim(done.returncode == status and text in done.stderr, f"update {options}: status {status}",
                     (done.returncode, done.stderr.strip()))


def check_races(report: Report, router: Router) -> None:
    """Two that delete the same are both content, and together deleted each connection once."""
    many = tuple(f"-p udp -s 10.20.{n // 200}.{1 + n % 200} -d 10.8.0.1 --sport 1 --dport 2 -t 600" for n in range(400))
    router.make(many)
    answers: list[dict[str, int]] = []

    def delete() -> None:
        done = router.command("delete", "--src=10.20.0.0/16", "--yes", "--format=json")
        if done.returncode == 0:
            answers.append(json.loads(done.stdout))

    threads = [threading.Thread(target=delete) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report.claim(len(answers) == 4 and sum(answer["deleted"] for answer in answers) == 400 and
                 not router.ids("--src=10.20.0.0/16"), "four at a time delete each connection once", answers)


def check_permission(report: Report, router: Router) -> None:
    name = router.lab.prefix + "router"
    done = subprocess.run(["ip", "netns", "exec", name, "setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin",
                           router.state, "delete", "--mark=7"], text=True, capture_output=True, check=False)
    report.claim(done.returncode == 3 and done.stderr.count("\n") == 1 and "CAP_NET_ADMIN" in done.stderr,
                 "without the permission: status 3 and a line", done.stderr.strip())


def main() -> None:
    router = Router(__doc__)
    report = Report()
    router.load()
    for check in (check_filters, check_consent, check_generation, check_flush, check_update, check_races,
                  check_permission):
        check(report, router)
    report.finish()


main()

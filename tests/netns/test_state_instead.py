#!/usr/bin/python3
"""The commands that flywall-state(8) has instead of others: each runs, and says the same about one table."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from connections import Router
from lab import Report, wait_for

MANUAL = Path(__file__).resolve().parents[2] / "runtime" / "flywall-state.8"
ROFF = {"\\-": "-", "\\(aq": "'", "\\(dq": '"'}


@dataclass(frozen=True)
class Row:
    theirs: str
    words: tuple[str, ...]  # of ours, after the program's name


def plain(text: str) -> str:
    for written, meant in ROFF.items():
        text = text.replace(written, meant)
    return text


def rows() -> list[Row]:
    section = MANUAL.read_text().split(".Ss Instead of other commands\n")[1].split("\n.El\n")[0]
    found = re.findall(r'^\.It Li "(.*)"\n\.Nm Li "(.*)"$', section, re.MULTILINE)
    return [Row(plain(theirs), tuple(shlex.split(plain(ours)))) for theirs, ours in found]


def theirs_ids(router: Router, row: Row) -> set[int]:
    """conntrack lists one family unless it is told otherwise, the file both, without IDs."""
    options = row.theirs.removeprefix("conntrack -L") if row.theirs.startswith("conntrack") else ""
    return router.conntrack_ids(f"-f ipv4 {options}") | router.conntrack_ids(f"-f ipv6 {options}")


def check_list(report: Report, router: Router, row: Row) -> None:
    words = [word for word in row.words[1:] if word != "--wide"]
    ours, theirs = router.ids(*words), theirs_ids(router, row)
    report.claim(ours == theirs and ours, row.theirs, (len(ours), len(theirs)))


def check_counted(report: Report, router: Router, row: Row) -> None:
    """Counts and the first few of a list, by a pipe."""
    done = router.command(*row.words)
    lines = router.lab.sh("router", f"({row.theirs}) 2>/dev/null").stdout.splitlines()
    if "--count" in row.words:
        report.claim(int(done.stdout) == int(lines[0]) > 0, row.theirs, (done.stdout, lines))
    else:
        report.claim(done.stdout.count("\n") - 1 == len(lines) > 0, row.theirs, (done.stdout, lines))


def check_events(report: Report, router: Router, row: Row) -> None:
    path = router.lab.folder / "events"
    process = router.lab.start("router", router.state, f"--state-dir={router.folder}", *row.words, "--limit=1",
                               output=path)
    entry = "-p udp -s 10.7.0.1 -d 10.8.9.9 --sport 9 --dport 9"
    listening = "grep -qs '^[0-9a-f]* 12 .* 0000000[57] ' /proc/net/netlink"
    wait_for(lambda: router.lab.sh("router", listening, check=False).returncode == 0, 20)
    router.make((f"{entry} -t 600",))
    report.claim(wait_for(lambda: process.poll() == 0, 20) and "10.8.9.9" in path.read_text(), row.theirs,
                 path.read_text())
    router.lab.sh("router", f"conntrack -D {entry} 2>/dev/null")


def check_delete(report: Report, router: Router, row: Row) -> None:
    options = row.theirs[len("conntrack -D"):]
    before = router.conntrack_ids(f"-f ipv4 {options}") | router.conntrack_ids(f"-f ipv6 {options}")
    done = router.command(*row.words)
    after = router.conntrack_ids(f"-f ipv4 {options}") | router.conntrack_ids(f"-f ipv6 {options}")
    told = re.fullmatch(r"deleted (\d+) connections?\n", done.stdout)
    report.claim(told and int(told[1]) == len(before) > 0 and not after, row.theirs, (done.stdout, before, after))


def check_others(report: Report, router: Router, row: Row) -> None:
    """health has the exit status of its findings."""
    more = ("--times=1",) if "--watch=1" in row.words else ()
    done = router.command(*row.words, *more)
    report.claim(done.returncode in ((0, 1) if row.words[0] == "health" else (0,)) and done.stdout and
                 not done.stderr, f"{row.theirs}: {' '.join(row.words)}", (done.returncode, done.stderr))


def check_settings(report: Report, router: Router) -> None:
    told = {row["setting"]: row for row in json.loads(router.command("settings", "--format=json").stdout)["settings"]}
    listed = router.lab.sh("router", "sysctl -a 2>/dev/null").stdout
    theirs = dict(re.findall(r"^(net\.netfilter\.nf_conntrack_\S+) = (.*)$", listed, re.MULTILINE))
    report.claim({key: row.get("value") for key, row in told.items()} == theirs and theirs, "settings: as sysctl -a",
                 len(theirs))
    configured = {key: row["configured"] for key, row in told.items() if "configured" in row}
    report.claim(configured.get("net.netfilter.nf_conntrack_udp_timeout") == "3600" and
                 configured.get("net.netfilter.nf_conntrack_acct") == "1", "settings: what the configuration sets",
                 configured)
    report.claim(re.search(r"\.hcl:\d+:\d+$", told["net.netfilter.nf_conntrack_acct"]["at"]), "settings: and where")
    router.lab.sh("router", "sysctl -qw net.netfilter.nf_conntrack_udp_timeout=77")
    text = router.command("settings", "udp_timeout").stdout
    report.claim(re.search(r"nf_conntrack_udp_timeout +77 +3600 ", text), "settings: the kernel's value beside it", text)
    done = router.command("settings", "nonsense")
    report.claim((done.returncode, done.stdout) == (1, "") and "nonsense" in done.stderr, "settings: no such name")
    report.claim(router.command("settings", "a", "b").returncode == 2, "settings: one word at most")


def check_watch(report: Report, router: Router) -> None:
    done = router.command("stats", "--watch=1", "--times=1", "--format=json")
    told = json.loads(done.stdout)
    count = int(router.lab.sh("router", "conntrack -C").stdout)
    report.claim(told["connections"] == count and told["maximum"] >= count, "stats --watch: how many there are", told)


def check_of(row: Row) -> Callable[[Report, Router, Row], None]:
    if row.words[0] == "list" and ("|" in row.theirs or "--count" in row.words):
        return check_counted
    return CHECKS.get(row.words[0], check_others)


CHECKS = {"list": check_list, "delete": check_delete, "events": check_events, "flush": check_delete}


def main() -> None:
    router = Router(__doc__ or "")
    report = Report()
    router.load()
    router.fill()
    for row in rows():
        check_of(row)(report, router, row)
        if row.words == ("settings",):
            check_settings(report, router)
            check_watch(report, router)
    report.claim(len(rows()) >= 25, "every row of the manual was read", len(rows()))
    report.finish()


main()

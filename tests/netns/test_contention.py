#!/usr/bin/python3
"""Changes while another program changes nftables all the time: in a table of its own, and in ours.

Each change is made or refused whole and says why, and when the other program has ended, one more makes it right.
"""

from __future__ import annotations

import subprocess
import threading
import time

from router import DONE, REFUSED, UDP, Report, Router, config, open_router

CHANGES = 6
LARGE = 8000  # networks: reading them takes longer than the other program's next change
BLOCKED = ",\n".join(f'"198.{18 + (i >> 14)}.{i >> 6 & 255}.{(i & 63) * 4}/31"' for i in range(LARGE))
OTHERS = "add table ip other\nadd set ip other s { type ipv4_addr; }\n"
ELEMENT = ("add element ip other s { 192.0.2.1 }\n", "delete element ip other s { 192.0.2.1 }\n")
CHAIN = ("add chain inet flywall strange\n", "delete chain inet flywall strange\n")
RULE = ("add rule inet flywall fw_in counter\n", "add rule inet flywall fw_fwd counter\n")


def large(i: int) -> str:
    return config(30 + i, ("drop", "accept")[i % 2], f"""
ipset "blocked" {{
  entries = [{BLOCKED}]
  action  = "drop"
}}
ipset "more" {{
  entries = ["10.{i}.0.0/16", "172.16.0.0/12"]
  action  = "drop"
}}
""")


class Other:
    """The other program; it does one thing after the other as fast as it can."""

    def __init__(self, router: Router, commands: tuple[str, ...]) -> None:
        self.commands = commands
        self.is_ended = False
        self.process = subprocess.Popen(router.command("nft", "-i"), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, text=True)
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()
        time.sleep(0.2)

    def work(self) -> None:
        assert self.process.stdin
        while not self.is_ended:
            try:
                self.process.stdin.write("".join(self.commands))
                self.process.stdin.flush()
            except OSError:
                return

    def end(self) -> None:
        self.is_ended = True
        self.process.kill()
        self.process.wait()
        self.thread.join(5)


def check(report: Report, router: Router, name: str, commands: tuple[str, ...], is_ours: bool) -> None:
    router.inside("nft", "-f", "-", stdin=OTHERS)
    said, wrong, refused = [], [], 0
    other = Other(router, commands)
    for i in range(CHANGES):
        before = router.sysctl(UDP)
        done = router.apply(large(i))
        refused += done.returncode == REFUSED
        want = str(30 + i) if done.returncode == DONE else before
        if done.returncode not in (DONE, REFUSED) or router.sysctl(UDP) != want:
            wrong.append((done.returncode, router.sysctl(UDP), want))
        if done.returncode == REFUSED:
            said.append(done.stderr)
    other.end()
    report.claim(not wrong, f"{name}: each change is made or refused", wrong or None)
    report.claim(is_ours or refused == 0, f"{name}: how many were refused: {refused}", said[:1])
    report.claim(all("error: " in text and "another program" in text and "put back\n" not in text.replace(
        "has been put back\n", "") for text in said), f"{name}: a refusal says why", said[:2])
    done = router.apply(large(CHANGES))
    state = router.flywall("status")
    report.claim(done.returncode == DONE and "drift" not in state.stdout and "strange" not in router.ruleset(),
                 f"{name}: afterwards all is as it is wanted", done.stderr or state.stdout)


def main() -> None:
    programs = open_router(__doc__ or "")
    report = Report()
    for name, commands, is_ours in (("another table", ELEMENT, False), ("chains of ours", CHAIN, True),
                                    ("rules of ours", RULE, True)):
        router = Router(programs)
        done = router.apply(large(0))
        report.claim(done.returncode == DONE, f"{name}: the first is loaded", done.stderr or None)
        check(report, router, name, commands, is_ours)
        router.remove()
    report.finish()


main()

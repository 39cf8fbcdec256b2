#!/usr/bin/python3
"""flywall-apply is killed at its system calls, one after another, or each of them fails: the kernel holds the
old ruleset or the new one whole, and what is kept can be read, loaded and changed."""

from __future__ import annotations

import json
import re
import subprocess

from router import DONE, NO, REFUSED, Report, Router, config, open_router, run



def ranges(*blocked: str) -> str:
    """New sets of ranges come in a transaction ahead of the rules."""
    return f'ipset "blocked" {{\n  entries = [{", ".join(blocked)}]\n  action  = "drop"\n}}\n'


OLD = config(33, more=ranges('"192.0.2.0/25"', '"198.51.100.7"'))
# A zone ahead of the others gives all of them other numbers.
NEW = 'zone "first" { interface = "eth7" }\n' + config(44, "drop", ranges('"192.0.2.0/24"', '"198.51.100.8"'))
WRITES = "write,fsync,renameat,symlinkat,unlinkat,mkdirat,rename,unlink,sendto,sendmsg"
STORE = "fsync,renameat,symlinkat,mkdirat"
POINTS, CONFIRM_POINTS, ERROR_POINTS = 40, 10, 12


def things(ruleset: str) -> set[str]:
    """Chains and sets; the kernel lists them in the order in which they came."""
    return {thing.strip() for thing in re.split(r"\n\t\}\n*", ruleset.replace("table inet flywall {\n", ""))} - {"}"}


class Victim(Router):
    """A router whose flywall-apply is killed."""

    def start(self) -> None:
        """With the old configuration in force."""
        self.flywall("rollback")
        done = self.apply(OLD)
        assert done.returncode == DONE, done.stderr

    def learn(self) -> None:
        self.start()
        self.old = things(self.ruleset())
        self.apply(NEW)
        self.new = things(self.ruleset())

    def change(self, calls: str, what: str, *options: str) -> subprocess.CompletedProcess[str]:
        """Applies the new configuration, with something happening at a call."""
        trace = ["strace", "-o", str(self.folder / "trace"), "-e", f"trace={calls}", "-e", f"inject={what}"]
        return run(self.command(*trace, self.apply_path, f"--state-dir={self.state}", *options, self.write(NEW)),
                   cwd=self.folder)

    def points(self, calls: str, *options: str) -> list[tuple[str, int]]:
        """The calls of a change in their order, each with its number among those of its name."""
        self.start()
        self.change(calls, "none:delay_enter=0", *options)
        if options:
            self.flywall("rollback")
        names = re.findall(r"(?m)^(\w+)\(", (self.folder / "trace").read_text())
        return [(name, names[:i + 1].count(name)) for i, name in enumerate(names)]


def spread(points: list[tuple[str, int]], wanted: int) -> list[tuple[str, int]]:
    """Some of them, the first and the last too."""
    last = len(points) - 1
    return [points[i] for i in sorted({i * last // (wanted - 1) for i in range(wanted)})]


def standing(router: Victim) -> str:
    """Which ruleset is in force. Sets and maps that no rule looks at may be left of the other, and the gate, which
    opens by itself."""
    now = things(router.ruleset())
    for name, whole, other in (("old", router.old, router.new), ("new", router.new, router.old)):
        gate = {one for one in now if one.startswith(("set renumbering/", "chain renumbering/"))}
        extra = now - whole - gate
        if whole <= now and extra <= other and all(one.startswith(("set ", "map ")) for one in extra):
            return name + (" and a gate" if gate else "") + (" and sets" if extra else "")
    return "neither"


def is_whole(router: Victim) -> bool:
    return things(router.ruleset()) in (router.old, router.new)


def told(router: Victim, seen: str) -> str | None:
    """What is told wrongly of a change that was interrupted."""
    plan, status = router.flywall("plan", router.write(OLD)), router.flywall("status")
    if plan.returncode not in (DONE, NO) or status.returncode not in (DONE, NO):
        return f"plan: {plan.returncode} {plan.stderr}, status: {status.returncode} {status.stderr}"
    if "somebody else" in plan.stdout:
        return f"plan: {plan.stdout[:300]}"
    if seen != "old" and "drift" in status.stdout and "interrupted" not in status.stdout:
        return f"status: {status.stdout}"
    return None


def readable(router: Victim) -> str | None:
    """What is wrong with the directory."""
    done = router.flywall("generations", "--format=json")
    if done.returncode != DONE:
        return f"generations: {done.stderr.strip()}"
    flaws = [each["flaw"] for each in json.loads(done.stdout)["generations"] if "flaw" in each]
    if flaws:
        return f"generations: {flaws}"
    done = router.flywall("status")
    return None if done.returncode in (DONE, NO) else f"status: {done.stderr.strip()}"


def usable(router: Victim) -> str | None:
    """What does not work any more."""
    router.inside("nft", "flush", "ruleset")
    done = router.flywall("boot")
    if done.returncode != DONE or not is_whole(router):
        return f"boot: {done.stderr.strip()}"
    done = router.apply(OLD)
    if done.returncode != DONE or things(router.ruleset()) != router.old or router.sysctl() != "33":
        return f"apply: {done.stderr.strip()}"
    return None


def check_killed(report: Report, router: Victim, wanted: int, *options: str) -> None:
    points, killed = router.points(WRITES, *options), 0
    seen: dict[str, int] = {}
    for call, n in spread(points, wanted):
        router.start()
        done = router.change(WRITES, f"{call}:signal=KILL:when={n}", *options)
        killed += done.returncode not in (DONE, REFUSED)
        now = standing(router)
        seen[now] = seen.get(now, 0) + 1
        report.claim(now != "neither", f"killed at {call} {n}: a whole ruleset", now == "neither" and router.ruleset())
        wrong = told(router, now)
        report.claim(wrong is None, f"killed at {call} {n}: nobody else is blamed", wrong)
        wrong = readable(router)
        report.claim(wrong is None, f"killed at {call} {n}: a readable directory", wrong)
        if (router.state / "pending.json").exists():
            router.flywall("rollback")
            report.claim(things(router.ruleset()) == router.old and router.sysctl() == "33",
                         f"killed at {call} {n}: the old one comes back")
        wrong = usable(router)
        report.claim(wrong is None, f"killed at {call} {n}: boot and apply work", wrong)
    report.claim(killed >= wanted * 3 // 4, f"killed at {killed} of {len(points)} calls", seen)
    report.claim({"old", "new"} <= seen.keys(), "before the change and after it", seen)
    report.claim(options or "old and sets" in seen, "and between its transactions", seen)


def check_gate(report: Report, router: Victim) -> None:
    """Killed while it waits for the last packets that were marked by the rules of before."""
    for n, want in ((1, "new and a gate and sets"), (2, "new and sets")):
        router.start()
        router.change("membarrier", f"membarrier:signal=KILL:when={n}")
        now = standing(router)
        report.claim(now == want, f"killed as it waits: {want}", now)
        wrong = told(router, now)
        report.claim(wrong is None, "nobody else is blamed", wrong)
        done = router.apply(NEW)
        report.claim(done.returncode == DONE and things(router.ruleset()) == router.new, "the next one clears up",
                     done.stderr)


def check_failing(report: Report, router: Victim, calls: str, error: str) -> None:
    points, refused = router.points(calls), 0
    for call, n in spread(points, ERROR_POINTS):
        router.start()
        done = router.change(calls, f"{call}:error={error}:when={n}")
        refused += done.returncode == REFUSED
        whole = (router.old, "33") if done.returncode == REFUSED else (router.new, "44")
        report.claim(done.returncode in (DONE, REFUSED) and (things(router.ruleset()), router.sysctl()) == whole,
                     f"{error} at {call} {n}: all or nothing", (done.returncode, done.stderr.strip()[:200]))
        report.claim(done.returncode == DONE or done.stderr.strip(), f"{error} at {call} {n}: it says so")
        wrong = readable(router) or usable(router)
        report.claim(wrong is None, f"{error} at {call} {n}: everything works", wrong)
    report.claim(refused > 0, f"{error}: refused at {refused} of {len(points)} calls")


def main() -> None:
    programs = open_router(__doc__, "strace")
    report = Report(only_failures=True)
    router = Victim(programs)
    router.learn()
    check_killed(report, router, POINTS)
    check_killed(report, router, CONFIRM_POINTS, "--confirm=60s")
    check_gate(report, router)
    for error in ("ENOSPC", "EROFS", "EIO"):
        check_failing(report, router, STORE, error)
    report.finish()


main()

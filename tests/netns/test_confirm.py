#!/usr/bin/python3
"""A change that nobody confirms is taken back, whatever dies in between."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import time

from router import DONE, NO, REFUSED, USAGE, Report, Router, config, open_router, run


def wait_until(holds, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(holds())


def pending(router: Router) -> dict[str, object]:
    return json.loads((router.state / "pending.json").read_text())


def is_gone(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat", encoding="ascii") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def is_back(router: Router, before: str) -> bool:
    return not (router.state / "pending.json").exists() and router.sysctl() == "33" and router.ruleset() == before


def started(router: Router) -> str:
    """With generation 1 in force; its ruleset."""
    router.apply(config(33))
    return router.ruleset()


def check_kept(report: Report, router: Router) -> None:
    started(router)
    done = router.apply(config(44, "drop"), "--confirm=60s")
    report.claim(done.returncode == DONE and router.sysctl() == "44", "a change is made at once", done.stderr.strip())
    report.claim("flywall-apply confirm" in done.stderr, "and says how to keep it")
    report.claim((router.link("current"), router.link("confirmed")) == (2, 1), "until then the one before boots")
    left = router.status()["pending"]["seconds_left"]
    report.claim(50 <= left <= 60, "status tells the time left", left)
    guard = pending(router)["guard"]
    done = router.apply(config(55))
    report.claim(done.returncode == NO and "awaits" in done.stderr and "confirm" in done.stderr,
                 "another change is refused", done.stderr.strip())
    done = router.flywall("confirm")
    report.claim(done.returncode == DONE and router.link("confirmed") == 2, "confirm keeps it", done.stderr.strip())
    report.claim(wait_until(lambda: is_gone(guard)), "and nobody waits any more")
    report.claim(router.flywall("confirm").returncode == NO, "there is nothing to confirm twice")
    done = router.apply(config(44, "drop"), "--confirm=60s")
    report.claim(done.returncode == DONE and "nothing to confirm" in done.stderr, "nor where nothing changes")


def check_taken_back(report: Report, router: Router) -> None:
    before = started(router)
    router.apply(config(44, "drop"), "--confirm=1s")
    report.claim(wait_until(lambda: is_back(router, before)), "without confirmation rules and settings come back",
                 router.sysctl())
    report.claim(router.link("current") == router.link("confirmed") == 1, "and the generation before")
    report.claim(router.listed()[2]["state"] == "not confirmed", "the other one is kept, not to boot")
    router.apply(config(44, "drop"), "--confirm=60s")
    done = router.flywall("rollback")
    report.claim(done.returncode == DONE and is_back(router, before), "rollback takes it back at once",
                 done.stderr.strip())


def check_first(report: Report, router: Router) -> None:
    """Nothing was there before."""
    before = router.sysctl()
    router.apply(config(44), "--confirm=1s")
    report.claim(wait_until(lambda: not (router.state / "pending.json").exists()) and router.ruleset() == ""
                 and router.sysctl() == before, "the first configuration of all leaves nothing", router.sysctl())


def check_dead_terminal(report: Report, router: Router) -> None:
    """The session ends as an ssh connection does: the terminal is closed, its processes killed."""
    before = started(router)
    name = router.write(config(44, "drop"))
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(router.folder)
        shell = f"{' '.join(router.flywall_command('--confirm=2s', name))}; sleep 60"
        os.execvp("sh", ["sh", "-c", shell])
    report.claim(wait_until(lambda: router.sysctl() == "44"), "a change is made from a terminal")
    wait_until(lambda: router.link("current") == 2)
    os.close(terminal)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    report.claim(wait_until(lambda: is_back(router, before)), "and comes back when the terminal is gone")


def check_dead_guard(report: Report, router: Router) -> None:
    before = started(router)
    router.apply(config(44), "--confirm=60s")
    first = pending(router)["guard"]
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: is_gone(first))
    router.flywall("status")
    second = pending(router)["guard"]
    report.claim(second != first and not is_gone(second), "a guard that was killed is replaced")
    os.kill(second, signal.SIGKILL)
    late = {**pending(router), "deadline": 1}
    (router.state / "pending.json").write_text(json.dumps(late))
    done = router.flywall("generations")
    report.claim(done.returncode == DONE and "not confirmed in time" in done.stderr and is_back(router, before),
                 "or the next command takes the change back", done.stderr.strip())
    router.apply(config(44), "--confirm=60s")
    os.kill(pending(router)["guard"], signal.SIGKILL)
    late = {**pending(router), "deadline": 1}
    (router.state / "pending.json").write_text(json.dumps(late))
    done = router.flywall("confirm")
    report.claim(done.returncode == NO and is_back(router, before), "also where it is a late confirmation",
                 done.stderr.strip())


def check_restart(report: Report, router: Router) -> None:
    """As after a restart: another boot, no table, a pending file."""
    before = started(router)
    router.apply(config(44), "--confirm=60s")
    guard = pending(router)["guard"]
    (router.state / "pending.json").write_text(json.dumps({**pending(router), "boot": "another"}))
    os.kill(guard, signal.SIGKILL)
    router.inside("nft", "flush", "ruleset")
    done = router.flywall("boot")
    report.claim(done.returncode == DONE and "generation 1 is loaded" in done.stderr and is_back(router, before),
                 "a restart in between boots what was confirmed", done.stderr.strip())
    router.apply(config(44), "--confirm=60s")
    guard = pending(router)["guard"]
    (router.state / "pending.json").write_text(json.dumps({**pending(router), "boot": "another"}))
    os.kill(guard, signal.SIGKILL)
    done = router.flywall("confirm")
    report.claim(done.returncode == NO and router.link("confirmed") == 1, "nothing is left to confirm then",
                 done.stderr.strip())


def ask(router: Router, answer: bytes | None, options: tuple[str, ...] = ()) -> tuple[int, str]:
    """Applies with --interactive on a terminal of its own: the exit status and what is shown. Without an answer
    the terminal is closed."""
    name = router.write(config(44, "drop"))
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(router.folder)
        words = router.flywall_command("--interactive", *options, name)
        os.execvp(words[0], words)
    shown = b""
    while b"[y/N]" not in shown and select.select([terminal], [], [], 10)[0]:
        shown += os.read(terminal, 4096)
    if answer is None:
        os.close(terminal)
    elif answer:
        os.write(terminal, answer)
    end = time.monotonic() + 10
    while answer is not None and time.monotonic() < end:
        try:
            if select.select([terminal], [], [], 0.1)[0]:
                shown += os.read(terminal, 4096)
        except OSError:
            break
    status = os.waitpid(child, 0)[1]
    if answer is not None:
        os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown.decode(errors="replace")


def check_interactive(report: Report, router: Router) -> None:
    before = started(router)
    for answer, what in ((b"n\n", "no"), (b"\n", "an empty line"), (b"\x03", "an interrupt"), (b"\x04", "the end of input")):
        status, shown = ask(router, answer)
        report.claim(status == NO and is_back(router, before), f"{what} takes it back", status)
    status, shown = ask(router, b"", ("--confirm=2s",))
    report.claim(status == NO and is_back(router, before) and "in 1 s" in shown, "so does no answer, with a countdown",
                 status)
    status, _ = ask(router, None)
    report.claim(wait_until(lambda: is_back(router, before)), "and a terminal that is closed", status)
    done = run(["setsid", "--wait", *router.flywall_command("--interactive", "office.hcl")], cwd=router.folder)
    report.claim(done.returncode == USAGE and "terminal" in done.stderr and is_back(router, before),
                 "without any terminal nothing is changed", done.stderr.strip())
    status, shown = ask(router, b"y\n")
    report.claim(status == DONE and router.link("confirmed") == router.link("current") and router.sysctl() == "44",
                 "yes keeps it", status)


def check_refused(report: Report, router: Router) -> None:
    """A change that does not come about leaves nobody waiting."""
    before = started(router)
    path = "/proc/sys/net/netfilter/nf_conntrack_generic_timeout"
    name = router.write(config(44).replace("timeouts = {", "timeouts = { generic = 77,"))
    words = f"{router.apply_path} --state-dir={router.state} --confirm=60s {name}"
    done = run(router.command("unshare", "--mount", "sh", "-ec", f"mount --bind /dev/null {path}; exec {words}"),
               cwd=router.folder)
    report.claim(done.returncode == REFUSED and is_back(router, before), "a refused change leaves all as it was",
                 (done.returncode, done.stderr.strip()))
    report.claim(list(router.listed()) == [0, 1], "and no generation", list(router.listed()))


def main() -> None:
    programs = open_router(__doc__, "unshare", "mount")
    report = Report()
    for check in (check_kept, check_taken_back, check_first, check_dead_terminal, check_dead_guard, check_restart,
                  check_interactive, check_refused):
        router = Router(programs)
        check(report, router)
        router.remove()
    report.finish()


main()

#!/usr/bin/python3
"""What stands between an administrator and the way back: damaged files, a full disk, a setting that does not
give way. The machine is never left open, nor with a change that nobody has confirmed."""

from __future__ import annotations

import atexit
import json
import os
import signal
import time
from pathlib import Path

from router import DONE, REFUSED, Report, Router, config, open_router, run

EARLIER, CLOSED = 4, 5
WAY_IN = 'iifname "eth1" tcp dport 22 accept'


def wait_until(holds, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(holds())


def is_decided(router: Router) -> bool:
    return not (router.state / "pending.json").exists()


def said_by_guard(router: Router) -> str:
    return (router.state / "guard.log").read_text().strip()


def is_closed(router: Router) -> bool:
    return "chain closed_in" in router.ruleset() and WAY_IN in router.ruleset()


def check_torn(report: Report, router: Router) -> None:
    router.apply(config(33))
    before = router.ruleset()
    router.apply(config(44, "reject"))
    router.apply(config(55, "drop"), "--confirm=1s")
    router.tear(2)
    report.claim(wait_until(lambda: is_decided(router)) and router.ruleset() == before and router.sysctl() == "33",
                 "where what was before is damaged, what was before that comes back", said_by_guard(router))
    report.claim(router.link("current") == router.link("confirmed") == 1, "and boots")


def check_all_torn(report: Report, router: Router) -> None:
    router.apply(config(33))
    router.apply(config(55, "drop"), "--confirm=1s")
    router.tear(1)
    report.claim(wait_until(lambda: is_closed(router)), "where nothing comes back, all but management is closed",
                 said_by_guard(router))
    report.claim(wait_until(lambda: is_decided(router)), "and nothing awaits a confirmation")
    done = router.apply(config(66))
    report.claim(done.returncode == DONE and router.sysctl() == "66" and "closed_in" not in router.ruleset(),
                 "the next change opens it again", done.stderr.strip())


def check_torn_in_force(report: Report, router: Router) -> None:
    """What the kernel holds is sound, the files that it came from are not."""
    router.apply(config(33))
    router.tear(1)
    router.apply(config(55, "drop"), "--confirm=1s")
    report.claim(wait_until(lambda: is_decided(router)) and is_closed(router),
                 "a change over damaged files is taken back to a closed machine, not to an open one",
                 said_by_guard(router))


def check_damaged_note(report: Report, router: Router) -> None:
    router.apply(config(33))
    before = router.ruleset()
    for what in ("", "{", "[]"):
        router.apply(config(44, "drop"), "--confirm=2s")
        (router.state / "pending.json").write_text(what)
        report.claim(wait_until(lambda: router.ruleset() == before and router.sysctl() == "33"),
                     f"the guard needs no pending.json: '{what}'", said_by_guard(router))
        report.claim(wait_until(lambda: is_decided(router)), "and clears it away")


def check_management(report: Report, router: Router) -> None:
    """The ways in of a closed machine are not those of a change that nobody has confirmed."""
    def knows(interface: str) -> bool:
        return f'"{interface}"' in (router.state / "management.json").read_text()

    moved = config(44, "drop").replace("eth1", "eth9")
    router.apply(config(33))
    router.apply(moved, "--confirm=60s")
    report.claim(knows("eth1"), "until a change is confirmed, management stays where it was")
    router.flywall("rollback")
    report.claim(knows("eth1"), "also when it is taken back")
    router.apply(moved, "--confirm=60s")
    router.flywall("confirm")
    report.claim(knows("eth9"), "then it moves")
    router.flywall("rollback", "1")
    report.claim(knows("eth1"), "and back")


def check_lost_namespace(report: Report, router: Router) -> None:
    """A change awaits its confirmation in a network namespace that is gone, its guard too."""
    router.apply(config(33))
    before = router.ruleset()
    name = router.write(config(44, "drop"))
    own = [router.apply_path, f"--state-dir={router.state}"]
    run(["unshare", "--net", *own, "--confirm=60s", name], cwd=router.folder)
    note = json.loads((router.state / "pending.json").read_text())
    os.kill(note["guard"], signal.SIGKILL)
    done = router.flywall("status")
    report.claim(done.returncode == REFUSED and "flywall-apply boot" in done.stderr, "it says how to go on",
                 done.stderr.strip())
    done = router.flywall("boot")
    report.claim(done.returncode == DONE and is_decided(router) and router.ruleset() == before, "and boot does",
                 done.stderr.strip())
    report.claim(router.apply(config(55)).returncode == DONE, "then changes are taken again")


def check_full_disk(report: Report, router: Router) -> None:
    """The way back wants to note a setting, and cannot."""
    router.state.mkdir()
    run(["mount", "-t", "tmpfs", "-o", "size=512k", "flywall", str(router.state)])
    atexit.register(run, ["umount", "-l", str(router.state)])
    router.apply(config(33))
    before = router.ruleset()
    router.apply(config(None, "drop"), "--confirm=2s")
    report.claim(router.sysctl() != "33", "a change gives a setting back")
    ballast = router.state / "ballast"
    try:
        with open(ballast, "wb", buffering=0) as file:
            while file.write(b"x" * 4096):
                pass
    except OSError as error:
        print(f"      the disk is full: {error.strerror}")
    report.claim(wait_until(lambda: router.ruleset() == before and router.sysctl() == "33"),
                 "on a full disk rules and settings come back", said_by_guard(router))
    ballast.unlink()
    router.flywall("status")
    report.claim(router.link("confirmed") == 1 and is_decided(router), "with room again the note goes", router.listed())
    run(["umount", "-l", str(router.state)])


def check_stubborn_setting(report: Report, router: Router) -> None:
    """The guard runs where a setting can be read and not written."""
    router.apply(config(33))
    before = router.ruleset()
    path = Path("/proc/sys/net/netfilter/nf_conntrack_udp_timeout")
    name = router.write(config(44, "drop"))
    words = f"{router.apply_path} --state-dir={router.state} --confirm=1s {name}"
    run(router.command("unshare", "--mount", "sh", "-ec", f"{words}; mount --bind {path} {path}; "
                       f"mount -o remount,bind,ro {path}; exec sleep 3"), cwd=router.folder)
    report.claim(wait_until(lambda: router.ruleset() == before), "the rules come back without their setting",
                 said_by_guard(router))


def check_boot(report: Report, router: Router) -> None:
    router.apply(config(33))
    before = router.ruleset()
    for name in ("before.json", "loaded.json", "timeouts.json", "pending.json", "here.json", "management.json"):
        file = router.state / name
        file.unlink(missing_ok=True)
        file.mkdir()
        router.inside("nft", "flush", "ruleset")
        done = router.flywall("boot")
        report.claim(done.returncode == DONE and router.ruleset() == before, f"boot does without {name}",
                     done.stderr.strip())
        file.rmdir()


def check_huge(report: Report, router: Router) -> None:
    """What a damaged file system may say of a file."""
    router.apply(config(33))
    before = router.ruleset()
    router.apply(config(44, "drop"))
    for name in ("generations/2/ruleset.nft", "generations/2/meta.json", "before.json", "loaded.json", "timeouts.json",
                 "pending.json", "here.json"):
        (router.state / name).touch()
        os.truncate(router.state / name, 1 << 40)
        router.inside("nft", "flush", "ruleset")
        done = router.flywall("boot")
        report.claim(done.returncode == EARLIER and router.ruleset() == before, f"boot does without a huge {name}",
                     done.stderr.strip()[-200:])
    os.truncate(router.state / "management.json", 1 << 40)
    os.truncate(router.state / "generations" / "1" / "ruleset.nft", 1 << 40)
    done = router.flywall("boot")
    report.claim("chain closed_in" in router.ruleset(), "or closes the machine", done.stderr.strip()[-200:])


def check_crash(report: Report, router: Router) -> None:
    """Whoever loads what was kept is killed at it, or finds no memory."""
    router.apply(config(33))
    for what in ("signal=SEGV", "signal=KILL"):
        router.inside("nft", "flush", "ruleset")
        done = run(router.command("strace", "-f", "-o", str(router.folder / "trace"), "-e", "trace=readlinkat",
                                  "-e", f"inject=readlinkat:{what}", router.apply_path,
                                  f"--state-dir={router.state}", "boot"))
        report.claim(done.returncode == CLOSED and is_closed(router), f"boot closes the machine after {what}",
                     done.stderr.strip())


def main() -> None:
    programs = open_router(__doc__, "mount", "strace", "umount", "unshare")
    report = Report()
    for check in (check_torn, check_all_torn, check_torn_in_force, check_damaged_note, check_management,
                  check_lost_namespace, check_full_disk, check_stubborn_setting, check_boot, check_huge, check_crash):
        router = Router(programs)
        check(report, router)
        router.remove()
    report.finish()


main()

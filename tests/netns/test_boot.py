#!/usr/bin/python3
"""What flywall-apply boot loads, and the unit that calls it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from router import DONE, NO, REFUSED, Report, Router, config, open_router, run

EARLIER, CLOSED = 4, 5


def restart(router: Router) -> None:
    """What a restart leaves: nothing of flywall's in the kernel."""
    router.inside("nft", "flush", "ruleset")
    router.inside("sysctl", "-qw", "net.netfilter.nf_conntrack_udp_timeout=30")


def boot(router: Router):
    restart(router)
    return router.flywall("boot")


def check_good(report: Report, router: Router) -> None:
    router.apply(config(33))
    router.apply(config(44, "drop"))
    before = router.ruleset()
    shutil.rmtree(router.state / "generations" / "2" / "config")
    router.tear(1)
    done = boot(router)
    report.claim(done.returncode == DONE and "generation 2 is loaded" in done.stderr, "boot needs no sources",
                 done.stderr.strip())
    report.claim(router.ruleset() == before and router.sysctl() == "44", "it loads rules and settings")


def check_fallback(report: Report, router: Router) -> None:
    rulesets = []
    for seconds, action in ((31, "accept"), (32, "drop"), (33, "reject")):
        router.apply(config(seconds, action))
        rulesets.append(router.ruleset())
    router.tear(3)
    done = boot(router)
    report.claim(done.returncode == EARLIER and "generation 2 before it" in done.stderr, "a torn one is left out",
                 done.stderr.strip())
    report.claim(router.ruleset() == rulesets[1] and router.sysctl() == "32", "the one before is loaded whole")
    for name in ("meta.json", "settings.json", "routing.json"):
        router.apply(config(33, "reject"))
        last = max(router.listed())
        router.tear(last, name)
        done = boot(router)
        report.claim(done.returncode == EARLIER and router.sysctl() == "32", f"also where {name} is torn",
                     done.stderr.strip())
    (router.state / "confirmed").unlink()
    done = boot(router)
    report.claim(done.returncode == DONE and router.sysctl() == "32", "a lost link is the newest sound one",
                 done.stderr.strip())
    for number in router.listed():
        router.tear(number, "meta.json")
    done = boot(router)
    report.claim(done.returncode == CLOSED and "closed" in done.stderr, "without any it is closed", done.stderr.strip())
    state = router.flywall("status")
    report.claim(state.returncode == REFUSED and "which cannot be used\nclosed " in state.stdout, "status says both",
                 (state.stdout, state.stderr))
    rules = router.ruleset()
    report.claim('iifname "eth1" tcp dport 22 accept' in rules and "policy drop" in rules,
                 "but for the zones' management")
    report.claim("dport 22 accept" not in rules.replace('iifname "eth1" tcp dport 22', ""), "and no other zone's")


def check_unusable(report: Report, router: Router) -> None:
    done = boot(router)
    report.claim(done.returncode == CLOSED and "\ttcp dport 22 accept" in router.ruleset(),
                 "without a directory ssh is open, and nothing else", done.stderr.strip())
    done = router.flywall("status")
    report.claim(done.returncode == NO and "closed       no generation" in done.stdout, "status says that it is closed",
                 done.stdout)
    router.apply(config(33))
    (router.state / "management.json").write_text('[{"protocol": "tcp", "port": 1, "interfaces": ["\\" accept; #"], '
                                                  '"sources": []}]')
    router.tear(1)
    done = boot(router)
    report.claim(done.returncode == CLOSED and "tcp dport 22 accept" in router.ruleset()
                 and "dport 1 " not in router.ruleset(), "what management.json must not say is not believed")
    router.flywall("rollback", "0")
    done = boot(router)
    report.claim(done.returncode == DONE and router.ruleset() == "", "flywall that was taken away does not come back",
                 done.stderr.strip())


def check_read_only(report: Report, router: Router) -> None:
    router.apply(config(33))
    before = router.ruleset()
    restart(router)
    words = f"{router.apply_path} --state-dir={router.state}"
    mount = f"mount --bind {router.state} {router.state}; mount -o remount,bind,ro {router.state}"
    done = run(router.command("unshare", "--mount", "sh", "-ec", f"{mount}; exec {words} boot"))
    report.claim(done.returncode == DONE and router.ruleset() == before, "a read-only directory boots",
                 done.stderr.strip())
    name = router.write(config(44))
    done = run(router.command("unshare", "--mount", "sh", "-ec", f"{mount}; exec {words} {name}"), cwd=router.folder)
    report.claim(done.returncode == REFUSED and router.sysctl() == "33" and router.ruleset() == before,
                 "but takes no change", done.stderr.strip())


def check_unprivileged(report: Report, router: Router) -> None:
    """With what the unit leaves of root."""
    router.apply(config(33))
    restart(router)
    caps = "-all,+net_admin,+sys_module,+sys_admin"
    done = run(router.command("setpriv", f"--bounding-set={caps}", f"--inh-caps={caps}", "--no-new-privs",
                              router.apply_path, f"--state-dir={router.state}", "boot"))
    report.claim(done.returncode == DONE and router.sysctl() == "33", "the unit's capabilities are enough",
                 done.stderr.strip())


def check_unit(report: Report, router: Router) -> None:
    if not shutil.which("systemd-analyze"):
        print("SKIP  systemd-analyze is not installed")
        return
    units = []
    for built in sorted((Path(router.apply_path).parent.parent / "runtime" / "systemd").glob("flywall*")):
        units.append(router.folder / built.name)
        units[-1].write_text(re.sub(r"(?m)^(Exec\w+=)\S+", rf"\1{router.apply_path}", built.read_text()))
    done = run(["systemd-analyze", "verify", "--man=no", *map(str, units)])
    report.claim(done.returncode == 0 and "flywall" not in done.stderr and len(units) == 4,
                 "systemd understands the units", done.stderr.strip() or None)
    unit = router.folder / "flywall.service"
    done = run(["systemd-analyze", "security", "--offline=true", "--threshold=29", str(unit)])
    exposure = re.search(r"exposure level for \S+: (\S+)", done.stdout)
    report.claim(done.returncode == 0 and exposure and float(exposure[1]) < 3, "its exposure is below 3.0",
                 exposure and exposure[1])
    text = unit.read_text()
    for line in ("Before=network-pre.target", "Wants=network-pre.target", "Type=oneshot", "RemainAfterExit=yes",
                 "KillMode=process"):
        report.claim(re.search(rf"(?m)^{line}", text), f"it has {line}")


def main() -> None:
    programs = open_router(__doc__, "unshare", "mount", "setpriv")
    report = Report()
    for check in (check_good, check_fallback, check_unusable, check_read_only, check_unprivileged, check_unit):
        router = Router(programs)
        check(report, router)
        router.remove()
    report.finish()


main()

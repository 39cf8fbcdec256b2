#!/usr/bin/python3
"""What flywall-apply keeps: generations, going back to them, settings before flywall, drift."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

from router import DONE, NO, REFUSED, UDP, USAGE, Report, Router, config, open_router


def check_first(report: Report, router: Router) -> None:
    before = router.sysctl()
    done = router.apply(config(33))
    report.claim(done.returncode == DONE, "a configuration is applied", done.stderr.strip() or None)
    listed = router.listed()
    report.claim(list(listed) == [0, 1], "it is generation 1, after 0 without flywall", list(listed))
    report.claim(listed[1]["state"] == "current" and listed[1]["boots"], "it is in force and boots")
    report.claim(listed[1]["sources"] == ["office.hcl"] and listed[1]["user"], "with its source and who made it")
    folder = router.state / "generations" / "1"
    copies = [path.read_text() for path in (folder / "config").iterdir()]
    report.claim(copies == [config(33)], "its source is kept")
    names = {path.name for path in folder.iterdir()}
    wanted = {"ruleset.nft", "settings.json", "routing.json", "names.json", "management.json", "origins", "meta.json"}
    report.claim(wanted <= names, "with all its parts", sorted(wanted - names) or None)
    router.apply(config(33))
    report.claim(list(router.listed()) == [0, 1], "the same once more is no new generation")
    done = router.flywall("rollback", "0")
    report.claim(done.returncode == DONE and "table" not in router.ruleset(), "generation 0 has no table",
                 done.stderr.strip())
    report.claim(router.sysctl() == before, "and the settings before flywall", router.sysctl())


def check_settings(report: Report, router: Router) -> None:
    before = router.sysctl()
    router.apply(config(33))
    router.apply(config(44))
    report.claim(router.sysctl() == "44", "a setting follows the configuration", router.sysctl())
    done = router.apply(config(None))
    report.claim(done.returncode == DONE and router.sysctl() == before,
                 "one that is not mentioned any more is as it was before flywall", router.sysctl())
    router.flywall("rollback", "2")
    report.claim(router.sysctl() == "44", "going back brings it back", router.sysctl())
    router.flywall("rollback", "0")
    report.claim(router.sysctl() == before, "and taking flywall away leaves none of it", router.sysctl())


def check_damaged(report: Report, router: Router) -> None:
    """What settings were before flywall is lost: that is said, and no value of flywall's is taken for it."""
    router.apply(config(33))
    ledger, kept = router.state / "before.json", router.state / "before.json.damaged"
    torn = ledger.read_text()[:-20]
    ledger.write_text(torn)
    done = router.flywall("status")
    report.claim(done.returncode == DONE and "before.json is damaged" in done.stderr and UDP in done.stderr
                 and not kept.exists(), "status says that before.json is damaged, and leaves it", done.stderr.strip())
    done = router.apply(config(33))
    report.claim(done.returncode == DONE and "before.json.damaged" in done.stderr and kept.read_text() == torn,
                 "apply says so and keeps it aside, though nothing changes", done.stderr.strip())
    done = router.apply(config(44))
    report.claim(done.returncode == DONE and not done.stderr and router.sysctl() == "44",
                 "once; then changes go on", done.stderr.strip() or None)
    done = router.apply(config(None))
    report.claim(done.returncode == DONE and router.sysctl() == "44" and f"{UDP} keeps its value" in done.stderr,
                 "a setting whose value is lost stays as it is, and that is said", (router.sysctl(), done.stderr))
    done = router.apply(config(55))
    report.claim(not done.stderr and router.flywall("rollback", "0").returncode == DONE and router.sysctl() == "44",
                 "from then on it is as for any other", (router.sysctl(), done.stderr))
    ledger.unlink()
    ledger.mkdir()
    done = router.apply(config(66))
    report.claim(done.returncode == REFUSED and "before.json" in done.stderr and router.sysctl() == "44",
                 "where it cannot even be replaced nothing is changed", (done.returncode, done.stderr))


def check_rollback(report: Report, router: Router) -> None:
    for seconds, action in ((31, "accept"), (32, "drop"), (33, "reject")):
        router.apply(config(seconds, action))
    rulesets = {}
    for number in (3, 2, 1, 3):
        done = router.flywall("rollback", str(number))
        same = rulesets.setdefault(number, router.ruleset()) == router.ruleset()
        report.claim(done.returncode == DONE and router.sysctl() == str(30 + number) and same,
                     f"generation {number} comes back", done.stderr.strip())
    report.claim(len(set(rulesets.values())) == 3, "each with its own rules")
    router.flywall("rollback")
    report.claim(router.link("current") == router.link("confirmed") == 2, "without a number the one before",
                 router.link("current"))
    router.flywall("rollback")
    done = router.flywall("rollback")
    report.claim(done.returncode == NO and router.link("current") == 1, "there is none before the first",
                 done.stderr.strip())
    for word, status in (("9", REFUSED), ("x", USAGE), ("-1", USAGE)):
        done = router.flywall("rollback", "--", word)
        report.claim(done.returncode == status and done.stderr.count("\n") <= 2, f"rollback {word} is refused",
                     done.stderr.strip())


def check_torn(report: Report, router: Router) -> None:
    for seconds in (31, 32, 33):
        router.apply(config(seconds))
    router.tear(2)
    listed = router.listed()
    report.claim(listed[2]["state"] == "damaged" and "ruleset.nft" in listed[2]["flaw"],
                 "a torn generation is told", listed[2].get("flaw"))
    router.tear(3, "origins")
    done = router.flywall("plan", router.write(config(33)))
    report.claim(router.listed()[3]["state"] == "current" and done.returncode == DONE,
                 "one that has only forgotten where its lines came from is not", done.stderr.strip() or None)
    router.flywall("rollback")
    report.claim(router.link("current") == 1, "and left out", router.link("current"))
    done = router.flywall("rollback", "2")
    report.claim(done.returncode == REFUSED and router.sysctl() == "31", "and not loaded", done.stderr.strip())


def check_many(report: Report, router: Router) -> None:
    for i in range(14):
        router.apply(config(100 + i))
    listed = router.listed()
    report.claim(len(listed) <= 12 and max(listed) == 14 and 0 in listed, "ten are kept, and 0", sorted(listed))


def check_drift(report: Report, router: Router) -> None:
    router.apply(config(33))
    done = router.flywall("status")
    report.claim(done.returncode == DONE and "drift" not in done.stdout, "nothing has drifted", done.stdout.strip())
    status = router.status()
    report.claim(status["generation"] == 1 and status["drift"] == [] and status["connections"]["max"] > 0,
                 "as data too")
    router.inside("nft", "add", "chain", "inet", "flywall", "stranger")
    router.inside("sysctl", "-qw", f"{UDP}=99")
    done = router.flywall("status")
    report.claim(done.returncode == NO, "what somebody changes is status 1", done.returncode)
    report.claim("added chain stranger" in done.stdout and f"{UDP} is 99, not 33" in done.stdout,
                 "and is named", done.stdout.strip())
    done = router.apply(config(33))
    report.claim(done.returncode == DONE and router.flywall("status").returncode == DONE, "applying mends it")
    router.inside("nft", "flush", "ruleset")
    report.claim(router.flywall("status").returncode == NO, "a lost table is drift")


def check_plan(report: Report, router: Router) -> None:
    router.apply(config(33))
    done = router.flywall("plan", router.write(config(33)))
    report.claim(done.returncode == DONE and not done.stdout, "nothing to change is status 0", done.stdout or None)
    done = router.flywall("plan", router.write(config(44, "drop")))
    report.claim(done.returncode == NO and "33 -> 44" in done.stdout and "office.hcl:" in done.stdout,
                 "a change is shown with its line, and is status 1", done.stdout.strip().split("\n")[0])
    done = router.flywall("plan", "--format=json", "office.hcl")
    plan = json.loads(done.stdout)
    report.claim(plan["changes"] and plan["settings"] and plan["nft"], "as data too", sorted(plan))
    report.claim(list(router.listed()) == [0, 1] and router.sysctl() == "33", "and nothing has changed")


def check_places(report: Report, router: Router) -> None:
    """A state directory of one namespace is not believed in another."""
    router.apply(config(33))
    other = Router(Path(router.apply_path).parent)
    other.state = router.state
    done = other.flywall("status")
    report.claim(done.returncode == NO and "removed table inet flywall" in done.stdout, "elsewhere everything is drift")
    done = other.apply(config(33))
    report.claim(done.returncode == DONE and other.ruleset() == router.ruleset() and other.sysctl() == "33",
                 "and is applied there", done.stderr.strip() or None)
    report.claim(router.sysctl() == "33", "the first one keeps its own")
    other.state = other.folder / "state"


INPUTS = """
variable "seconds" { default = env("FLYWALL_TEST_SECONDS") }
conntrack { timeouts = { udp = var.seconds } }
zone "lan" { interface = "eth1" }
"""


def check_inputs(report: Report, router: Router) -> None:
    """apply and plan read a configuration with the same options as flywall-compile."""
    path = router.write(INPUTS)
    done = router.flywall("plan", path)
    report.claim(done.returncode == NO and "--allow-env" in done.stderr, "the environment is not read by itself",
                 done.stderr.strip())
    os.environ["FLYWALL_TEST_SECONDS"] = "41"
    for words, seconds in ((("--allow-env",), "41"), (("--allow-env", "-D", "seconds=42"), "42"),
                           (("--allow-env", "--define=seconds=43"), "43")):
        planned = router.flywall("plan", *words, path).stdout
        done = router.flywall(*words, path)
        report.claim(f"-> {seconds}" in planned and done.returncode == DONE and router.sysctl() == seconds,
                     f"{' '.join(words)}: {seconds}", (planned, done.stderr))
    os.environ["FLYWALL_VAR_seconds"] = "44"
    done = router.flywall("apply", "--allow-env", path)
    report.claim(router.sysctl() == "44", "FLYWALL_VAR_seconds", done.stderr.strip() or None)
    del os.environ["FLYWALL_VAR_seconds"], os.environ["FLYWALL_TEST_SECONDS"]
    done = router.flywall("plan", "--allow-env", "-D", "second=1", path)
    report.claim(done.returncode == NO and "second" in done.stderr, "a variable that is not declared is a mistake",
                 done.stderr.strip())


def check_lock(report: Report, router: Router) -> None:
    router.apply(config(33))
    hold = router.folder / "hold"
    holder = subprocess.Popen(router.command("flock", str(router.state / "lock"), "sh", "-c",
                                             f"touch {hold}; sleep 3"))
    while not hold.exists():
        time.sleep(0.02)
    done = router.apply(config(44), "--wait=0")
    report.claim(done.returncode == REFUSED and "--wait" in done.stderr, "--wait=0 refuses at once",
                 done.stderr.strip())
    done = router.apply(config(44), "--wait=1s")
    report.claim(done.returncode == REFUSED and router.sysctl() == "33", "--wait=1s waits and refuses")
    done = router.apply(config(44))
    report.claim(done.returncode == DONE and router.sysctl() == "44", "without it the second waits its turn",
                 done.stderr.strip())
    holder.wait()


def check_usage(report: Report, router: Router) -> None:
    wrong = (["confirm", "x"], ["generations", "x"], ["rollback", "1", "2"], ["plan"], ["--confirm=soon", "x.hcl"],
             ["--confirm=5s", "status"], ["--format=xml", "status"], ["--wait=-1", "status"], ["--state-dir=", "status"],
             ["-D", "x=1", "status"], ["--allow-env", "boot"], ["--strict", "rollback"])
    for words in wrong:
        done = router.flywall(*words)
        report.claim(done.returncode == USAGE and done.stdout == "", f"{' '.join(words)} is wrong usage",
                     done.stderr.strip().split("\n")[0])
    done = router.flywall("status")
    report.claim(done.returncode == DONE and not router.state.exists(), "looking makes no directory",
                 done.stdout.strip())
    for words in (["confirm"], ["rollback"], ["rollback", "1"]):
        done = router.flywall(*words)
        report.claim(done.returncode == NO and "nothing was applied yet" in done.stderr and not router.state.exists(),
                     f"{' '.join(words)} where nothing was applied is no", done.stderr.strip())
    done = router.flywall("stauts")
    report.claim(done.returncode == USAGE and "did you mean status?" in done.stderr, "a slip in a command is told",
                 done.stderr.strip())
    done = router.flywall("office.hlc")
    report.claim(done.returncode == NO and "office.hlc" in done.stderr, "one in a file's name is a mistake in the input",
                 done.stderr.strip())
    router.write(config(33), "confirm")
    report.claim(router.flywall("./confirm").returncode == DONE, "a file with the name of a command is ./NAME")


def main() -> None:
    programs = open_router(__doc__, "flock")
    report = Report()
    for check in (check_first, check_settings, check_damaged, check_rollback, check_torn, check_many, check_drift, check_plan,
                  check_places, check_inputs, check_lock, check_usage):
        router = Router(programs)
        check(report, router)
        router.remove()
    report.finish()


main()

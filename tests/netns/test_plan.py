#!/usr/bin/python3
"""What `flywall-apply plan` says of a change, before and after it is made."""

from __future__ import annotations

import json
import subprocess

from lab import Lab, Report, open_lab
from support import program

BEFORE = """
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
policy "lan" "wan" {
  rule "web" {
    proto     = "tcp"
    dest_port = 80
    action    = "accept"
  }
  rule "mail" {
    proto     = "tcp"
    dest_port = 25
    log       = true
    action    = "drop"
  }
}
"""
AFTER = BEFORE.replace("25", "587").replace('zone "lan"', 'zone "dmz" { interface = "eth2" }\nzone "lan"')


def run_command(lab: Lab, config: str, *words: str) -> subprocess.CompletedProcess[str]:
    path = lab.folder / "office.hcl"
    path.write_text(config)
    command = (program(lab.programs, "flywall-apply"), "--state-dir", str(lab.folder / "state"), *words, str(path))
    return lab.sh("router", " ".join(command), check=False)


def check_nothing(lab: Lab, report: Report) -> None:
    done = run_command(lab, BEFORE)
    report.claim(done.returncode == 0, "a configuration is applied", done.stderr or None)
    done = run_command(lab, BEFORE, "plan")
    report.claim(done.returncode == 0 and "chain" not in done.stdout, "planned again, nothing would change",
                 done.stdout or None)


def check_text(lab: Lab, report: Report) -> None:
    before = lab.listing()
    done = run_command(lab, AFTER, "plan")
    lines = done.stdout.splitlines()
    report.claim(done.returncode == 1, "the exit status tells that something would change", done.returncode)
    report.claim(any(line.startswith("  + tcp dport 587 ") and "(lan to wan: mail)" in line and "office.hcl:11:3" in line
                     for line in lines), "a rule that comes has its name and its place", done.stdout)
    report.claim(any(line.startswith("  - tcp dport 25 ") for line in lines), "the one that goes is there")
    report.claim(not any("tcp dport 80 " in line for line in lines), "the one that stays is not")
    report.claim(lab.listing() == before, "and nothing has changed")


def check_json(lab: Lab, report: Report) -> None:
    done = run_command(lab, AFTER, "plan", "--format", "json")
    plan = json.loads(done.stdout)
    lines = [line for step in plan["changes"] for line in step["lines"]]
    mail = [line["what"] for line in lines if line["rule"] == "lan to wan: mail"]
    report.claim(done.returncode == 1 and mail == ["removed", "added"], "JSON has the same", lines)
    report.claim(plan["drift"] == [], "nobody else has changed anything", plan["drift"])
    lab.nft("add rule inet flywall fw_in counter accept\n")
    plan = json.loads(run_command(lab, BEFORE, "plan", "--format", "json").stdout)
    report.claim(plan["drift"] == [{"what": "changed", "thing": "chain fw_in"}], "what somebody else did is told",
                 plan["drift"])


def check_applied(lab: Lab, report: Report) -> None:
    done = run_command(lab, AFTER)
    report.claim(done.returncode == 0, "the change is made", done.stderr or None)
    listing = lab.listing()
    report.claim("dport 587" in listing and "dport 25 " not in listing and "counter packets" not in
                 listing[listing.index("chain fw_in"):].split("}")[0], "as it was planned")
    report.claim(run_command(lab, AFTER, "plan").returncode == 0, "and nothing is left to do")


def main() -> None:
    lab = open_lab(__doc__ or "")
    report = Report()
    for check in (check_nothing, check_text, check_json, check_applied):
        check(lab, report)
    report.finish()


main()

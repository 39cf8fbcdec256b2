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
    (lab.folder / "office.hcl").write_text(config)
    return flywall(lab, *words, "office.hcl")


def flywall(lab: Lab, *words: str) -> subprocess.CompletedProcess[str]:
    command = (program(lab.programs.resolve(), "flywall-apply"), "--state-dir=state", *words)
    return lab.sh("router", f"cd {lab.folder} && {' '.join(command)}", check=False)


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
    topic = 'changed policy lan -> wan, rule "mail"  [office.hcl:11]'
    report.claim(done.returncode == 1, "the exit status tells that something would change", done.returncode)
    report.claim(topic in lines, "what changes has its name and its place", done.stdout)
    at = lines.index(topic) if topic in lines else 0
    of_mail = lines[at + 1:at + 3]
    report.claim(of_mail[0].startswith("  - chain pair/lan/wan: tcp dport 25 ") and of_mail[0].endswith("[was office.hcl:10]"),
                 "the rule that goes is there, with the place that it had", of_mail)
    report.claim(of_mail[1].startswith("  + chain pair/lan/wan: tcp dport 587 ") and of_mail[1].endswith("[office.hcl:11]"),
                 "and the one that comes", of_mail)
    report.claim('added zone "dmz"  [office.hcl:3]' in lines, "a zone that comes")
    words = done.stdout[:done.stdout.index("# as nft reads it")]
    report.claim("tcp dport 80 " not in words and 'zone "wan"' not in words,
                 "what only moves or stays is not there", words)
    report.claim("add rule inet flywall" in done.stdout or "table inet flywall {" in done.stdout,
                 "below it stands what nft reads")
    report.claim(lab.listing() == before, "and nothing has changed")


def check_removed(lab: Lab, report: Report) -> None:
    """What goes is shown at the place that it had, though the file has it no more."""
    less = BEFORE[:BEFORE.index('  rule "mail"')] + "}\n"
    lines = run_command(lab, less, "plan").stdout.splitlines()
    report.claim('removed policy lan -> wan, rule "mail"  [was office.hcl:10]' in lines, "a rule that goes",
                 lines)
    plan = json.loads(run_command(lab, less, "plan", "--format", "json").stdout)
    found = [(topic["what"], topic["subject"], topic["place"], topic["former_place"]) for topic in plan["changes"]]
    report.claim(("removed", 'policy lan -> wan, rule "mail"', "", "office.hcl:10") in found, "as data too", found)


def check_limit(lab: Lab, report: Report) -> None:
    """What is changed by its name alone, as a limit is, is shown with both of its values."""
    limit = BEFORE.replace('{ interface = "eth1" }', '{\ninterface = "eth1"\nconntrack {\nlimits = { new_per_second = 50 }\n}\n}')
    run_command(lab, limit)
    lines = run_command(lab, limit.replace("50", "60"), "plan").stdout.splitlines()
    at = lines.index('changed zone "lan", conntrack, limits  [office.hcl:6]') if lines else 0
    words = "\n".join(lines[at:at + 3])
    report.claim("rate over 50/second" in words and "rate over 60/second" in words, "a limit", lines[:9])
    run_command(lab, BEFORE)


def check_json(lab: Lab, report: Report) -> None:
    done = run_command(lab, AFTER, "plan", "--format", "json")
    plan = json.loads(done.stdout)
    mail = [line["what"] for topic in plan["changes"] if topic["subject"] == 'policy lan -> wan, rule "mail"'
            for line in topic["lines"] if line["rule"] == "lan to wan: mail"]
    report.claim(done.returncode == 1 and mail == ["removed", "added"], "JSON has the same", plan["changes"])
    report.claim(plan["drift"] == [], "nobody else has changed anything", plan["drift"])
    yaml = run_command(lab, AFTER, "plan", "--format", "yaml").stdout
    report.claim(yaml.count("former_place:") == len(plan["changes"]) and "subject: zone \"dmz\"" in yaml,
                 "and YAML", yaml[:300])


def check_drift(lab: Lab, report: Report) -> None:
    """What somebody else did is told rule by rule, at the place of what they took away."""
    lab.nft("add rule inet flywall fw_in counter accept\nflush chain inet flywall pair/lan/wan\n"
            "add chain inet flywall strange\nadd rule inet flywall strange tcp dport { 1, 2 } drop\n")
    for command in ("plan", "status"):
        words = (command, "--format", "json")
        done = run_command(lab, BEFORE, *words) if command == "plan" else flywall(lab, "--format=json", "status")
        drift = {item["thing"]: item for item in json.loads(done.stdout)["drift"]}
        report.claim(set(drift) == {"chain fw_in", "chain pair/lan/wan", "chain strange"} and done.returncode == 1,
                     f"{command}: the chains that somebody has changed", done.stdout)
        lines = [(line["what"], line["subject"], line["place"])
                 for line in drift["chain pair/lan/wan"]["lines"] if line["text"].startswith("tcp dport 80 ")]
        report.claim(("removed", 'policy lan -> wan, rule "web"', "office.hcl:5") in lines,
                     f"{command}: a rule that was removed has its name and place", lines)
        added = [line["text"] for line in drift["chain fw_in"]["lines"]]
        report.claim(len(added) == 1 and added[0].startswith("counter") and added[0].endswith("accept"),
                     f"{command}: a rule that was added", added)
        report.claim(drift["chain strange"]["what"] == "added" and
                     [line["text"] for line in drift["chain strange"]["lines"]] == ["tcp dport { 1, 2 } drop"],
                     f"{command}: a chain that was added, with its rules", drift["chain strange"])
    shown = flywall(lab, "status").stdout
    report.claim("- tcp dport 80 " in shown and 'policy lan -> wan, rule "web"  [office.hcl:5]' in shown,
                 "status shows it as a diff", shown)


def check_gate(lab: Lab, report: Report) -> None:
    """Packets marked with the number that a zone had must not pass as another's."""
    behind = BEFORE + 'zone "dmz" { interface = "eth2" }\n'
    for name, config, want in (("ahead of the others", AFTER, True), ("behind them", behind, False)):
        shown = run_command(lab, config, "plan").stdout
        report.claim(("chain renumbering/post" in shown) == want, f"a zone {name}: new connections wait: {want}", shown)


def check_applied(lab: Lab, report: Report) -> None:
    done = run_command(lab, AFTER)
    report.claim(done.returncode == 0, "the change is made", done.stderr or None)
    listing = lab.listing()
    report.claim("dport 587" in listing and "dport 25 " not in listing and "counter packets" not in
                 listing[listing.index("chain fw_in"):].split("}")[0], "as it was planned")
    report.claim("renumbering" not in listing, "and no connection waits any more")
    report.claim(run_command(lab, AFTER, "plan").returncode == 0, "and nothing is left to do")


def main() -> None:
    lab = open_lab(__doc__ or "")
    report = Report()
    for check in (check_nothing, check_text, check_removed, check_limit, check_json, check_gate, check_drift,
                  check_applied):
        check(lab, report)
    report.finish()


main()

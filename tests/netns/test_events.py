#!/usr/bin/python3
"""Listeners see the connection events that the configuration names."""

import re
import time

from lab import FAMILIES, Lab, Report, alive, need_programs, open_lab

ZONES = """
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
"""

QUIET_LAN = """
zone "wan" { interface = "eth0" }
zone "lan" {
  interface = "eth1"
  conntrack { events = { new = false, update = false, destroy = false } }
}
"""


def events(**wanted: bool) -> str:
    lines = ", ".join(f"{name} = {str(value).lower()}" for name, value in wanted.items())
    return f"conntrack {{ events = {{ {lines} }} }}\n"


def seen(lab: Lab, family: int, sender: str, to: str) -> set[str]:
    """The kinds of event that a TCP connection causes from beginning to end."""
    output = lab.folder / "events"
    listener = lab.start("router", "stdbuf", "-oL", "conntrack", "-E", "-f", f"ipv{family}", output=output)
    # By default the kernel reports only what begins while somebody listens.
    time.sleep(0.3)
    connection = lab.connect(sender, lab.address(to, family), 80)
    alive(connection)
    if connection:
        connection.close()
    time.sleep(0.2)
    lab.sh("router", f"conntrack -D -f ipv{family} -p tcp", check=False)
    time.sleep(0.3)
    lab.stop(listener)
    return set(re.findall(r"\[(NEW|UPDATE|DESTROY)\]", output.read_text()))


def check(lab: Lab, report: Report, family: int) -> None:
    rows: tuple[tuple[str, str, set[str]], ...] = (
        ("everything by default", ZONES, {"NEW", "UPDATE", "DESTROY"}),
        ("new and destroy", events(new=True, update=False, destroy=True) + ZONES, {"NEW", "DESTROY"}),
        ("destroy alone", events(new=False, update=False, destroy=True) + ZONES, {"DESTROY"}),
        ("new alone", events(new=True, update=False, destroy=False) + ZONES, {"NEW"}),
        ("nothing", events(new=False, update=False, destroy=False) + ZONES, set()),
        ("no zone at all", events(new=True, update=False, destroy=True), {"NEW", "DESTROY"}),
    )
    for what, config, want in rows:
        lab.start_afresh(config)
        got = seen(lab, family, "lan", "wan")
        report.claim(got == want, f"IPv{family} events: {what}", sorted(got))
    lab.start_afresh(QUIET_LAN)
    report.claim(not seen(lab, family, "lan", "wan"), f"IPv{family} a quiet zone is silent")
    got = seen(lab, family, "wan", "lan")
    report.claim(got == {"NEW", "UPDATE", "DESTROY"}, f"IPv{family} and the other is not", sorted(got))


def check_old_connections(lab: Lab, report: Report) -> None:
    """A connection that began before anybody listened reports its end."""
    lab.start_afresh(events(new=True, update=False, destroy=True) + ZONES)
    connection = lab.connect("lan", lab.address("wan", 4), 80)
    output = lab.folder / "events"
    listener = lab.start("router", "stdbuf", "-oL", "conntrack", "-E", output=output)
    time.sleep(0.4)
    lab.sh("router", "conntrack -D -p tcp", check=False)
    time.sleep(0.3)
    lab.stop(listener)
    report.claim("[DESTROY]" in output.read_text(), "the end of an older connection is seen")
    if connection:
        connection.close()


def main() -> None:
    need_programs("stdbuf")
    lab = open_lab("Events.")
    report = Report()
    for host in ("wan", "lan"):
        lab.tcp_echo(host, 80)
    for family in FAMILIES:
        check(lab, report, family)
    check_old_connections(lab, report)
    report.finish()


main()

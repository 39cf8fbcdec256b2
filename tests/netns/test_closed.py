#!/usr/bin/python3
"""The closed ruleset, of a machine that can load no generation: whom it lets in, and whom not."""

from __future__ import annotations

from lab import FAMILIES, Lab, Report, open_lab
from support import program

CLOSED = 5
SSH = 22
OTHER_MAC = "02:00:00:00:00:77"


def zones(mac: str) -> str:
    """The lan manages this machine from one card, by two addresses of it, and dmz by an address of its own alone."""
    return f"""
zone "lan" {{
  match {{
    interface = "eth1"
    mac       = "{mac}"
    dst       = ["10.0.1.1", "2001:db8:a::/64", "2001:db8:a::1"]
  }}
  management {{ ssh = true }}
}}
zone "dmz" {{
  interface = ["eth2", "eth2*"]
  networks  = ["10.0.2.0/28", "10.0.2.0/29", "2001:db8:d::/124"]
  management {{
    ssh {{ src = ["10.0.2.2", "10.0.2.0/30", "2001:db8:d::2", "10.0.2.99", "2001:db8:d::99"] }}
  }}
}}
zone "wan" {{ interface = "eth0" }}
policy "lan" "wan" {{ action = "accept" }}
"""


def boot(lab: Lab) -> tuple[int, str]:
    """After every generation was damaged."""
    for meta in (lab.folder / "state" / "generations").glob("*/meta.json"):
        meta.write_text("")
    lab.sh("router", "nft flush ruleset")
    lab.forget()
    apply = program(lab.programs, "flywall-apply")
    done = lab.sh("router", f"{apply} --state-dir={lab.folder / 'state'} boot", check=False)
    return done.returncode, done.stderr


def reaches(lab: Lab, host: str, to: str, source: str | None = None) -> bool:
    connection = lab.connect(host, to, SSH, source)
    if connection:
        connection.close()
    return connection is not None


def set_card(lab: Lab, mac: str) -> None:
    lab.sh("lan", f"ip link set eth0 address {mac}")
    lab.forget_neighbours()


def check(lab: Lab, report: Report, family: int, mac: str) -> None:
    to = {host: lab.address(host, family, "1") for host in ("wan", "lan", "dmz")}
    report.claim(reaches(lab, "lan", to["lan"]), f"IPv{family} the lan's card reaches ssh")
    report.claim(not reaches(lab, "lan", to["wan"]), f"IPv{family} but by no other address")
    set_card(lab, OTHER_MAC)
    report.claim(not reaches(lab, "lan", to["lan"]), f"IPv{family} another card does not")
    set_card(lab, mac)
    report.claim(reaches(lab, "dmz", to["dmz"], lab.address("dmz", family)),
                 f"IPv{family} an address of the dmz reaches it")
    report.claim(not reaches(lab, "dmz", to["dmz"], lab.address("dmz", family, "99")),
                 f"IPv{family} not one that is outside the zone's networks")
    report.claim(not reaches(lab, "wan", to["wan"]), f"IPv{family} nobody else does")


def main() -> None:
    lab = open_lab(__doc__ or "")
    report = Report()
    lab.tcp_echo("router", SSH)
    lab.add_address("dmz", "eth0", "10.0.2.99/24", "2001:db8:d::99/64")
    mac = lab.sh("lan", "cat /sys/class/net/eth0/address").stdout.strip()
    lab.must_apply(zones(mac))
    for family in FAMILIES:
        check(lab, report, family, mac)
    status, said = boot(lab)
    report.claim(status == CLOSED and "management" in said, "the machine is closed but for its zones' management", said)
    for family in FAMILIES:
        check(lab, report, family, mac)
    report.finish()


main()

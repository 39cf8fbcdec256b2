#!/usr/bin/python3
"""FTP and TFTP pass a dropping forward chain only where their helper is on. Real servers."""

import ftplib
import io

from lab import FAMILIES, Lab, Report, need_programs, open_lab, wait_for

CONTENT = b"flywall\n" * 4000

# Somebody else's filter: it lets the control connections out, and what conntrack calls related.
DROPPING = """
table inet other {
  chain forward {
    type filter hook forward priority 10; policy drop;
    ct state established,related accept
    meta l4proto ipv6-icmp accept
    iifname "eth1" oifname "eth0" tcp dport { 21, 2121 } accept
    iifname "eth1" oifname "eth0" udp dport 69 accept
  }
  chain input {
    type filter hook input priority 10; policy drop;
    ct state established,related accept
    meta l4proto { icmp, ipv6-icmp } accept
  }
}
"""

ZONES = """
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
"""

VSFTPD = """
listen=NO
listen_ipv6=YES
listen_port={port}
background=NO
anonymous_enable=YES
ftp_username=daemon
no_anon_password=YES
anon_root={root}
secure_chroot_dir={empty}
seccomp_sandbox=NO
session_support=NO
xferlog_enable=NO
port_enable=YES
connect_from_port_20=YES
pasv_min_port={low}
pasv_max_port={high}
"""

# The passive ports of each control port.
PASSIVE = {21: (50000, 50100), 2121: (51000, 51100)}


def start_servers(lab: Lab) -> None:
    root, empty = lab.folder / "files", lab.folder / "empty"
    for folder in (root, empty):
        folder.mkdir(mode=0o755)
    (root / "file").write_bytes(CONTENT)
    for port, (low, high) in PASSIVE.items():
        config = lab.folder / f"vsftpd-{port}.conf"
        config.write_text(VSFTPD.format(port=port, root=root, empty=empty, low=low, high=high))
        lab.start("wan", "vsftpd", str(config))
    lab.start("wan", "in.tftpd", "--foreground", "--user", "root", "--address", ":69", "--secure", str(root))
    for port in PASSIVE:
        if not wait_for(lambda: lab.connect("lan", lab.address("wan", 6), port)):
            raise RuntimeError(f"vsftpd does not answer on port {port}")


def fetch_ftp(lab: Lab, family: int, passive: bool, port: int = 21, host: str = "lan") -> bool:
    """Does a file arrive whole?"""
    got = io.BytesIO()
    with lab.at(host):
        try:
            with ftplib.FTP(timeout=1) as ftp:
                ftp.connect(lab.address("wan", family), port)
                ftp.login()
                ftp.set_pasv(passive)
                ftp.retrbinary("RETR file", got.write)
        except (OSError, EOFError, ftplib.Error):
            return False
    return got.getvalue() == CONTENT


def fetch_tftp(lab: Lab, family: int) -> bool:
    got = lab.folder / "got"
    got.unlink(missing_ok=True)
    server = lab.address("wan", family)
    lab.sh("lan", f"timeout 2 tftp -{family} -m binary {server} -c get file {got}", check=False)
    return got.exists() and got.read_bytes() == CONTENT


def start(lab: Lab, config: str) -> None:
    lab.start_afresh(config + ZONES)
    lab.nft(DROPPING)


def claim_ftp(report: Report, lab: Lab, what: str, passes: bool, port: int = 21,
              host: str = "lan") -> None:
    for family in FAMILIES:
        for passive in (True, False):
            came = fetch_ftp(lab, family, passive, port, host)
            mode = "passive" if passive else "active"
            report.claim(came == passes, f"IPv{family} ftp {mode} {'passes' if passes else 'fails'} {what}")


def check_servers(lab: Lab, report: Report) -> None:
    """They work at all: what fails later fails because of the filter."""
    lab.sh("router", "nft flush ruleset")
    for port in PASSIVE:
        claim_ftp(report, lab, f"on port {port} without any filter", True, port=port)
    for family in FAMILIES:
        report.claim(fetch_tftp(lab, family), f"IPv{family} tftp passes without any filter")


def check_ftp(lab: Lab, report: Report) -> None:
    start(lab, "conntrack { helpers = { ftp = false } }")
    claim_ftp(report, lab, "without the helper", False)
    start(lab, "conntrack { helpers = { ftp = true } }")
    claim_ftp(report, lab, "with the helper", True)
    claim_ftp(report, lab, "from the router itself with the helper", True, host="router")
    claim_ftp(report, lab, "on port 2121 with the helper on 21", False, port=2121)
    start(lab, "conntrack { nat_helpers = { ftp = { enabled = true, ports = [21, 2121] } } }")
    claim_ftp(report, lab, "on port 2121 with ports = [21, 2121]", True, port=2121)
    claim_ftp(report, lab, "on port 21 with ports = [21, 2121]", True)


def check_zones(lab: Lab, report: Report) -> None:
    zone = 'zone "{}" {{\n interface = "{}"\n conntrack {{ helpers = {{ ftp = {} }} }}\n}}\n'
    lab.start_afresh(zone.format("lan", "eth1", "true"))
    lab.nft(DROPPING)
    claim_ftp(report, lab, "with the helper in the client's zone alone", True)
    lab.start_afresh(zone.format("wan", "eth0", "true") + 'zone "lan" { interface = "eth1" }\n')
    lab.nft(DROPPING)
    claim_ftp(report, lab, "with the helper in another zone alone", False)
    lab.start_afresh("conntrack { helpers = { ftp = true } }\n" + zone.format("lan", "eth1", "false"))
    lab.nft(DROPPING)
    claim_ftp(report, lab, "where the client's zone turns it off", False)


def check_media_ports(lab: Lab, report: Report) -> None:
    config = "conntrack {{ nat_helpers = {{ ftp = {{ enabled = true, media_ports = [{}] }} }} }}"
    start(lab, config.format("50000:50100"))
    for family in FAMILIES:
        report.claim(fetch_ftp(lab, family, passive=True), f"IPv{family} a data port inside media_ports passes")
    start(lab, config.format("40000:40100"))
    for family in FAMILIES:
        report.claim(not fetch_ftp(lab, family, passive=True), f"IPv{family} a data port outside is dropped")
    dropped = lab.counter("media_dropped")
    report.claim(dropped > 0, "and counted", dropped)


def check_tftp(lab: Lab, report: Report) -> None:
    for wanted in (False, True):
        start(lab, f"conntrack {{ helpers = {{ tftp = {str(wanted).lower()} }} }}")
        for family in FAMILIES:
            report.claim(fetch_tftp(lab, family) == wanted,
                         f"IPv{family} tftp {'passes with' if wanted else 'fails without'} the helper")


def main() -> None:
    need_programs("vsftpd", "in.tftpd", "tftp")
    lab = open_lab("Helpers.")
    report = Report()
    start_servers(lab)
    for check in (check_servers, check_ftp, check_zones, check_media_ports, check_tftp):
        check(lab, report)
    report.finish()


main()

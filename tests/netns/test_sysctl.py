#!/usr/bin/python3
"""Host settings are written where the namespace has them, and reported where only the host does."""

from lab import Lab, Report, open_lab

CONFIG = """
conntrack {
  timeouts = {
    tcp                    = "13h"
    tcp_syn_sent           = 61
    tcp_syn_recv           = 62
    tcp_fin_wait           = 63
    tcp_close_wait         = 64
    tcp_last_ack           = 65
    tcp_time_wait          = 66
    tcp_close              = 67
    udp                    = 41
    udp_stream             = 141
    icmp                   = 21
    generic                = 301
    gre                    = 31
    gre_stream             = 181
    sctp_closed            = 11
    sctp_cookie_waited     = 4
    sctp_cookie_echoed     = 5
    sctp_established       = 211
    sctp_shutdown_sent     = 6
    sctp_shutdown_recd     = 7
    sctp_shutdown_ack_sent = 8
  }
  accounting  = true
  timestamps  = true
  tcp_loose   = false
  tcp_liberal = true
  events      = { update = false }
}
"""

WANT = {
    "tcp_timeout_established": 46800, "tcp_timeout_syn_sent": 61, "tcp_timeout_syn_recv": 62,
    "tcp_timeout_fin_wait": 63, "tcp_timeout_close_wait": 64, "tcp_timeout_last_ack": 65,
    "tcp_timeout_time_wait": 66, "tcp_timeout_close": 67, "udp_timeout": 41, "udp_timeout_stream": 141,
    "icmp_timeout": 21, "icmpv6_timeout": 21, "generic_timeout": 301, "gre_timeout": 31,
    "gre_timeout_stream": 181, "sctp_timeout_closed": 11, "sctp_timeout_cookie_wait": 4,
    "sctp_timeout_cookie_echoed": 5, "sctp_timeout_established": 211, "sctp_timeout_shutdown_sent": 6,
    "sctp_timeout_shutdown_recd": 7, "sctp_timeout_shutdown_ack_sent": 8, "acct": 1, "timestamp": 1,
    "tcp_loose": 0, "tcp_be_liberal": 1, "events": 1,
}

OF_THE_HOST = """
conntrack {
  max_connections = 123456
  hash_size       = 16384
  timeouts        = { udp = 42 }
}
"""


def read(lab: Lab, name: str) -> str:
    return lab.sysctl(f"net.netfilter.nf_conntrack_{name}")


def check_written(lab: Lab, report: Report) -> None:
    lab.must_apply(CONFIG)
    for name, value in WANT.items():
        report.claim(read(lab, name) == str(value), name, read(lab, name))


def check_of_the_host(lab: Lab, report: Report) -> None:
    """The table's size is the host's: it is said, nothing is pretended, and the rest is done."""
    before = read(lab, "max"), read(lab, "buckets")
    done = lab.apply(OF_THE_HOST)
    report.claim(done.returncode == 0, "a size that only the host can set stops nothing", done.returncode)
    for key in ("nf_conntrack_max", "nf_conntrack_buckets"):
        report.claim(key in done.stderr, f"{key} is reported")
    for line in ("test.hcl:3:", "test.hcl:4:"):
        report.claim(line in done.stderr, f"at its line, {line}")
    report.claim((read(lab, "max"), read(lab, "buckets")) == before, "and stays as it was")
    report.claim(read(lab, "udp_timeout") == "42", "the rest is written", read(lab, "udp_timeout"))
    if done.returncode != 0 or "test.hcl:3:" not in done.stderr:
        print(done.stderr)


def check_dry_run(lab: Lab, report: Report) -> None:
    lab.sh("router", "nft flush ruleset; sysctl -qw net.netfilter.nf_conntrack_udp_timeout=30")
    done = lab.apply(OF_THE_HOST, "--dry-run")
    report.claim(done.returncode == 0, "a dry run succeeds", done.stderr or None)
    report.claim(read(lab, "udp_timeout") == "30", "and writes nothing")
    report.claim("flywall" not in lab.sh("router", "nft list tables").stdout, "and loads nothing")


def main() -> None:
    lab = open_lab("Host settings.")
    report = Report()
    for check in (check_written, check_of_the_host, check_dry_run):
        check(lab, report)
    report.finish()


main()

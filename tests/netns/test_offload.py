#!/usr/bin/python3
"""Flow tables on a kernel that may have none: refused where they are required, left out where they are not."""

from __future__ import annotations

from lab import FAMILIES, Lab, Report, alive, open_lab, run

TIMEOUT = "net.netfilter.nf_conntrack_udp_timeout"


def config(seconds: int, offload: str | None = None) -> str:
    return f"""
conntrack {{
  timeouts = {{ udp = {seconds} }}
}}
zone "wan" {{ interface = "eth0" }}
zone "lan" {{ interface = "eth1" }}
policy "lan" "wan" {{ action = "accept" }}
""" + (f"""
flowtable "bulk" {{
  devices = ["eth0", "eth1"]
  offload = "{offload}"
}}
""" if offload else "")


LINE = 'test.hcl:9:1: '


def passes(lab: Lab) -> bool:
    held = [lab.connect_soon("lan", lab.address("wan", family), 8000) for family in FAMILIES]
    return all(one and alive(one[0]) for one in held)


def check_required(lab: Lab, report: Report) -> None:
    lab.must_apply(config(31))
    before = lab.listing(), lab.sysctl(TIMEOUT)
    for options in ((), ("--dry-run",)):
        done = lab.apply(config(47, "required"), *options)
        report.claim(done.returncode == 3 and f"{LINE}error: this kernel has no flow tables" in done.stderr,
                     f"required{' '.join(('', *options))}: an error at its line", done.stderr.splitlines()[:1])
        report.claim('flowtable "bulk"' in done.stderr and "CONFIG_NF_FLOW_TABLE" in done.stderr,
                     "it shows the block, and says what the kernel lacks")
    report.claim((lab.listing(), lab.sysctl(TIMEOUT)) == before, "and nothing is changed")
    report.claim(passes(lab), "what was there still works")


def check_optional(lab: Lab, report: Report) -> None:
    lab.must_apply(config(31))
    done = lab.apply(config(53, "if-available"))
    report.claim(done.returncode == 0 and f"{LINE}warning: this kernel has no flow tables" in done.stderr,
                 "if-available: a warning at its line", done.stderr.splitlines()[:1])
    listing = lab.listing()
    report.claim("flow add" not in listing and "flowtable" not in listing, "what needs them is left out")
    report.claim(lab.sysctl(TIMEOUT) == "53" and "chain fw_fwd" in listing and passes(lab), "the rest is in force")
    again = lab.apply(config(53, "if-available"), "--dry-run")
    report.claim(again.returncode == 0 and "remove" not in again.stdout, "applied again, nothing is to change",
                 again.stdout)


def check_present(lab: Lab, report: Report) -> None:
    for offload in ("required", "if-available"):
        done = lab.apply(config(53, offload))
        report.claim(done.returncode == 0 and not done.stderr, f"{offload}: it is loaded", done.stderr)
        report.claim("flow add @flow_bulk" in lab.listing() and passes(lab), f"{offload}: connections pass")


def main() -> None:
    lab = open_lab("Flow tables.")
    report = Report()
    lab.tcp_echo("wan", 8000)
    probe = "table inet probe { flowtable probe { hook ingress priority 0; }; }"
    if run(["unshare", "--net", "nft", "-c", probe]).returncode == 0:
        check_present(lab, report)
    else:
        check_required(lab, report)
        check_optional(lab, report)
    report.finish()


main()

#!/usr/bin/python3
"""What others do to the kernel and to the disk while flywall-apply works: the kernel holds the old ruleset or the
new one whole, and the message says what is wrong."""

import re
import subprocess

from lab import Lab, Report, open_lab, program, run

DONE, SYSTEM = 0, 3

CONFIG = """
conntrack {{ timeouts = {{ udp = {udp} }} }}
zone "wan" {{
  interface = "eth0"
  conntrack {{ timeouts = {{ icmp = 9 }} }}
}}
zone "lan" {{ interface = "eth1" }}
ipset "friends" {{ entries = [{entries}] }}
policy "lan" "wan" {{ action = "accept" }}
policy "wan" "lan" {{
  rule "web" {{
    proto      = "tcp"
    dest_port  = {port}
    src_ipset  = "friends"
    action     = "accept"
  }}
}}
"""

FOREIGN = """
table inet foreign {
	set friends { type ipv4_addr; elements = { 192.0.2.9 }; }
	set marker { type inet_service; elements = { 1234 }; }
	chain fw_in { type filter hook input priority 10; policy accept; }
}
table ip flywall {
	set friends { type inet_service; elements = { 80 }; }
	chain fw_fwd { type filter hook forward priority 5; policy accept; }
}
"""


def config(port: int = 80, udp: int = 31, addresses: int = 3) -> str:
    entries = ", ".join(f'"10.9.{i // 200}.{i % 200 + 1}"' for i in range(addresses))
    return CONFIG.format(port=port, udp=udp, entries=entries)


def state(lab: Lab) -> str:
    """Our table, without what counts by itself."""
    return lab.sh("router", "nft -s list table inet flywall", check=False).stdout



def ruleset(lab: Lab, text: str) -> str:
    """What the kernel holds of a configuration that is applied to an empty table."""
    lab.sh("router", "nft delete table inet flywall", check=False)
    lab.must_apply(text)
    return state(lab)


def check_flush(lab: Lab, report: Report) -> None:
    """Somebody empties everything again and again: each time the table is whole, or not there."""
    wholes = {ruleset(lab, config(port)) for port in (80, 8080)} | {""}
    flusher = lab.start("router", "sh", "-c", "for i in $(seq 40); do nft flush ruleset; sleep 0.15; done")
    said_all, broken = "", 0
    for i in range(12):
        done = lab.apply(config(8080 if i % 2 else 80))
        said_all += done.stderr
        report.claim(done.returncode == DONE or (done.returncode == SYSTEM and bool(done.stderr)),
                     f"apply {i} beside nft flush ruleset: done, or refused with a message", done.stderr or None)
        broken += without_marker(state(lab)) not in {without_marker(whole) for whole in wholes}
    lab.stop(flusher)
    report.claim("CONFIG_" not in said_all, "nobody blames the kernel for what another program does")
    report.claim(broken == 0, "the table was whole or not there each time", broken)
    lab.must_apply(config())
    report.claim(without_marker(state(lab)) in {without_marker(whole) for whole in wholes} - {""},
                 "and is whole after the next apply")


def without_marker(text: str) -> str:
    return re.sub(r"chain generation/\w+", "chain generation", text)


def check_foreign(lab: Lab, report: Report) -> None:
    lab.sh("router", "nft flush ruleset")
    lab.nft(FOREIGN)
    before = [lab.listing("table inet foreign"), lab.listing("table ip flywall")]
    for text in (config(), config(8080, addresses=5), config()):
        lab.must_apply(text)
    after = [lab.listing("table inet foreign"), lab.listing("table ip flywall")]
    report.claim(before == after, "tables of others with our names stay as they were")
    report.claim("8080" not in state(lab), "and ours changes")
    lab.sh("router", "nft delete table inet foreign; nft delete table ip flywall")


def apply_by(lab: Lab, text: str, prelude: str) -> subprocess.CompletedProcess[str]:
    """flywall-apply behind a shell command, in a mount namespace of its own."""
    path = lab.folder / "test.hcl"
    path.write_text(text)
    command = f"{prelude} && exec {program(lab.programs, 'flywall-apply')} --state-dir={lab.folder}/state {path}"
    return run(["ip", "netns", "exec", lab.prefix + "router", "unshare", "--mount", "sh", "-c", command])


def check_refused(lab: Lab, report: Report, what: str, prelude: str, *words: str) -> None:
    """A change that the disk or a setting does not allow changes nothing, and says why."""
    lab.must_apply(config())
    before, udp = state(lab), lab.sysctl("net.netfilter.nf_conntrack_udp_timeout")
    done = apply_by(lab, config(8080, udp=77), prelude)
    report.claim(done.returncode == SYSTEM, f"{what}: exit status 3", (done.returncode, done.stderr))
    report.claim(all(word in done.stderr for word in words), f"{what}: the message says so", done.stderr)
    report.claim(state(lab) == before, f"{what}: the ruleset is the old one")
    report.claim(lab.sysctl("net.netfilter.nf_conntrack_udp_timeout") == udp, f"{what}: the settings are the old ones")
    done = lab.apply(config(8080, udp=77))
    report.claim(done.returncode == DONE and "8080" in state(lab), f"{what}: the next apply works", done.stderr or None)


def main() -> None:
    lab = open_lab("flywall-apply beside faults of the kernel and the disk.")
    report = Report()
    lab.start_afresh(config())
    check_flush(lab, report)
    check_foreign(lab, report)
    place = f"{lab.folder}/state"
    check_refused(lab, report, "a read-only sysctl", "mount --bind /proc/sys /proc/sys && "
                  "mount -o remount,bind,ro /proc/sys", "nf_conntrack_udp_timeout", "read-only")
    check_refused(lab, report, "a read-only state directory", f"mount --bind {place} {place} && "
                  f"mount -o remount,bind,ro {place}", "Read-only file system")
    full = (f"mkdir -p {lab.folder}/copy && cp -a {place}/. {lab.folder}/copy && "
            f"mount -t tmpfs -o size=1m none {place} && cp -a {lab.folder}/copy/. {place} && "
            f"(head -c 2m /dev/zero >{place}/filler 2>/dev/null; true)")
    check_refused(lab, report, "a full state directory", full, "No space left on device")
    report.finish()


main()

#!/usr/bin/python3
"""The units under systemd itself, in a container that boots: when they load what, and what their sandbox lets
through."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lab import need_programs, wait_for  # noqa: E402
from machine import Machine, first_boot  # noqa: E402
from support import Report, arguments, need_root, program  # noqa: E402

UDP = "net.netfilter.nf_conntrack_udp_timeout"
UNIT, FALLBACK, WAITING = "flywall.service", "flywall-fallback.service", "flywall-pending.service"
CLEANING = "systemd-tmpfiles-setup.service"

# Settings, routing rules and objects that nft has no words for: all that may need a right.
CONFIG = """
conntrack {{
  timeouts = {{ udp = "{seconds}s" }}
}}
zone "lan" {{
  interface = "eth1"
  management {{ ssh = true }}
}}
zone "wan" {{
  interface = "eth0"
  conntrack {{ timeouts = {{ icmp = "9s" }} }}
}}
policy "lan" "wan" {{ action = "{action}" }}
uplink_group "internet" {{
  from = "lan"
  uplink "wan" {{
    interface = "eth0"
    gateway   = "203.0.113.2"
  }}
}}
"""

# What modprobe does in the end, with a module that is none.
MODULE = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall({number}, 0, b"", 0)
print("loading says", os.strerror(ctypes.get_errno()))
"""


CLEANER = """
import glob, shutil, time
end = time.monotonic() + 1
while time.monotonic() < end:
    for folder in glob.glob("/tmp/namespace-dev-*"):
        shutil.rmtree(folder, ignore_errors=True)
"""


def configure(machine: Machine, seconds: int, action: str = "accept") -> None:
    machine.write("etc/flywall/office.hcl", CONFIG.format(seconds=seconds, action=action))


def tear(machine: Machine, number: int) -> None:
    path = machine.root / "var" / "lib" / "flywall" / "generations" / str(number) / "ruleset.nft"
    os.truncate(path, path.stat().st_size // 2)


def newest(machine: Machine) -> int:
    return max(int(path.name) for path in (machine.root / "var" / "lib" / "flywall" / "generations").iterdir())


def pending(machine: Machine) -> bool:
    return (machine.root / "var" / "lib" / "flywall" / "pending.json").exists()


def check_first(report: Report, machine: Machine) -> None:
    report.claim(machine.shown(UNIT, "ActiveState") == "active" and "policy drop" in machine.ruleset()
                 and "tcp dport 22 accept" in machine.ruleset(), "with nothing applied it boots closed, with ssh",
                 machine.journal(UNIT).strip())
    configure(machine, 33)
    done = machine.systemctl("reload", UNIT)
    report.claim(done.returncode == 0 and machine.sysctl(UDP) == "33", "reload applies the first configuration",
                 done.stderr.strip() or machine.journal(UNIT).strip())
    report.claim("fwmark" in machine.run("ip", "rule").stdout, "with its routing rules")
    report.claim("ct timeout" in machine.ruleset(), "and its objects")


def check_routes(report: Report, machine: Machine) -> None:
    machine.run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "far")
    machine.run("ip", "link", "set", "far", "up")
    machine.run("ip", "link", "set", "eth0", "up")
    machine.run("ip", "addr", "add", "203.0.113.1/24", "dev", "eth0")
    machine.systemctl("reload", UNIT)
    report.claim("via 203.0.113.2 dev eth0" in machine.run("ip", "route", "show", "table", "all").stdout,
                 "with the interface there, reload adds its routes")


def check_boot(report: Report, machine: Machine) -> None:
    before = machine.ruleset()
    machine.restart()
    report.claim(machine.ruleset() == before and machine.sysctl(UDP) == "33", "after a restart it is loaded",
                 machine.journal(UNIT).strip())
    loaded, network = machine.time_of(UNIT, "ActiveEnter"), machine.time_of("systemd-networkd.service", "InactiveExit")
    report.claim(0 < loaded < machine.time_of("network-pre.target", "ActiveEnter") <= network,
                 "before the network is up", f"{(network - loaded) / 1000} ms")
    report.claim(machine.time_of("systemd-sysctl.service", "ActiveEnter") <= machine.time_of(UNIT, "InactiveExit"),
                 "after the sysctls of others")


def check_temporary(report: Report, machine: Machine) -> None:
    """Booting empties /tmp, where systemd makes the /dev of a sandbox: here it takes its time."""
    before = machine.ruleset()
    machine.write("etc/cleaning.py", CLEANER)
    machine.add_to_unit(CLEANING, "[Service]\nExecStartPre=/usr/bin/python3 /etc/cleaning.py\n")
    machine.add_to_unit(UNIT, "[Service]\n" + "ExecStartPre=-/bin/sleep 0.1\n" * 5)
    machine.restart()
    report.claim(machine.ruleset() == before and machine.shown(UNIT, "ActiveState") == "active",
                 "emptying /tmp does not take the sandbox apart", machine.journal(UNIT).strip())
    machine.take_from_unit(CLEANING)
    machine.take_from_unit(UNIT)


def check_reload(report: Report, machine: Machine) -> None:
    configure(machine, 44, "drop")
    done = machine.systemctl("reload", UNIT)
    report.claim(done.returncode == 0 and machine.sysctl(UDP) == "44", "reload applies a change", done.stderr.strip())
    before = machine.ruleset()
    machine.write("etc/flywall/wrong.hcl", 'zone "lan" {}\n')
    done = machine.systemctl("reload", UNIT)
    report.claim(done.returncode != 0 and machine.ruleset() == before
                 and machine.shown(UNIT, "ActiveState") == "active",
                 "a wrong configuration changes nothing", done.stderr.strip())
    report.claim("wrong.hcl:1:" in machine.journal(UNIT), "and the journal says where it is wrong")
    (machine.root / "etc" / "flywall" / "wrong.hcl").unlink()


def check_modules(report: Report, machine: Machine) -> None:
    number = {"x86_64": 313, "aarch64": 273}.get(os.uname().machine)
    if not number:
        return
    machine.write("etc/module.py", MODULE.format(number=number))
    machine.add_to_unit(UNIT, "[Service]\nExecReload=\nExecReload=/usr/bin/python3 /etc/module.py\n")
    machine.reread()
    machine.systemctl("reload", UNIT)
    said = [line for line in machine.journal(UNIT).splitlines() if "loading says" in line]
    report.claim(said and "not permitted" not in said[-1], "modules may be loaded", said)
    machine.take_from_unit(UNIT)
    machine.reread()


def check_confirm(report: Report, machine: Machine) -> None:
    """The guard is a child of a reload that ended long ago."""
    before = machine.ruleset()
    machine.add_to_unit(UNIT, "[Service]\nExecReload=\nExecReload=/flywall/flywall-apply --confirm=4s /etc/flywall\n")
    machine.reread()
    configure(machine, 55)
    done = machine.systemctl("reload", UNIT)
    report.claim(done.returncode == 0 and machine.sysctl(UDP) == "55" and pending(machine),
                 "a reload may await its confirmation", done.stderr.strip())
    report.claim(wait_for(lambda: machine.ruleset() == before and machine.sysctl(UDP) == "44", 20),
                 "and is taken back without", machine.sysctl(UDP))
    machine.systemctl("reload", UNIT)
    machine.systemctl("stop", UNIT)
    report.claim(machine.sysctl(UDP) == "55" and "table inet flywall" in machine.ruleset(),
                 "stopping the unit leaves everything as it is")
    report.claim(wait_for(lambda: machine.ruleset() == before, 20), "and ends no guard", machine.sysctl(UDP))
    done = machine.systemctl("start", UNIT)
    report.claim(done.returncode == 0 and machine.ruleset() == before, "starting it again loads what is kept")
    machine.take_from_unit(UNIT)
    machine.reread()


def guard_of(machine: Machine) -> int:
    note = machine.root / "var" / "lib" / "flywall" / "pending.json"
    return int(json.loads(note.read_text())["guard"])


def check_session(report: Report, machine: Machine) -> None:
    """A login session that ends takes all of its processes with it."""
    before = machine.ruleset()
    machine.run("systemd-run", "--scope", "--quiet", "--unit=login.scope", "/flywall/flywall-apply", "--confirm=8s",
                "/etc/flywall")
    guard = guard_of(machine)
    report.claim(machine.sysctl(UDP) == "55" and machine.shown("login.scope", "ActiveState") == "active",
                 "a change is made from a session, and its guard is part of it")
    report.claim(wait_for(lambda: machine.shown(WAITING, "ActiveState") == "active"), "a service waits beside it")
    machine.systemctl("kill", "--signal=KILL", "login.scope")
    report.claim(wait_for(lambda: guard_of(machine) != guard), "the guard ends with the session and is replaced")
    machine.run("kill", "-KILL", str(guard_of(machine)))
    machine.systemctl("kill", "--signal=KILL", WAITING)
    report.claim(wait_for(lambda: not pending(machine), 30) and machine.ruleset() == before,
                 "the change is taken back, whoever is ended", machine.journal(WAITING).strip())
    machine.systemctl("kill", "--signal=KILL", "login.scope")
    report.claim(wait_for(lambda: machine.shown(WAITING, "ActiveState") == "inactive"), "then nobody waits any more")


def check_power_failure(report: Report, machine: Machine) -> None:
    before = machine.ruleset()
    machine.flywall("--confirm=1h", "/etc/flywall")
    report.claim(machine.sysctl(UDP) == "55" and pending(machine), "a change awaits its confirmation")
    machine.restart()
    report.claim(machine.ruleset() == before and machine.sysctl(UDP) == "44" and not pending(machine),
                 "after a power failure what was confirmed is loaded", machine.journal(UNIT).strip())


def check_broken(report: Report, machine: Machine) -> None:
    configure(machine, 44, "reject")
    machine.systemctl("reload", UNIT)
    before = machine.ruleset()
    configure(machine, 66)
    machine.systemctl("reload", UNIT)
    tear(machine, newest(machine))
    machine.restart()
    report.claim(sorted(machine.ruleset().splitlines()) == sorted(before.splitlines())
                 and "before it is" in machine.journal(UNIT),
                 "a broken generation: the one before", machine.journal(UNIT).strip())
    done = machine.systemctl("reload", UNIT)
    report.claim(done.returncode == 0 and machine.sysctl(UDP) == "66", "and reload mends it", done.stderr.strip())
    for path in (machine.root / "var" / "lib" / "flywall" / "generations").iterdir():
        (path / "meta.json").unlink()
    machine.restart()
    report.claim("policy drop" in machine.ruleset() and 'iifname "eth1" tcp dport 22 accept' in machine.ruleset(),
                 "all of them broken: closed but for the zones' management", machine.journal(UNIT).strip())
    done = machine.systemctl("reload", UNIT)
    report.claim(done.returncode == 0 and machine.sysctl(UDP) == "66", "and reload mends that", done.stderr.strip())


def check_fallback(report: Report, machine: Machine) -> None:
    before = machine.ruleset()
    machine.add_to_unit(UNIT, "[Service]\nReadWritePaths=/is/not/there\n")
    machine.restart()
    report.claim(machine.shown(UNIT, "ActiveState") == "failed" and machine.ruleset() == before,
                 "where the sandbox cannot be made, the fallback loads what is kept", machine.journal(FALLBACK).strip())
    network = machine.time_of("systemd-networkd.service", "InactiveExit")
    report.claim(0 < machine.time_of(FALLBACK, "InactiveExit") < machine.time_of("network-pre.target", "ActiveEnter")
                 <= network, "before the network is up, too")
    machine.take_from_unit(UNIT)
    machine.write("etc/systemd/system/var-lib-flywall.mount",
                  "[Mount]\nWhat=tmpfs\nWhere=/var/lib/flywall\nType=tmpfs\nOptions=nonsense\n")
    (machine.root / "var" / "lib" / "flywall").rename(machine.root / "var" / "lib" / "away")
    machine.restart()
    report.claim(machine.shown(UNIT, "ActiveState") != "active" and "policy drop" in machine.ruleset(),
                 "where the directory cannot be mounted, it closes the machine", machine.journal(FALLBACK).strip())


def main() -> None:
    options = arguments(__doc__).parse_args()
    need_root()
    need_programs("systemd-nspawn", "nsenter", "setpriv", "nft", "ip", "sysctl")
    program(options.bin, "flywall-apply")
    machine = Machine(options.bin)
    machine.enable("systemd-networkd.service", "multi-user.target")
    first_boot(machine)
    report = Report()
    for check in (check_first, check_routes, check_boot, check_temporary, check_reload, check_modules, check_confirm,
                  check_session, check_power_failure, check_broken, check_fallback):
        check(report, machine)
    report.finish()


main()

#!/usr/bin/python3
"""flywall-apply: settings and rules together or not at all, in network namespaces of its own."""

from __future__ import annotations

import atexit
import fcntl
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import Report, arguments, need_programs, need_root, program, run, skip  # noqa: E402

DONE, MISTAKE, REFUSED = 0, 1, 3
UDP = "net.netfilter.nf_conntrack_udp_timeout"
TCP = "net.netfilter.nf_conntrack_tcp_timeout_established"
GENERIC = "net.netfilter.nf_conntrack_generic_timeout"
LOCK = Path("/run/flywall.lock")

FULL = """conntrack {
  timeouts = {
    tcp = "2h"
    udp = "33s"
    generic = "77s"
  }
  helpers = {
    ftp = true
    tftp = true
  }
}
zone "lan" {
  interface = "eth1"
  conntrack {
    timeouts = { tcp = "1h" }
    limits = { max_per_ip = 5 }
  }
}
zone "guest" {
  interface = "eth2"
  conntrack { enabled = false }
}
"""

SMALL = """conntrack {
  helpers = { ftp = true }
}
zone "lan" {
  interface = "eth1"
}
"""


class Place:
    """A network namespace, and configurations to apply in it."""

    count = 0

    def __init__(self, programs: Path) -> None:
        Place.count += 1
        self.name = f"flywall_{os.getpid()}_apply{Place.count}"
        self.apply_path = program(programs, "flywall-apply")
        self.compile_path = program(programs, "flywall-compile")
        self.folder = Path(tempfile.mkdtemp(prefix="flywall_apply_"))
        atexit.register(self.remove)
        if run(["ip", "netns", "add", self.name]).returncode != 0:
            skip("this machine gives no network namespace of its own")

    def remove(self) -> None:
        run(["ip", "netns", "del", self.name])
        shutil.rmtree(self.folder, ignore_errors=True)

    def inside(self, *argv: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        return run(["ip", "netns", "exec", self.name, *argv], stdin=stdin, cwd=self.folder)

    def shell(self, script: str) -> subprocess.CompletedProcess[str]:
        """In a mount namespace too, so that what is mounted goes with it."""
        return self.inside("unshare", "--mount", "sh", "-ec", script)

    def write(self, config: str, name: str = "office.hcl") -> str:
        (self.folder / name).write_text(config)
        return name

    def apply(self, config: str, *options: str) -> subprocess.CompletedProcess[str]:
        return self.inside(*self.program(), *options, self.write(config))

    def program(self) -> list[str]:
        return [self.apply_path, f"--state-dir={self.folder / 'state'}"]

    def apply_under(self, mounts: str, config: str) -> subprocess.CompletedProcess[str]:
        """Applies with something mounted over parts of /proc/sys."""
        return self.shell(f"{mounts}\nexec {' '.join(self.program())} {self.write(config)}")

    def sysctl(self, key: str) -> str:
        return self.inside("sysctl", "-n", key).stdout.strip()

    def set_sysctl(self, key: str, value: str) -> None:
        self.inside("sysctl", "-qw", f"{key}={value}")

    def ruleset(self) -> str:
        return self.inside("nft", "-s", "list", "ruleset").stdout

    def nft(self, text: str) -> None:
        done = self.inside("nft", "-f", "-", stdin=text)
        assert done.returncode == 0, done.stderr

    def state(self) -> tuple[str, ...]:
        """All that applying may change."""
        return self.ruleset(), *(self.sysctl(key) for key in (UDP, TCP, GENERIC))

    def base_chain(self, config: str) -> str:
        """The name of a base chain of the configuration's ruleset."""
        done = run([self.compile_path, self.write(config)], cwd=self.folder)
        return re.search(r"chain (\S+) \{\s+type filter hook", done.stdout)[1]


def objects(ruleset: str) -> set[str]:
    """The kinds and names of what stands in a listing."""
    return {" ".join(found) for found in
            re.findall(r"^\t(chain|set|map|counter|limit|ct helper|ct timeout) (\S+) \{", ruleset, re.MULTILINE)}


def check_first(report: Report, place: Place) -> None:
    done = place.apply(FULL)
    report.claim(done.returncode == DONE, "a configuration is applied", done.stderr.strip() or None)
    report.claim(done.stdout == "" and "error" not in done.stderr, "without a word on standard output",
                 done.stdout or None)
    report.claim(place.sysctl(UDP) == "33", "the udp timeout is set", place.sysctl(UDP))
    report.claim(place.sysctl(TCP) == "7200", "the tcp timeout is set", place.sysctl(TCP))
    report.claim(place.sysctl(GENERIC) == "77", "the generic timeout is set", place.sysctl(GENERIC))
    report.claim('type "ftp" protocol tcp' in place.ruleset(), "the ruleset is loaded")


def check_again(report: Report, place: Place) -> None:
    before = place.state()
    done = place.apply(FULL)
    report.claim(done.returncode == DONE, "the same configuration is applied again", done.stderr.strip() or None)
    report.claim(place.state() == before, "and nothing is different")
    shown = place.apply(FULL, "--dry-run").stdout
    report.claim("set " not in shown and "chain" not in shown, "and nothing is left to do", shown.strip())


def check_preview(report: Report, place: Place) -> None:
    place.set_sysctl(UDP, "50")
    before = place.state()
    done = place.apply(FULL, "--dry-run")
    report.claim(done.returncode == DONE, "a dry run tells", done.stderr.strip() or None)
    report.claim(f"set sysctl {UDP}: 50 -> 33" in done.stdout, "it shows what would be set", done.stdout.strip())
    report.claim("delete element" not in done.stdout, "what stays is not named", done.stdout.strip())
    report.claim(place.state() == before, "it has changed nothing")
    done = place.apply(SMALL, "--dry-run")
    report.claim("delete ct helper" in done.stdout and "delete chain" in done.stdout,
                 "it shows what would be removed", done.stdout.strip())
    report.claim(place.state() == before, "it has removed nothing")


def check_removal(report: Report, place: Place) -> None:
    place.nft("add table inet other\nadd chain inet other kept\n")
    before = objects(place.ruleset())
    done = place.apply(SMALL)
    after = objects(place.ruleset())
    report.claim(done.returncode == DONE, "a smaller configuration is applied", done.stderr.strip() or None)
    report.claim(before - after, "what it does not have is gone", sorted(before - after))
    report.claim('type "tftp"' not in place.ruleset(), "the helper is really gone")
    left = {name for name in before if name.startswith("ct timeout")}
    report.claim(left and left <= after, "timeouts that connections may still use stay", sorted(left))
    report.claim("chain kept" in after, "another table is left alone")
    emitted = run([place.compile_path, place.write(SMALL)], cwd=place.folder).stdout
    strange = {name for name in after - left - {"chain kept"} if f"{name} {{" not in emitted and "chain generation/" not in name}
    report.claim(not strange, "nothing is there that the ruleset does not have", sorted(strange) or None)


def check_in_the_way(report: Report, place: Place) -> None:
    """A chain with our name at another hook, and a set with our name of another kind."""
    emitted = run([place.compile_path, place.write(FULL)], cwd=place.folder).stdout
    found = re.search(r"\tset (\S+) \{\s+type ipv4_addr", emitted)
    if not report.claim(found, "the ruleset has a set of addresses"):
        return
    place.apply(FULL)
    wanted = place.ruleset()
    chain = place.base_chain(FULL)
    place.nft("delete table inet flywall\nadd table inet flywall\n"
              f"add chain inet flywall {chain} {{ type filter hook forward priority 77; }}\n"
              f"add set inet flywall {found[1]} {{ type ipv4_addr; flags dynamic,timeout; }}\n")
    done = place.apply(FULL)
    report.claim(done.returncode == DONE, "what is in the way is replaced", done.stderr.strip())
    report.claim(objects(place.ruleset()) == objects(wanted) and "priority 77" not in place.ruleset(),
                 "by what is meant")


def check_read_only(report: Report, place: Place) -> None:
    path = "/proc/sys/" + GENERIC.replace(".", "/")
    before = place.state()
    done = place.apply_under(f"mount --bind {path} {path}\nmount -o remount,bind,ro {path}", FULL)
    report.claim(done.returncode == REFUSED, "a read-only setting is a refusal", done.returncode)
    report.claim(re.search(rf"^office\.hcl:\d+:\d+: error: cannot set {GENERIC} to 77: .*read-only",
                           done.stderr, re.MULTILINE), "at its line, with the reason", done.stderr.strip())
    report.claim(place.state() == before, "before anything has changed")


def check_silent_refusal(report: Report, place: Place) -> None:
    """A setting that takes a value and does not keep it, as /dev/null does, after others were set."""
    path = "/proc/sys/" + GENERIC.replace(".", "/")
    before = place.state()
    done = place.apply_under(f"mount --bind /dev/null {path}", FULL)
    report.claim(done.returncode == REFUSED, "a setting that does not keep its value is a refusal",
                 done.returncode)
    report.claim("the kernel made another value of it" in done.stderr, "which is said", done.stderr.strip())
    report.claim(place.state() == before, "and the settings before it are put back")


def check_host_wide(report: Report, place: Place) -> None:
    before = place.sysctl("net.netfilter.nf_conntrack_max")
    config = SMALL.replace("conntrack {\n", "conntrack {\n  max_connections = 123456\n", 1)
    done = place.apply(config)
    report.claim(done.returncode == DONE, "what belongs to the host does not stop the rest",
                 done.stderr.strip())
    report.claim(re.search(r"^office\.hcl:2:\d+: warning: net\.netfilter\.nf_conntrack_max is not set",
                           done.stderr, re.MULTILINE), "it is a warning at its line")
    report.claim(place.sysctl("net.netfilter.nf_conntrack_max") == before, "and is not changed")
    done = place.apply(config, "--dry-run")
    report.claim("skip sysctl net.netfilter.nf_conntrack_max" in done.stdout, "a dry run shows it skipped",
                 done.stdout.strip())


def check_mistake(report: Report, place: Place) -> None:
    before = place.state()
    done = place.apply("conntrack {\n  no_such_key = 1\n}\n")
    report.claim(done.returncode == MISTAKE, "a mistake in the configuration is exit status 1", done.returncode)
    report.claim(place.state() == before, "and nothing has changed")


def check_privilege(report: Report, place: Place) -> None:
    before = place.state()
    done = place.inside("setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin",
                        *place.program(), place.write(FULL))
    report.claim(done.returncode == REFUSED and "CAP_NET_ADMIN" in done.stderr,
                 "without CAP_NET_ADMIN it says so", done.stderr.strip())
    report.claim(place.state() == before, "and nothing has changed")


def check_lock(report: Report, place: Place) -> None:
    number = os.stat(f"/run/netns/{place.name}").st_ino
    messages = place.folder / "messages"
    with LOCK.open("r+b") as lock, messages.open("wb") as said:
        held = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, number, 1, 0)
        fcntl.fcntl(lock, fcntl.F_OFD_SETLK, held)
        command = ["ip", "netns", "exec", place.name, *place.program(), place.write(FULL)]
        second = subprocess.Popen(command, cwd=place.folder, stderr=said)
        end = time.monotonic() + 5
        while not messages.stat().st_size and time.monotonic() < end:
            time.sleep(0.02)
        report.claim("waiting" in messages.read_text(), "a second program says that it waits",
                     messages.read_text().strip())
        report.claim(second.poll() is None and place.sysctl(UDP) != "33", "and does wait")
        elsewhere = Place(Path(place.apply_path).parent).apply(SMALL)
        report.claim(elsewhere.returncode == DONE and "waiting" not in elsewhere.stderr,
                     "another namespace does not wait", elsewhere.stderr.strip() or None)
    report.claim(second.wait(timeout=20) == DONE and place.sysctl(UDP) == "33", "then it does its work")


def check_crowd(report: Report, place: Place) -> None:
    configs = [place.write(FULL, "full.hcl"), place.write(SMALL, "small.hcl")] * 3
    command = ["ip", "netns", "exec", place.name, *place.program()]
    crowd = [subprocess.Popen([*command, name], cwd=place.folder, stderr=subprocess.DEVNULL)
             for name in configs]
    statuses = [each.wait(timeout=60) for each in crowd]
    report.claim(statuses == [DONE] * len(crowd), "six programs at once all do their work", statuses)


def check_large(report: Report, place: Place) -> None:
    """As much as no buffer of a socket holds unless somebody makes it larger."""
    networks = "".join(f'    "10.{i >> 15}.{i >> 7 & 255}.{i % 128 * 2}",\n' for i in range(100_000))
    config = f'zone "lan" {{\n  interface = "eth1"\n  networks = [\n{networks}  ]\n}}\n'
    for when in ("", " again"):
        done = place.apply(config)
        report.claim(done.returncode == DONE, f"100,000 addresses are applied{when}", done.returncode)


def check_kernel_check(report: Report, place: Place) -> None:
    name = place.write(FULL)
    done = run([place.compile_path, "--kernel-check", "--check", name], cwd=place.folder)
    report.claim(done.returncode == DONE and done.stdout == "", "flywall-compile asks the kernel",
                 done.stderr.strip() or None)
    (place.folder / "bad.nft").write_text("table inet x {\n\tchain c {\n\t\tjump nowhere\n\t}\n}\n")
    done = place.inside(place.apply_path, "--check-ruleset", "bad.nft")
    report.claim(done.returncode == REFUSED and "bad.nft:3:" in done.stderr, "a bad ruleset is refused",
                 done.stderr.strip().split("\n")[0])
    report.claim("table inet x" not in place.ruleset(), "and leaves nothing")


def main() -> None:
    options = arguments(__doc__).parse_args()
    need_root()
    need_programs("ip", "nft", "unshare", "mount", "setpriv", "sysctl")
    report = Report()
    life = Place(options.bin)
    for check in (check_first, check_again, check_preview, check_removal):
        check(report, life)
    for check in (check_in_the_way, check_read_only, check_silent_refusal, check_host_wide,
                  check_mistake, check_privilege, check_lock, check_crowd, check_large, check_kernel_check):
        check(report, Place(options.bin))
    report.finish()


main()

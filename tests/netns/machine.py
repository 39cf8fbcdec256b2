"""A machine that systemd boots: a container with the programs of this one, a state directory of its own and no
way out of it."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from lab import run, skip, wait_for

ID = "0123456789abcdef0123456789abcdef"
FOLDERS = ("usr", "etc/flywall", "etc/systemd/system", "var/lib", "var/log", "run", "tmp", "proc", "sys", "dev",
           "flywall", "root")
# Bounded: what hangs is ended, and said to hang.
BOOT_SECONDS = 60


class Machine:
    """Off at first."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs.resolve()
        self.root = Path(tempfile.mkdtemp(prefix="flywall_machine_"))
        self.root.chmod(0o755)
        self.process: subprocess.Popen[bytes] | None = None
        atexit.register(self.remove)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        for folder in FOLDERS:
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        for folder in ("bin", "sbin", "lib", "lib64"):
            (self.root / folder).symlink_to(f"usr/{folder}")
        shutil.copy("/usr/lib/os-release", self.root / "etc" / "os-release")
        # With a number it is no first boot, which would ask questions.
        self.write("etc/machine-id", f"{ID}\n")
        self.write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
        self.write("etc/group", "root:x:0:\n")
        self.install_units()

    def install_units(self) -> None:
        """As cmake installs them, but for the folder of the program."""
        units = self.root / "etc" / "systemd" / "system"
        for unit in (self.programs.parent / "runtime" / "systemd").glob("flywall*"):
            text = re.sub(r"(?m)^(Exec\w+=)\S*/flywall-apply", r"\1/flywall/flywall-apply", unit.read_text())
            (units / unit.name).write_text(text)
            for target in re.findall(r"(?m)^WantedBy=(\S+)", text):
                self.enable(unit.name, target)

    def enable(self, unit: str, target: str) -> None:
        wants = self.root / "etc" / "systemd" / "system" / f"{target}.wants"
        wants.mkdir(exist_ok=True)
        own = self.root / "etc" / "systemd" / "system" / unit
        (wants / unit).symlink_to(f"../{unit}" if own.exists() else f"/usr/lib/systemd/system/{unit}")

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def remove(self) -> None:
        self.power_off()
        shutil.rmtree(self.root, ignore_errors=True)

    # Power

    def leader(self) -> int:
        """The machine's first process, as this one numbers it; 0: there is none."""
        process = self.process.pid if self.process else 0
        with open(f"/proc/{process}/task/{process}/children", encoding="ascii") as children:
            return int((children.read().split() or ["0"])[0])

    def is_up(self) -> bool:
        return bool(self.leader()) and \
            self.systemctl("is-system-running").stdout.strip() in ("running", "degraded")

    def boot(self) -> bool:
        """Until everything is started; false where that never was."""
        console = self.root / "console"
        with open(console, "wb") as out:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig=KILL", "systemd-nspawn", "--quiet", f"--directory={self.root}", "--bind-ro=/usr",
                 f"--bind-ro={self.programs}:/flywall", "--boot", "--private-network", "--register=no", "--keep-unit",
                 "--console=pipe", "--capability=CAP_NET_ADMIN,CAP_SYS_MODULE", f"--machine=flywall{os.getpid()}",
                 f"--uuid={ID}"],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
                env={**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"})
        return wait_for(lambda: self.process.poll() is not None or self.is_up(), BOOT_SECONDS) and \
            self.process.poll() is None

    def console(self) -> str:
        return (self.root / "console").read_text(errors="replace").strip()

    def power_off(self) -> None:
        """As when the plug is pulled: nobody is told."""
        if self.process and self.process.poll() is None:
            leader = self.leader()
            if leader:
                os.kill(leader, signal.SIGKILL)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def restart(self) -> None:
        self.power_off()
        assert self.boot(), self.console()

    # Inside

    def run(self, *words: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        return run(["nsenter", f"--target={self.leader()}", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup",
                    "--root", "--wd", "--", *words], stdin=stdin)

    def flywall(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run("/flywall/flywall-apply", *words)

    def systemctl(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run("systemctl", *words)

    def add_to_unit(self, unit: str, text: str) -> None:
        """From the next boot on; see reread."""
        self.write(f"etc/systemd/system/{unit}.d/more.conf", text)

    def take_from_unit(self, unit: str) -> None:
        shutil.rmtree(self.root / "etc" / "systemd" / "system" / f"{unit}.d")

    def reread(self) -> None:
        self.systemctl("daemon-reload")

    def shown(self, unit: str, what: str) -> str:
        return self.systemctl("show", "--value", f"--property={what}", unit).stdout.strip()

    def time_of(self, unit: str, what: str) -> int:
        """Microseconds since the kernel started; 0: never."""
        return int(self.shown(unit, f"{what}TimestampMonotonic") or 0)

    def journal(self, unit: str) -> str:
        self.run("journalctl", "--sync")
        return self.run("journalctl", "--boot", "--no-pager", "--output=cat", f"--unit={unit}").stdout

    def ruleset(self) -> str:
        return self.run("nft", "-s", "list", "ruleset").stdout

    def sysctl(self, key: str) -> str:
        return self.run("sysctl", "-n", key).stdout.strip()


def first_boot(machine: Machine) -> None:
    """Boots it, or exits and says why nothing boots here."""
    if not machine.boot():
        said = machine.console()
        skip(f"systemd does not boot in a container here: {said.splitlines()[-1] if said else 'it says nothing'}")

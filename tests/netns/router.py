"""A network namespace with a state directory, for what flywall-apply keeps and takes back."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import Report, arguments, need_programs, need_root, program, run, skip  # noqa: E402

__all__ = ["DONE", "NO", "USAGE", "REFUSED", "UDP", "Report", "Router", "config", "need_programs", "open_router",
           "run", "skip"]

DONE, NO, USAGE, REFUSED = range(4)
UDP = "net.netfilter.nf_conntrack_udp_timeout"


def config(seconds: int | None, action: str = "accept", more: str = "") -> str:
    """A small firewall; with seconds it also sets a sysctl."""
    timeouts = f'conntrack {{\n  timeouts = {{ udp = "{seconds}s" }}\n}}\n' if seconds else ""
    return (f'{timeouts}zone "lan" {{\n  interface = "eth1"\n  management {{ ssh = true }}\n}}\n'
            f'zone "wan" {{ interface = "eth0" }}\n'
            f'policy "lan" "wan" {{ action = "{action}" }}\n{more}')


class Router:
    """Where flywall-apply runs; gone at exit, whatever happened."""

    count = 0

    def __init__(self, programs: Path) -> None:
        Router.count += 1
        self.name = f"flywall_{os.getpid()}_router{Router.count}"
        self.apply_path = program(programs, "flywall-apply")
        self.folder = Path(tempfile.mkdtemp(prefix="flywall_router_"))
        self.state = self.folder / "state"
        atexit.register(self.remove)
        if run(["ip", "netns", "add", self.name]).returncode != 0:
            skip("this machine gives no network namespace of its own")

    def remove(self) -> None:
        pending = self.state / "pending.json"
        if pending.exists():
            self.flywall("rollback", "0")
        run(["ip", "netns", "del", self.name])
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self, *words: str) -> list[str]:
        return ["ip", "netns", "exec", self.name, *words]

    def flywall_command(self, *words: str) -> list[str]:
        return self.command(self.apply_path, f"--state-dir={self.state}", *words)

    def flywall(self, *words: str) -> subprocess.CompletedProcess[str]:
        return run(self.flywall_command(*words), cwd=self.folder)

    def write(self, text: str, name: str = "office.hcl") -> str:
        (self.folder / name).write_text(text)
        return name

    def apply(self, text: str, *options: str) -> subprocess.CompletedProcess[str]:
        return self.flywall(*options, self.write(text))

    def inside(self, *words: str, stdin: str | None = None) -> str:
        done = run(self.command(*words), stdin=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ruleset(self) -> str:
        return self.inside("nft", "-s", "list", "ruleset")

    def sysctl(self, key: str = UDP) -> str:
        return self.inside("sysctl", "-n", key).strip()

    def link(self, name: str) -> int:
        """The number that "current" or "confirmed" names."""
        return int(os.readlink(self.state / name).rsplit("/", 1)[1])

    def listed(self) -> dict[int, dict[str, object]]:
        """The generations, by number."""
        done = self.flywall("generations", "--format=json")
        assert done.returncode == 0, done.stderr
        return {each["number"]: each for each in json.loads(done.stdout)["generations"]}

    def status(self) -> dict[str, object]:
        return json.loads(self.flywall("status", "--format=json").stdout)

    def tear(self, number: int, name: str = "ruleset.nft") -> None:
        """Cuts a file of a generation in half, as a power failure would."""
        path = self.state / "generations" / str(number) / name
        os.truncate(path, path.stat().st_size // 2)


def open_router(description: str, *programs: str) -> Path:
    """The folder of the programs under test, or an exit that says why there is nothing to test."""
    options = arguments(description).parse_args()
    need_root()
    need_programs("ip", "nft", "sysctl", *programs)
    program(options.bin, "flywall-apply")
    return options.bin

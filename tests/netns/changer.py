"""The engine that makes changes (change-text), told what was loaded last as flywall-apply tells it."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from lab import Lab, run
from support import program


@dataclass
class Changer:
    """Makes changes, and remembers what flywall-apply would remember."""

    lab: Lab
    known: Path = field(init=False)
    token: Path = field(init=False)
    slowest: float = 0
    prefix: str = ""

    def __post_init__(self) -> None:
        self.known, self.token = self.lab.folder / "known.nft", self.lab.folder / "token"

    def ruleset(self, config: str) -> str:
        path = self.lab.folder / "test.hcl"
        path.write_text(config)
        done = run([program(self.lab.programs, "flywall-compile"), str(path)])
        if done.returncode != 0:
            sys.exit(f"{config}\n{done.stderr}")
        return done.stdout

    def engine(self, *arguments: str) -> str:
        """Its messages, empty where it has done its work."""
        done = self.lab.sh("router", " ".join((self.prefix, program(self.lab.programs, "change-text"), *arguments)), check=False)
        return "" if done.returncode == 0 else f"status {done.returncode}: {done.stderr}"

    def load(self, ruleset: str, *options: str) -> str:
        wanted = self.lab.folder / "wanted.nft"
        wanted.write_text(ruleset)
        start = time.monotonic()
        said = self.engine(*options, str(wanted), str(self.known), str(self.token))
        self.slowest = max(self.slowest, time.monotonic() - start)
        if not said:
            self.known.write_text(ruleset)
        return said

    def change(self, config: str) -> str:
        return self.load(self.ruleset(config))


def dropped_unseen() -> int:
    """Packets that a queue of the machine had no room for."""
    total = 0
    for line in Path("/proc/net/softnet_stat").read_text().splitlines():
        total += int(line.split()[1], 16)
    return total

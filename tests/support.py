"""What the test programs share: counting claims, finding the programs under test, running commands."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

SOURCE = Path(__file__).resolve().parent.parent
SKIPPED = 77  # what CTest takes for "skipped" (SKIP_RETURN_CODE)


class Report:
    """Counts claims and prints each as it is made; where there are many, those that fail alone."""

    def __init__(self, only_failures: bool = False) -> None:
        self.only_failures = only_failures
        self.passed = 0
        self.failed = 0

    def claim(self, holds: object, what: str, seen: object = None) -> bool:
        """Counts one claim. `seen` is what was found, shown beside it."""
        if holds:
            self.passed += 1
        else:
            self.failed += 1
        shown = "" if seen is None else f"  [{seen}]"
        if not holds or not self.only_failures:
            print(f"{'ok  ' if holds else 'FAIL'}  {what}{shown}", flush=True)
        return bool(holds)

    def finish(self) -> NoReturn:
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        sys.exit(1 if self.failed or not self.passed else 0)


def skip(reason: str) -> NoReturn:
    print(f"SKIP  {reason}", flush=True)
    sys.exit(SKIPPED)


def need_programs(*names: str) -> None:
    """Skips the whole test where one is not installed."""
    missing = [name for name in names if not shutil.which(name)]
    if missing:
        skip(f"not installed: {', '.join(missing)}")


def need_root() -> None:
    if os.geteuid() != 0:
        skip("needs root: it makes network namespaces of its own")


def arguments(description: str) -> argparse.ArgumentParser:
    """A parser that has `--bin`, the folder of the programs under test."""
    # System programs live in sbin, which a plain user's PATH may lack.
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--bin", type=Path, default=SOURCE / "build" / "bin", metavar="DIR",
                        help="where the programs under test are (default: build/bin)")
    return parser


def program(folder: Path, name: str) -> str:
    path = folder.resolve() / name
    if not path.exists():
        sys.exit(f"{path} does not exist: build first, or give --bin")
    return str(path)


def run(argv: Sequence[str], stdin: str | None = None, cwd: Path | None = None,
        timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Runs to the end, whatever the exit status; both outputs as text."""
    return subprocess.run(argv, input=stdin, cwd=cwd, timeout=timeout, text=True,
                          stdin=subprocess.DEVNULL if stdin is None else None,
                          capture_output=True, errors="backslashreplace", check=False)


def new_network() -> list[str]:
    """The command prefix that runs something in a fresh network namespace, as root in it."""
    return ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]


def need_new_network() -> None:
    if run([*new_network(), "true"]).returncode != 0:
        skip("this machine gives no network namespace of its own")


def claim_loads(report: Report, compiler: str, name: str, config: str, folder: Path | None = None) -> None:
    """Claims that a configuration compiles, and that the kernel takes it, in a namespace of its own."""
    done = run([compiler, "-"], stdin=config, cwd=folder)
    if not report.claim(done.returncode == 0, f"{name} compiles", done.returncode):
        print(done.stderr)
        return
    loaded = run([*new_network(), "nft", "-f", "-"], stdin=done.stdout)
    report.claim(loaded.returncode == 0, f"{name} loads", loaded.stderr.strip() or None)

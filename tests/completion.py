#!/usr/bin/python3
"""Completion in bash offers what each program's --help has, and words where an option takes words."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from support import SOURCE, Report, arguments, need_programs, run

SCRIPT = SOURCE / "runtime/completion/flywall.bash"
PROGRAMS = ("flywall-compile", "flywall-apply", "flywall-state", "flywalld")
OPTION = re.compile(r"^ +(?:-\w, )?(--[\w-]+)(=?)", re.MULTILINE)


class Shell:
    """bash with the completion read, in a folder with one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def complete(self, *words: str) -> list[str]:
        line = " ".join(f"'{word}'" for word in words)
        script = (f"source {SCRIPT}; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _flywall {words[0]}; "
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        done = run(["bash", "-c", script], cwd=self.folder)
        return done.stdout.split()


def check_options(report: Report, shell: Shell, *command: str) -> None:
    shown = [name + equals for name, equals in OPTION.findall(run([*command, "--help"]).stdout)]
    offered = shell.complete(*command, "--")
    report.claim(shown and offered == shown, f"{' '.join(command)} --: all options", set(shown) ^ set(offered) or None)


def check_values(report: Report, shell: Shell, compiler: str) -> None:
    rows = (("--emit", "", {"ruleset", "json", "sysctl", "modules", "values", "ir", "ip"}),
            ("--format", "j", {"json"}), ("--explain-code", "E010", {f"E010{i}" for i in range(1, 10)}),
            ("--diff", "", {"a.hcl"}))
    for option, typed, least in rows:
        offered = set(shell.complete(compiler, option, "=", typed) if typed else shell.complete(compiler, option, "="))
        report.claim(least <= offered, f"{option}={typed}: {', '.join(sorted(least)[:3])}", offered ^ least or None)
    report.claim(shell.complete(compiler, "a") == ["a.hcl"], "a configuration's name")


def check_commands(report: Report, shell: Shell, program: str) -> None:
    commands = re.findall(r"^  ([a-z]\S*) ", run([program, "--help"]).stdout, re.MULTILINE)
    report.claim(shell.complete(program, "") == commands, f"{program}: its commands", commands)
    for command in commands:
        check_options(report, shell, program, command)


def main() -> None:
    options = arguments(__doc__ or "").parse_args()
    need_programs("bash", "awk")
    report = Report(only_failures=True)
    with tempfile.TemporaryDirectory(prefix="flywall_") as folder:
        (Path(folder) / "a.hcl").touch()
        shell = Shell(Path(folder))
        for name in PROGRAMS:
            path = options.bin.resolve() / name
            if path.exists():
                check_options(report, shell, str(path))
        check_values(report, shell, str(options.bin.resolve() / "flywall-compile"))
        check_commands(report, shell, str(options.bin.resolve() / "flywall-state"))
    report.finish()


main()

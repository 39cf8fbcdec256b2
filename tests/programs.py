#!/usr/bin/python3
"""What flywall-compile promises as a program: options, outputs, exit statuses."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from support import Report, arguments, program, run

DONE, NO, USAGE, SYSTEM = 0, 1, 2, 3

GOOD = 'zone "lan" {\n  interface = "eth1"\n}\n'
MORE = 'conntrack {\n  max_connections = 65536\n}\n'
BAD = 'zone "lan" {\n  interfase = "eth1"\n}\n'
WARNED = "conntrack {\n  log_max = 100\n}\n"


@dataclass(frozen=True)
class Compiler:
    """The program, run in a folder of its own."""

    path: str
    folder: Path

    def __call__(self, *options: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        return run([self.path, *options], stdin=stdin, cwd=self.folder)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path


def check_usage(report: Report, compiler: Compiler) -> None:
    for option in ("--help", "--version"):
        done = compiler(option)
        report.claim(done.returncode == DONE and done.stdout and not done.stderr, f"{option} is answered")
    rows = ((), ("--emit=nothing", "good.hcl"), ("--no-such-option", "good.hcl"), ("--explain-code=E9999",),
            ("--check", "-o", "out", "good.hcl"))
    for options in rows:
        done = compiler(*options)
        report.claim(done.returncode == USAGE and not done.stdout and done.stderr,
                     f"wrong usage: {' '.join(options) or 'no file'}", done.returncode)
    done = compiler("--explain-code=E0101")
    report.claim(done.returncode == DONE and len(done.stdout) > 20, "a code is explained")


def check_input(report: Report, compiler: Compiler) -> None:
    alone = compiler("good.hcl").stdout
    report.claim("table inet flywall" in alone, "a file gives a ruleset")
    report.claim(compiler("-", stdin=GOOD).stdout == alone, "standard input gives the same")
    together = compiler("more.hcl", "good.hcl")
    report.claim(together.returncode == DONE and "nf_conntrack_max" in together.stdout, "files come together")
    compiler.write("folder/10-conntrack.hcl", MORE)
    compiler.write("folder/20-zone.hcl", GOOD)
    compiler.write("folder/notes.txt", "not HCL")
    report.claim(compiler("folder").stdout == together.stdout, "a folder stands for its *.hcl files")
    compiler.write("folder/30-bad.hcl", BAD)
    done = compiler("folder")
    report.claim(done.returncode == NO and "30-bad.hcl:2:3: error:" in done.stderr,
                 "a mistake in one of them is found at its place", done.stderr.split("\n")[0])


def check_messages(report: Report, compiler: Compiler) -> None:
    done = compiler("bad.hcl")
    report.claim(done.returncode == NO and not done.stdout, "a mistake is status 1 and no output")
    report.claim("\033" not in done.stderr, "no colour where there is no terminal")
    many = "".join(f"  key{i} = 1\n" for i in range(50))
    done = compiler("-", stdin=f'zone "lan" {{\n  interface = "eth1"\n{many}}}\n')
    shown, last = done.stderr.count("error:"), done.stderr.splitlines()[-1]
    report.claim(shown == 20, "at most twenty mistakes a run", shown)
    report.claim("30 " in last, "and the rest is counted", last)
    done = compiler("warned.hcl")
    warned = "warning:" in done.stderr
    report.claim(done.returncode == DONE and warned and done.stdout, "a warning stops nothing")
    done = compiler("--strict", "warned.hcl")
    report.claim(done.returncode == NO and not done.stdout, "but with --strict", done.returncode)


def check_output(report: Report, compiler: Compiler) -> None:
    ruleset = compiler("good.hcl").stdout
    out = compiler.folder / "out.nft"
    done = compiler("-o", "out.nft", "good.hcl")
    report.claim(done.returncode == DONE and not done.stdout, "-o leaves standard output empty")
    report.claim(out.read_text() == ruleset, "and writes the file")
    compiler("-o", "out.nft", "bad.hcl")
    report.claim(out.read_text() == ruleset, "and leaves it alone on an error")
    beside = [path.name for path in compiler.folder.iterdir() if "out" in path.name and path != out]
    report.claim(not beside, "nothing is left beside it", beside or None)
    done = compiler("-o", "no/such/folder/out.nft", "good.hcl")
    report.claim(done.returncode == SYSTEM and done.stderr, "no folder to write to is status 3")
    done = compiler("--check", "good.hcl")
    report.claim(done.returncode == DONE and not done.stdout, "--check writes nothing")
    report.claim(compiler("--check", "bad.hcl").returncode == NO, "--check finds mistakes")
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([compiler.path, "good.hcl"], cwd=compiler.folder, stdout=full, text=True,
                              stderr=subprocess.PIPE, check=False)
    report.claim(done.returncode == SYSTEM and done.stderr, "a full disk is status 3", done.returncode)
    closed = f"({compiler.path} good.hcl; echo $? >status) | exec true; sleep 0.2; cat status"
    status = run(["sh", "-c", closed], cwd=compiler.folder).stdout.strip()
    report.claim(status in (str(DONE), str(SYSTEM)), "a closed pipe is no crash", status)


def check_difference(report: Report, compiler: Compiler) -> None:
    ruleset = compiler("good.hcl").stdout
    compiler.write("same.nft", ruleset)
    compiler.write("other.nft", ruleset.replace("eth1", "eth7"))
    done = compiler("--diff", "same.nft", "good.hcl")
    report.claim(done.returncode == DONE and not done.stdout, "--diff of equal files is silent")
    done = compiler("--diff", "other.nft", "good.hcl")
    lines = done.stdout.splitlines()
    report.claim(done.returncode == NO, "--diff of others is status 1", done.returncode)
    report.claim(any(line.startswith("-") and "eth7" in line for line in lines) and
                 any(line.startswith("+") and "eth1" in line for line in lines), "and shows what differs")
    compiler.write("patched.nft", (compiler.folder / "other.nft").read_text())
    patched = run(["patch", "-s", "patched.nft"], stdin=done.stdout, cwd=compiler.folder)
    report.claim(patched.returncode == 0 and (compiler.folder / "patched.nft").read_text() == ruleset,
                 "in a form that patch(1) takes", patched.stdout or None)
    done = compiler("--diff", "missing.nft", "good.hcl")
    report.claim(done.returncode == SYSTEM and done.stderr, "a file to compare with that is not there",
                 done.returncode)


def main() -> None:
    options = arguments(__doc__ or "").parse_args()
    report = Report()
    with tempfile.TemporaryDirectory(prefix="flywall_") as folder:
        compiler = Compiler(program(options.bin, "flywall-compile"), Path(folder))
        for name, text in (("good", GOOD), ("more", MORE), ("bad", BAD), ("warned", WARNED)):
            compiler.write(f"{name}.hcl", text)
        for check in (check_usage, check_input, check_messages, check_output, check_difference):
            check(report, compiler)
    report.finish()


main()

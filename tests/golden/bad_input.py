#!/usr/bin/python3
"""Input that no golden file can hold: one clear message, exit status 1, nothing on standard output, soon."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import Report, arguments, need_programs, program  # noqa: E402

PATIENCE = 60  # seconds until a compiler counts as hanging
ZONE = b'zone "lan" {\n  interface = %s\n}\n'


@dataclass(frozen=True)
class Case:
    """Bytes for input.hcl, or what else to do in the folder before it is compiled."""

    name: str
    content: bytes = b""
    prepare: Callable[[Path], object] | None = None
    code: str | None = None  # that the message must have
    place: str | None = None  # that it must have, as line:column; with a caret


def interface(name: str) -> bytes:
    """A zone on an interface whose name is written with HCL's escapes."""
    return ZONE % f'"{name}"'.encode()


def make_large(path: Path) -> None:
    """A file with nothing in it, which takes no room on the disk."""
    with path.open("wb") as file:
        file.truncate((1 << 30) + 1)


CASES = (
    Case("an empty file"),
    Case("blanks and comments only", b"\n  # nothing\n/* here */\n"),
    Case("a file that does not exist", prepare=lambda path: None, code="E0101"),
    Case("a folder named as a file", prepare=lambda path: path.mkdir()),
    Case("a link to itself", prepare=lambda path: path.symlink_to(path.name), code="E0101"),
    Case("a file that may not be read",
         prepare=lambda path: path.touch(mode=0), code="E0101"),
    Case("more than a gibibyte", prepare=make_large, code="E0102"),
    Case("a NUL byte in a string", b'zone "lan" {\n  interface = "eth\x000"\n}\n', code="E0103", place="2:19"),
    Case("a NUL byte between blocks", b'zone "lan" { interface = "eth0" }\n\x00\n', place="2:1"),
    Case("a byte that begins no character",
         b'zone "lan" {\n  interface = "\xff"\n}\n', code="E0104", place="2:16"),
    Case("half a character at the end", b'zone "lan" { interface = "eth0" }\n# \xe2\x82'),
    Case("a character written too long", b'zone "\xc0\xaf" { interface = "eth0" }\n', place="1:7"),
    Case("a surrogate", b'zone "\xed\xa0\x80" { interface = "eth0" }\n', place="1:7"),
    Case("UTF-16 with its mark", "\ufeffzone \"lan\" {}\n".encode("utf-16-le")),
    Case("brackets nested 10,000 deep", b"conntrack {\n  x = " + b"[" * 10000 + b"]" * 10000 + b"\n}\n"),
    Case("blocks nested 10,000 deep", b"conntrack {\n" * 10000 + b"}\n" * 10000),
    Case("parentheses nested 10,000 deep, never closed", b"conntrack {\n  x = " + b"(" * 10000),
    Case("templates nested 10,000 deep", b'conntrack {\n  x = ' + b'"${' * 10000 + b'}"' * 10000 + b"\n}\n"),
    Case("10,000 signs before a number", b"conntrack {\n  max_connections = " + b"-" * 10000 + b"1\n}\n"),
    Case("10,000 conditionals in a row",
         b"conntrack {\n  max_connections = " + b"true ? 1 : " * 10000 + b"1\n}\n"),
    Case("an operand missing after 100,000 sums",
         b"conntrack {\n  max_connections = " + b"1 + " * 100000 + b"\n}\n"),
    Case("a line of a megabyte", b"conntrack {\n  max_connections = \"" + b"x" * 1000000 + b"\"\n}\n"),
    Case("an unknown key of a megabyte", b"conntrack {\n  " + b"x" * 1000000 + b" = 1\n}\n"),
    Case("a number of a million digits", b"conntrack {\n  max_connections = " + b"9" * 1000000 + b"\n}\n"),
    Case("a megabyte of unclosed string", b'conntrack {\n  max_connections = "' + b"x" * 1000000 + b"\n}\n"),
    Case("100,000 lines that are no HCL", b"conntrack {\n" + b"= = =\n" * 100000 + b"}\n"),
    Case("an interface of 16 bytes", interface("abcdefghijklmnop"), place="2:15"),
    Case("an interface with a quote", interface(r"eth0\" accept"), place="2:15"),
    Case("an interface with a newline", interface(r"eth0\nflush"), place="2:15"),
    Case("an interface with an escape", interface(r"eth0\u001b[2J"), place="2:15"),
    Case("an interface with a brace", interface("eth0}{"), place="2:15"),
    Case("an interface with a semicolon", interface("eth0;drop"), place="2:15"),
    Case("an interface with a NUL", interface(r"eth\u00000"), place="2:15"),
    Case("an interface with a slash", interface("eth/0"), place="2:15"),
    Case("an interface with a blank", interface("eth 0"), place="2:15"),
    Case("an interface without a name", interface(""), place="2:15"),
    Case("an interface that is a dot", interface("."), place="2:15"),
    Case("an interface not in ASCII", interface("ethé"), place="2:15"),
    Case("a zone named with a newline", b'zone "lan\\nflush" { interface = "eth0" }\n', place="1:6"),
)

# Several syntax errors may each have their message.
MANY = {"100,000 lines that are no HCL"}

# Root reads what nobody may read; without these capabilities it is like anybody else.
PLAIN = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]


def check_case(report: Report, compiler: list[str], case: Case, folder: Path) -> None:
    path = folder / "input.hcl"
    if case.prepare:
        case.prepare(path)
    else:
        path.write_bytes(case.content)
    try:
        done = subprocess.run([*compiler, path.name], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        report.claim(False, f"{case.name}: comes to an end")
        return
    messages = done.stderr.decode(errors="backslashreplace")
    errors = re.findall(r"^(?:\S.*: )?error: .*$", messages, re.MULTILINE)
    told = len(errors) >= 1 if case.name in MANY else len(errors) == 1
    good = [report.claim(done.returncode == 1, f"{case.name}: exit status 1", done.returncode),
            report.claim(done.stdout == b"", f"{case.name}: nothing on standard output"),
            report.claim(told, f"{case.name}: one message", len(errors)),
            report.claim(len(messages) < 20000, f"{case.name}: a message one can read", len(messages)),
            report.claim(not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", messages),
                         f"{case.name}: no control character reaches the terminal")]
    if case.code:
        good.append(report.claim(f"[{case.code}]" in messages, f"{case.name}: {case.code}"))
    if case.place:
        place = f"input.hcl:{case.place}: error: "
        good.append(report.claim(place in messages, f"{case.name}: at {case.place}"))
        caret = re.search(r"^ *\| *\^", messages, re.MULTILINE)
        good.append(report.claim(caret, f"{case.name}: with a caret"))
    if not all(good):
        print(messages[:2000])


def main() -> None:
    options = arguments(__doc__ or "").parse_args()
    compiler = [program(options.bin, "flywall-compile")]
    if os.geteuid() == 0:
        need_programs("setpriv")
        compiler = [*PLAIN, *compiler]
    report = Report(only_failures=True)
    for case in CASES:
        with tempfile.TemporaryDirectory(prefix="flywall_") as folder:
            check_case(report, compiler, case, Path(folder))
    report.finish()


main()

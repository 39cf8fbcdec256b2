#!/usr/bin/python3
"""flywall-state top: the live screen in a terminal, its keys, and rates."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time

from lab import PATIENCE, Lab, Report, close, open_lab, program

from support import need_programs

CONFIG = """
conntrack { accounting = true }
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
policy "lan" "wan" { action = "accept" }
policy "*" "self" { action = "accept" }
"""

# Three sources: most connections, most bytes, and one with neither.
MANY, BIG, SMALL = "10.0.1.11", "10.0.1.12", "10.0.1.13"
CONTROL = re.compile(r"\x1b(\[[0-9;?]*[a-zA-Z]|[()][A-Z0-9]|[=>])")
REDRAW = b"\x0c"


class Screen:
    """The program with a terminal of its own."""

    def __init__(self, lab: Lab, *words: str, term: str = "xterm") -> None:
        self.terminal, inside = pty.openpty()
        self.resize(24, 100)
        self.before = termios.tcgetattr(inside)
        argv = ["setsid", "--ctty", "ip", "netns", "exec", lab.prefix + "router", program(lab.programs, "flywall-state"),
                f"--state-dir={lab.folder / 'state'}", "top", "--interval=1", *words]
        self.process = subprocess.Popen(argv, stdin=inside, stdout=inside, stderr=inside,
                                        env={**os.environ, "TERM": term})
        lab.running.append(self.process)
        self.inside = inside

    def resize(self, lines: int, columns: int) -> None:
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def press(self, keys: bytes) -> None:
        os.write(self.terminal, keys)

    def read(self, seconds: float) -> str:
        """What it writes until it is silent for so long."""
        text = b""
        while select.select([self.terminal], [], [], seconds)[0]:
            text += os.read(self.terminal, 65536)
        return text.decode()

    def shown(self) -> str:
        """The whole screen, drawn anew: lines by their order."""
        self.read(0)
        self.press(REDRAW)
        return CONTROL.sub(" ", self.read(0.3))

    def wait(self, *wanted: str, absent: str = "\0") -> str:
        """The screen once it shows all of `wanted` in this order, or after some patience."""
        pattern = re.compile(".*?".join(re.escape(text) for text in wanted), re.DOTALL)
        until = time.monotonic() + 4 * PATIENCE
        while True:
            text = self.shown()
            if (pattern.search(text) and absent not in text) or time.monotonic() > until:
                return text

    def end(self) -> tuple[int, str, bool]:
        """Its exit status, the last that it wrote, and whether the terminal is as before."""
        status = self.process.wait(10 * PATIENCE)
        rest = self.read(0.1)
        same = termios.tcgetattr(self.inside) == self.before
        os.close(self.terminal)
        os.close(self.inside)
        return status, rest, same


def is_before(text: str, one: str, other: str) -> bool:
    return 0 <= text.find(one) < text.find(other)


def check_keys(lab: Lab, report: Report) -> None:
    screen = Screen(lab)
    text = screen.wait(MANY, BIG)
    report.claim(is_before(text, MANY, BIG) and SMALL in text, "most connections first", text)
    report.claim("by source, most connections first" in text, "it says what it shows", text)
    screen.press(b"b")
    text = screen.wait(BIG, MANY)
    report.claim(is_before(text, BIG, MANY) and "most bytes first" in text, "b: most bytes first", text)
    screen.press(b"c")
    text = screen.wait(MANY, BIG)
    report.claim(is_before(text, MANY, BIG), "c: most connections first", text)
    screen.press(b"g")
    text = screen.wait("by destination", lab.address("wan", 4), absent=MANY)
    report.claim("by destination" in text and lab.address("wan", 4) in text and MANY not in text, "g: destinations", text)
    screen.press(b"g" * 8)
    text = screen.wait("by source", MANY)
    report.claim("by source" in text and MANY in text, "g: after the last comes the first", text)
    screen.press(b"/1.12\r")
    text = screen.wait(BIG, absent=MANY)
    report.claim(BIG in text and MANY not in text and "1 of " in text, "/: only what has the text", text)
    screen.press(b"/\x1b")
    text = screen.wait(MANY, BIG)
    report.claim(MANY in text and BIG in text, "/ and Escape: all", text)
    screen.resize(12, 60)
    text = screen.wait(MANY)
    report.claim("q quit" in text and MANY in text, "a smaller terminal shows the same", text)
    screen.press(b"q")
    status, rest, same = screen.end()
    report.claim(status == 0 and same, "q: the end, and the terminal is as before", (status, same))
    report.claim("\x1b[12;1H" in rest, "it followed the terminal's size", repr(rest))
    report.claim("\x1b[?1049l" in rest, "q: the terminal shows what it did before", repr(rest))


def check_delete(lab: Lab, report: Report) -> None:
    def left() -> int:
        return len(lab.flows(f"src={MANY}"))

    screen = Screen(lab, "--protocol=tcp")
    count = left()
    screen.wait(MANY, BIG)
    screen.press(b"d")
    text = screen.wait("Forget")
    report.claim(f"Forget {count} connections of {MANY}? [y/n]" in text, "d: asks about the selected group", text)
    screen.press(b"n")
    text = screen.wait("q quit", absent="Forget")
    report.claim("Forget" not in text and left() == count > 0, "d and n: nothing is deleted", text)
    screen.press(b"\x1bOB")
    screen.press(b"d")
    text = screen.wait("Forget")
    report.claim(f"of {BIG}?" in text or f"of {SMALL}?" in text, "down: the next group", text)
    screen.press(b"n\x1bOAdy")
    until = time.monotonic() + 4 * PATIENCE
    while left() and time.monotonic() < until:
        time.sleep(0.1)
    report.claim(left() == 0, "d and y: they are deleted", left())
    report.claim(len(lab.flows(f"src={BIG}")) == 1, "d and y: others stay")
    screen.process.send_signal(signal.SIGTERM)
    status, rest, same = screen.end()
    report.claim(status == 0 and same and "\x1b[?1049l" in rest, "a signal: the terminal is as before", (status, same, rest))


def check_terminals(lab: Lab, report: Report) -> None:
    screen = Screen(lab)
    screen.wait(BIG)
    screen.press(b"\x03")
    status, rest, same = screen.end()
    report.claim(status == 0 and same and "\x1b[?1049l" in rest, "Control-C: the terminal is as before", rest)
    status, rest, _ = Screen(lab, "--once").end()
    report.claim(status == 0 and "\x1b" not in rest and BIG in rest, "--once: one report on a terminal", rest)
    status, rest, _ = Screen(lab, term="of-no-kind").end()
    report.claim(status == 3 and "of-no-kind" in rest and "--once" in rest, "an unknown terminal is said", rest)
    done = lab.sh("router", f"{program(lab.programs, 'flywall-state')} top --interval=0", check=False)
    report.claim(done.returncode == 2, "--interval=0 is wrong usage")


def check_rate(lab: Lab, report: Report) -> None:
    """SMALL moves bytes while it is looked at; BIG has moved more before."""
    held = lab.hold(1, "lan", lab.address("wan", 4), 80, SMALL)
    stop = threading.Event()

    def talk() -> None:
        while not stop.wait(0.02):
            held[0].sendall(b"x" * 1000)
            held[0].recv(4096)

    talker = threading.Thread(target=talk, daemon=True)
    talker.start()
    try:
        done = lab.sh("router", f"{program(lab.programs, 'flywall-state')} top --by=rate --once --interval=2 "
                                "--format=json")
    finally:
        stop.set()
        talker.join(PATIENCE)
    rows = json.loads(done.stdout)["top"]
    rates = {row["who"]: row["bytes_per_second"] for row in rows}
    report.claim(rows[0]["who"] == SMALL and rates[SMALL] > 0, "rate: who moves bytes now stands first", rows)
    report.claim(rates.get(BIG) == 0, "rate: what was moved before does not count", rows)
    close(held)


def main() -> None:
    lab = open_lab(__doc__ or "")
    need_programs("setsid")
    report = Report()
    for source in (MANY, BIG, SMALL):
        lab.add_address("lan", "eth0", f"{source}/24")
    lab.tcp_echo("wan", 80)
    lab.start_afresh(CONFIG)
    held = lab.hold(5, "lan", lab.address("wan", 4), 80, MANY) + lab.hold(1, "lan", lab.address("wan", 4), 80, SMALL)
    big = lab.hold(1, "lan", lab.address("wan", 4), 80, BIG)
    for _ in range(20):
        big[0].sendall(b"x" * 1000)
        big[0].recv(4096)
    check_keys(lab, report)
    check_rate(lab, report)
    check_delete(lab, report)
    check_terminals(lab, report)
    close(held + big)
    report.finish()


main()

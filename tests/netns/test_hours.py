#!/usr/bin/python3
"""Hours of rules, to the second, wherever the machine is: read from what nft sends to the kernel."""

from __future__ import annotations

import re
import sys

sys.dont_write_bytecode = True

from lab import Report, run  # noqa: E402

from support import arguments, need_new_network, need_root, program  # noqa: E402

DAY = 24 * 3600
# Minutes east of Greenwich; POSIX counts to the west.
ZONES = (0, 1, 60, 345, 600, 720, 840, -1, -150, -300, -720)
WINDOWS = (("08:00", "18:00"), ("00:00", "00:01"), ("23:59", "24:00"), ("00:00", "18:00"), ("18:00", "24:00"),
           ("22:00", "06:00"), ("12:01", "12:00"), ("00:01", "24:00"), ("10:00", "10:01"), ("14:15", "14:00"))
HEAD = 'zone "wan" { interface = "eth0" }\nzone "lan" { interface = "eth1" }\n'
CHECKS = {"eq": int.__eq__, "neq": int.__ne__, "gte": int.__ge__, "lte": int.__le__, "gt": int.__gt__,
          "lt": int.__lt__}


def config(start: str, end: str) -> str:
    return HEAD + f"""policy "lan" "wan" {{
  rule "at times" {{
    time_start = "{start}"
    time_end   = "{end}"
    action     = "accept"
  }}
}}
"""


def swapped(word: str) -> int:
    return int.from_bytes(int(word, 16).to_bytes(4, "little"), "big")


def holds(rule: str) -> set[int]:
    """The seconds of Greenwich's day at which a rule's expressions on the hour hold."""
    seconds = set(range(DAY))
    for part in rule.split("[ meta load hour => reg 1 ]")[1:]:
        read = swapped if "byteorder" in part.split("cmp")[0].split("range")[0] else lambda word: int(word, 16)
        for name, word in re.findall(r"\[ cmp (\w+) reg 1 (0x[0-9a-f]+) \]", part.split("[ immediate")[0]):
            value = read(word)
            seconds = {second for second in seconds if CHECKS[name](second, value)}
        for low, high in re.findall(r"\[ range neq reg 1 (0x[0-9a-f]+) (0x[0-9a-f]+) \]", part):
            first, last = read(low), read(high)
            seconds = {second for second in seconds if not first <= second <= last}
    return seconds


def sent(ruleset: str, east: int) -> set[int]:
    timezone = f"ELSE{'-' if east >= 0 else '+'}{abs(east) // 60}:{abs(east) % 60:02}"
    done = run(["unshare", "--net", "env", f"TZ={timezone}", "nft", "--debug=netlink", "-f", "-"], stdin=ruleset)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    rules = re.split(r"\n(?=\S|\s*$)", done.stdout)
    found = [holds(rule) for rule in rules if "meta load hour" in rule]
    return set().union(*found)


def minutes(clock: str) -> int:
    hours, rest = clock.split(":")
    return int(hours) * 60 + int(rest)


def wanted(start: str, end: str, east: int) -> set[int]:
    first, last = 60 * minutes(start), 60 * minutes(end)
    last += DAY if last < first else 0
    return {(second - 60 * east) % DAY for second in range(first, last)}


def main() -> None:
    options = arguments(__doc__ or "").parse_args()
    need_root()
    need_new_network()
    compiler = program(options.bin, "flywall-compile")
    report = Report(only_failures=True)
    for start, end in WINDOWS:
        done = run([compiler, "-"], stdin=config(start, end))
        report.claim(done.returncode == 0, f"{start} to {end}: compiles", done.stderr or None)
        for east in ZONES:
            wrong = sent(done.stdout, east) ^ wanted(start, end, east)
            report.claim(not wrong, f"{start} to {end}, {east} minutes east of Greenwich: to the second",
                         sorted(wrong)[:4])
    report.finish()


main()

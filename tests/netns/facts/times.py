"""Hours of rules on machines elsewhere. The kernel counts them in Greenwich."""

import time

from facts.model import DROPPED, PASSES, ZONES, Fact, Group, policy

DAY = 24 * 60


def offset(hour: int, minute: int) -> int:
    """Minutes east of Greenwich where it is that time now; at most half a day."""
    now = time.gmtime()
    east = (hour * 60 + minute - now.tm_hour * 60 - now.tm_min) % DAY
    return east - DAY if east > DAY // 2 else east


def timezone(east: int) -> str:
    """POSIX counts to the west."""
    return f"ELSE{'-' if east >= 0 else '+'}{abs(east) // 60}:{abs(east) % 60:02}"


def clock(east: int, minutes: int) -> str:
    return time.strftime("%H:%M", time.gmtime(time.time() + 60 * (east + minutes)))


def window(name: str, port: int, start: str, end: str) -> str:
    return f'{name}: proto = "tcp"; dest_port = {port}; time_start = "{start}"; time_end = "{end}"; action = "accept"\n'


def midnight(title: str, east: int) -> Group:
    """There it is ten past midnight."""
    return Group(title, ZONES + policy(
        window("over", 80, "23:40", "00:40") + window("past", 81, "23:00", "00:05") + window("but", 82, "00:30", "23:50")
        + window("from", 83, "00:00", "00:40") + window("until", 84, "23:00", "24:00")
        + window("all", 85, "00:00", "24:00")), (
            Fact("over midnight", "lan", "wan", "tcp 80", PASSES),
            Fact("over midnight, and past", "lan", "wan", "tcp 81", DROPPED),
            Fact("all hours but this", "lan", "wan", "tcp 82", DROPPED),
            Fact("from midnight on", "lan", "wan", "tcp 83", PASSES),
            Fact("until midnight", "lan", "wan", "tcp 84", DROPPED),
            Fact("all day", "lan", "wan", "tcp 85", PASSES),
        ), timezone=timezone(east))


def elsewhere(title: str, east: int) -> Group:
    return Group(title, ZONES + policy(
        window("now", 80, clock(east, -30), clock(east, 30)) + window("past", 81, clock(east, -60), clock(east, -30))
        + window("most", 82, clock(east, -60), clock(east, -120))
        + window("wrong", 83, clock(east, 60), clock(east, -60))), (
            Fact("inside", "lan", "wan", "tcp 80", PASSES),
            Fact("over", "lan", "wan", "tcp 81", DROPPED),
            Fact("all hours but one", "lan", "wan", "tcp 82", PASSES),
            Fact("all hours but these", "lan", "wan", "tcp 83", DROPPED),
        ), timezone=timezone(east))


GROUPS = (midnight("times where it is midnight", offset(0, 10)), elsewhere("times to the east", 345),
          elsewhere("times to the west", -600))

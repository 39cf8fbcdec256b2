#!/usr/bin/python3
"""A zone's limits: exact, one count for what is forwarded and what is for the router, kept over applies."""

import socket
import struct
import time

from lab import FAMILIES, SYN, Lab, Report, alive, close, open_lab, tcp_segment

PORT = 80
OTHERS = 8  # more addresses of the host in wan


def config(*limits: str) -> str:
    return f"""
conntrack {{ max_connections = 262144 }}
zone "wan" {{
  interface = "eth0"
  conntrack {{ limits = {{ {", ".join(limits)} }} }}
}}
zone "lan" {{ interface = "eth1" }}
"""


def source(lab: Lab, family: int, number: int) -> str:
    """An address of wan's host; for IPv6, each in a /64 of its own."""
    return lab.address("wan", 4, str(10 + number)) if family == 4 else f"2001:db8:1:{number + 1}::9"


def give_addresses(lab: Lab) -> None:
    for number in range(OTHERS):
        lab.add_address("wan", "eth0", source(lab, 4, number) + "/24", source(lab, 6, number) + "/64")
        lab.sh("router", f"ip -6 route add {source(lab, 6, number)}/128 via {lab.address('wan', 6)} dev eth0")
    lab.add_address("wan", "eth0", "2001:db8:1:1::8/64")
    lab.sh("router", f"ip -6 route add 2001:db8:1:1::8/128 via {lab.address('wan', 6)} dev eth0")


def check_per_ip(lab: Lab, report: Report, family: int) -> None:
    lan, router = lab.address("lan", family), lab.address("wan", family, "1")
    one, other = source(lab, family, 0), source(lab, family, 1)
    lab.start_afresh(config("max_per_ip = 5"))
    held = lab.hold(6, "wan", lan, PORT, one)
    report.claim(len(held) == 5, f"IPv{family} max_per_ip = 5: five of six", len(held))
    report.claim(lab.counter("over_per_ip_wan") >= 1, f"IPv{family} the refusal is counted")
    report.claim(not lab.hold(1, "wan", router, PORT, one), f"IPv{family} forward and input share the count")
    theirs = lab.hold(5, "wan", lan, PORT, other)
    report.claim(len(theirs) == 5, f"IPv{family} another source has its own five", len(theirs))
    report.claim(all(map(alive, held)), f"IPv{family} those that were let in live")
    lab.must_apply(config("max_per_ip = 5"))
    report.claim(not lab.hold(1, "wan", lan, PORT, one), f"IPv{family} the limit holds over a second apply")
    held.pop().close()
    again = lab.connect_soon("wan", lan, PORT, one)
    report.claim(len(again) == 1, f"IPv{family} one closed, one more is let in")
    report.claim(not lab.hold(1, "wan", lan, PORT, one), f"IPv{family} and not two")
    back = lab.hold(7, "lan", lab.address("wan", family), PORT)
    report.claim(len(back) == 7, f"IPv{family} the lan has no limit", len(back))
    close(held + theirs + again + back)


def check_prefix(lab: Lab, report: Report) -> None:
    lan, near, far = lab.address("lan", 6), "2001:db8:1:1::8", source(lab, 6, 1)
    lab.start_afresh(config("max_per_ip = 5"))
    held = lab.hold(3, "wan", lan, PORT, source(lab, 6, 0)) + lab.hold(3, "wan", lan, PORT, near)
    report.claim(len(held) == 5, "two addresses of one /64 count as one", len(held))
    close(held)
    lab.start_afresh(config("max_per_ip = 5", "ipv6_prefix = 128"))
    held = lab.hold(5, "wan", lan, PORT, source(lab, 6, 0)) + lab.hold(6, "wan", lan, PORT, near)
    report.claim(len(held) == 10, "with ipv6_prefix = 128 each address counts", len(held))
    close(held)
    lab.start_afresh(config("max_per_ip = 5", "ipv6_prefix = 48"))
    held = lab.hold(3, "wan", lan, PORT, source(lab, 6, 0)) + lab.hold(3, "wan", lan, PORT, far)
    report.claim(len(held) == 5, "with ipv6_prefix = 48 two /64 count as one", len(held))
    close(held)


def check_concurrent(lab: Lab, report: Report) -> None:
    lab.start_afresh(config("max_concurrent = 8"))
    held: list[socket.socket] = []
    for family in FAMILIES:
        for number in range(3):
            held += lab.hold(2, "wan", lab.address("lan", family), PORT, source(lab, family, number))
    report.claim(len(held) == 8, "max_concurrent = 8: eight of twelve, of both families", len(held))
    router = lab.address("wan", 4, "1")
    report.claim(not lab.hold(1, "wan", router, PORT), "forward and input share it")
    lab.must_apply(config("max_concurrent = 8"))
    report.claim(not lab.hold(1, "wan", router, PORT), "it holds over a second apply")
    held.pop().close()
    more = lab.connect_soon("wan", router, PORT)
    report.claim(len(more) == 1, "one closed, one more is let in")
    report.claim(lab.counter("admitted_wan") == 9, "those let in are counted over applies",
                 lab.counter("admitted_wan"))
    close(held + more)


def send_syns(lab: Lab, family: int, count: int, seconds: float, number: int = 0, port: int = PORT) -> float:
    """SYNs of new connections, spread over a time; how long it took."""
    to = lab.address("lan", family)
    sender = source(lab, family, number)
    segments = [tcp_segment(sender, to, 1024 + i, port, SYN, 1 + i) for i in range(count)]
    begin = time.monotonic()
    with lab.open_socket("wan", family, socket.SOCK_RAW, socket.IPPROTO_TCP) as raw:
        raw.bind((sender, 0))
        for i, segment in enumerate(segments):
            raw.sendto(segment, (to, 0))
            time.sleep(max(0.0, begin + seconds * (i + 1) / count - time.monotonic()))
    return time.monotonic() - begin


def check_sharded(lab: Lab, report: Report) -> None:
    """The large form may let in a little more than said: every shard is rounded up."""
    lab.start_afresh(config("max_concurrent = 4000"))
    send_syns(lab, 4, 6000, 1.5, port=81)
    time.sleep(0.2)
    let_in = lab.counter("admitted_wan")
    report.claim(4000 <= let_in <= 4096, "max_concurrent = 4000 in shards, 6000 offered", let_in)
    lab.must_apply(config("max_concurrent = 4000"))
    send_syns(lab, 4, 500, 0.2, number=1, port=81)
    report.claim(lab.counter("admitted_wan") <= 4096, "and it holds over a second apply",
                 lab.counter("admitted_wan"))


def check_rates(lab: Lab, report: Report, family: int) -> None:
    lab.start_afresh(config("new_per_second = 50"))
    seconds = send_syns(lab, family, 400, 2, port=81)
    want, got = 50 * seconds + 50, lab.counter("admitted_wan")
    report.claim(abs(got - want) < 12, f"IPv{family} new_per_second = 50 in {seconds:.2f} s, burst 50", got)
    lab.start_afresh(config("new_per_second = 50", "burst = 10"))
    seconds = send_syns(lab, family, 200, 1, port=81)
    want, got = 50 * seconds + 10, lab.counter("admitted_wan")
    report.claim(abs(got - want) < 12, f"IPv{family} with burst = 10", got)
    lab.start_afresh(config("new_per_ip = 20"))
    for number in (0, 1):
        before = lab.counter("admitted_wan")
        seconds = send_syns(lab, family, 150, 1, number, port=81)
        want, got = 20 * seconds + 20, lab.counter("admitted_wan") - before
        report.claim(abs(got - want) < 6, f"IPv{family} new_per_ip = 20, source {number + 1}", got)


def check_change(lab: Lab, report: Report) -> None:
    """Another number is another count: it holds from the next connection on."""
    lan, one = lab.address("lan", 4), source(lab, 4, 0)
    lab.start_afresh(config("max_per_ip = 3"))
    held = lab.hold(4, "wan", lan, PORT, one)
    lab.must_apply(config("max_per_ip = 6"))
    more = lab.hold(8, "wan", lan, PORT, one)
    report.claim(len(held) == 3 and len(more) == 6, "a raised limit counts anew", (len(held), len(more)))
    report.claim(all(map(alive, held)), "and leaves the old connections alone")
    lab.must_apply(config("max_per_ip = 0"))
    free = lab.hold(8, "wan", lan, PORT, one)
    report.claim(len(free) == 8, "0 is no limit", len(free))
    close(held + more + free)


def check_unanswered(lab: Lab, report: Report) -> None:
    """More packets of a connection that nobody has answered yet are no more connections."""
    lab.start_afresh(config("max_per_ip = 2", "new_per_second = 1000"))
    for _ in range(5):
        lab.send_udp("wan", lab.address("lan", 4), 9, source_port=7001)
    report.claim(lab.counter("admitted_wan") == 1, "five datagrams of one flow are let in as one",
                 lab.counter("admitted_wan"))
    report.claim(lab.counter("over_per_ip_wan") == 0, "and none is refused")


def datagram(sender: int, to: str) -> bytes:
    """A datagram to the discard port from any IPv4 address; the kernel fills in lengths and checksum."""
    header = struct.pack("!BBHHHBBHI4s", 0x45, 0, 0, 0, 0, 64, socket.IPPROTO_UDP, 0, sender,
                         socket.inet_aton(to))
    return header + struct.pack("!HHHH", 1000, 9, 8, 0)


def check_no_room(lab: Lab, report: Report) -> None:
    """A source for which the set has no room is refused: a flood of sources opens nothing."""
    room, more = 65536, 1000
    lab.start_afresh(config("max_per_ip = 5").replace("262144", str(room)))
    to, first = lab.address("lan", 4), 0x0b000000
    with lab.open_socket("wan", 4, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        for number in range(room + more):
            raw.sendto(datagram(first + number, to), (to, 0))
    let_in = lab.counter("admitted_wan")
    report.claim(room - more < let_in <= room, f"{room + more} sources, room for {room}", let_in)
    report.claim(lab.counter("over_per_ip_wan") >= more, "those without room are refused and counted",
                 lab.counter("over_per_ip_wan"))


def main() -> None:
    lab = open_lab("Limits by zone.")
    report = Report()
    give_addresses(lab)
    for host in ("lan", "router", "wan"):
        lab.tcp_echo(host, PORT)
    # Who is asked on these ports stays silent.
    silent = ("table inet silent { chain in { type filter hook input priority 0; "
              "meta l4proto { tcp, udp } th dport { 9, 81 } drop; }\n}")
    lab.nft(silent, "lan")
    for family in FAMILIES:
        check_per_ip(lab, report, family)
        check_rates(lab, report, family)
    for check in (check_prefix, check_concurrent, check_sharded, check_change, check_unanswered,
                  check_no_room):
        check(lab, report)
    report.finish()


main()

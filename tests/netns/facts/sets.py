"""Sets that decide by themselves, from files, and filled while the firewall runs."""

from facts.model import DROPPED, PASSES, REJECTED, ZONES, Fact, Group

OPEN = ZONES + 'policy "lan" "wan" { action = "accept" }\npolicy "lan" "self" { action = "accept" }\n'
LISTED = 'entries = ["10.0.1.10", "2001:db8:a::10"]'


def listed(settings: str, entries: str = LISTED) -> str:
    return OPEN + f'ipset "listed" {{\n  {entries}\n  {settings}\n}}\n'


BLOCKLIST = Group("a blocklist", listed('action = "drop"'), (
    Fact("to another side", "lan.10", "wan", "tcp 80", DROPPED, tracked=False),
    Fact("to this machine", "lan.10", "router", "udp 53", DROPPED),
    Fact("anybody else", "lan.20", "wan", "tcp 80", PASSES),
    Fact("and to this machine", "lan.20", "router", "udp 53", PASSES),
))

INPUT = Group("a blocklist of this machine", listed('action = "drop"\n  apply_to = "input"'), (
    Fact("to this machine", "lan.10", "router", "tcp 80", DROPPED),
    Fact("to its other side", "lan.10", "router@wan", "tcp 80", DROPPED),
    Fact("to another side", "lan.10", "wan", "tcp 80", PASSES),
))

FORWARD = Group("a blocklist of what passes through", listed('action = "drop"\n  apply_to = "forward"'), (
    Fact("to this machine", "lan.10", "router", "tcp 80", PASSES),
    Fact("to another side", "lan.10", "wan", "tcp 80", DROPPED),
))

DESTINATION = Group("a blocklist of destinations", listed(
    'action = "drop"\n  match_on = "destination"\n  log = true\n  log_prefix = "listed: "',
    'entries = ["203.0.113.10", "2001:db8:1::/124"]'), (
        Fact("one of them", "lan", "wan.10", "tcp 80", DROPPED, families=(4,), logged="listed: "),
        Fact("another", "lan", "wan", "tcp 80", PASSES, families=(4,)),
        Fact("one of a network", "lan", "wan", "tcp 80", DROPPED, families=(6,), logged="listed: "),
        Fact("one of another network", "lan", "wan.10", "tcp 80", PASSES, families=(6,)),
    ))

REFUSED = Group("a list that is refused", listed('action = "reject"'), (
    Fact("to another side", "lan.10", "wan", "tcp 80", REJECTED),
    Fact("to this machine", "lan.10", "router", "udp 53", REJECTED),
    Fact("anybody else", "lan.20", "wan", "udp 53", PASSES),
))

ALLOWED = Group("a list that may everything", listed('action = "accept"'), (
    Fact("where no policy lets it", "lan.10", "dmz", "tcp 80", PASSES),
    Fact("anybody else", "lan.20", "dmz", "tcp 80", DROPPED),
))

FILES = Group("a blocklist from files", listed(
    'action = "drop"', 'files = ["listed.txt", "listed.csv", "listed.json"]'), (
    Fact("from text", "lan.10", "wan", "tcp 80", DROPPED),
    Fact("from CSV", "lan.20", "wan", "tcp 80", DROPPED),
    Fact("from JSON", "lan.30", "wan", "tcp 80", DROPPED),
    Fact("from none", "lan", "wan", "tcp 80", PASSES),
), files={
    "listed.txt": "# hosts\n10.0.1.10\n\n2001:db8:a::10 ; one more\n",
    "listed.csv": "10.0.1.20,bad\n2001:db8:a::20,worse\n",
    "listed.json": '["10.0.1.30", "2001:db8:a::30"]\n',
})

DYNAMIC = Group("a list that is filled later", listed('action = "drop"\n  dynamic = true\n  timeout = "1h"'), (
    Fact("what is written", "lan.10", "wan", "tcp 80", DROPPED),
    Fact("what has been added", "lan.20", "wan", "tcp 80", DROPPED),
    Fact("anybody else", "lan.30", "wan", "tcp 80", PASSES),
), then="""
    for family in 4 6; do
        set=$(nft list sets table inet flywall | grep -o "set${family}_listed[^ ]*" | head -n 1)
        nft add element inet flywall "$set" "{ $(test $family = 4 && echo 10.0.1.20 || echo 2001:db8:a::20) }" || exit 1
    done
""")

GROUPS = (BLOCKLIST, INPUT, FORWARD, DESTINATION, REFUSED, ALLOWED, FILES, DYNAMIC)

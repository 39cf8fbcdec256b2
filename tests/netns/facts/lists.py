"""Sets that decide by themselves, beside other things of the configuration."""

from facts.model import DROPPED, PASSES, REJECTED, ZONES, Fact, Group

OPEN = ZONES + 'policy "lan" "*" { action = "accept" }\npolicy "lan" "self" { action = "accept" }\n'
LISTED = 'entries = ["10.0.1.10", "2001:db8:a::10"]'
DNAT = """
nat "web" {
  type      = "dnat"
  from      = "lan"
  dest_ip   = ["203.0.113.9", "2001:db8:1::9"]
  proto     = "tcp"
  dest_port = 8080
  to_ip     = ["10.0.2.2:80", "[2001:db8:d::2]:80"]
}
"""


def listed(*settings: str) -> str:
    return 'ipset "listed" {\n  ' + "\n  ".join(settings) + "\n}\n"


FORWARD = Group("what passes through by translation, and a blocklist of that", OPEN + DNAT + listed(
    LISTED, 'action = "drop"', 'apply_to = "forward"'), (
    Fact("translated", "lan.10", "router@wan.9", "tcp 8080", DROPPED),
    Fact("as it is", "lan.10", "wan", "tcp 80", DROPPED),
    Fact("to the router", "lan.10", "router@wan.9", "tcp 80", PASSES),
    Fact("of another host", "lan.20", "router@wan.9", "tcp 8080", PASSES, server="dmz", server_port=80),
))

INPUT = Group("what passes through by translation, and a blocklist of the router", OPEN + DNAT + listed(
    LISTED, 'action = "drop"', 'apply_to = "input"'), (
    Fact("translated", "lan.10", "router@wan.9", "tcp 8080", PASSES, server="dmz", server_port=80),
    Fact("to the router", "lan.10", "router@wan.9", "tcp 80", DROPPED),
))

EVERYBODY = Group("a blocklist of everybody", OPEN + listed(
    'entries = ["0.0.0.0/0", "::/0"]', 'action = "drop"', 'apply_to = "input"'), (
    Fact("cuts off the router", "lan", "router", "tcp 80", DROPPED),
    Fact("not from itself", "loopback", "loopback", "tcp 80", PASSES),
    Fact("nor from its neighbours", "lan", "wan", "tcp 80", PASSES),
), then="ip -6 neigh flush all")

BOTH_SIDES = Group("a list of both sides, refused", OPEN + listed(
    LISTED, 'action = "reject"', 'match_on = "both"', 'apply_to = "forward"'), (
    Fact("from it", "lan.10", "wan", "tcp 80", REJECTED),
    Fact("to the router it may", "lan.10", "router", "tcp 80", PASSES),
    Fact("anybody else", "lan.20", "wan", "tcp 80", PASSES),
))

LOGGED = Group("a list that is logged", OPEN + listed(
    LISTED, 'action = "log"', 'log_prefix = "listed: "'), (
    Fact("it may go on", "lan.10", "wan", "tcp 80", PASSES, logged="listed: ", counter="listed"),
    Fact("to the router too", "lan.10", "router", "udp 53", PASSES, logged="listed: "),
))

GROUPS = (FORWARD, INPUT, EVERYBODY, BOTH_SIDES, LOGGED)

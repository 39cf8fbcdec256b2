"""Zones without connections: what policies let through there, packet by packet."""

from facts.model import DROPPED, PASSES, Fact, Group

BARE = """
zone "wan" { interface = "eth0" }
zone "lan" {
  interface = "eth1"
  management { ssh = true }
  services { dns = true }
  conntrack { enabled = false }
}
zone "dmz" { interface = "eth2" }
"""

STATES = Group("states of rules in an untracked zone", BARE + """
policy "wan" "lan" {
  rule "running" {
    conn_state = ["established", "related"]
    action     = "accept"
  }
  rule "new" {
    conn_state = "new"
    proto      = "udp"
    dest_port  = 53
    action     = "accept"
  }
  rule "untracked" {
    conn_state = "untracked"
    proto      = "tcp"
    dest_port  = 80
    action     = "accept"
  }
}
""", (
    Fact("no packet is of a connection that was accepted", "wan", "lan", "tcp 81", DROPPED),
    Fact("nor a datagram", "wan", "lan", "datagram 54", DROPPED),
    Fact("each may begin one", "wan", "lan", "udp 53", PASSES, tracked=False),
    Fact("and is untracked", "wan", "lan", "tcp 80", PASSES, tracked=False),
))

ANSWERS = Group("answers of this machine to an untracked zone", BARE + """
policy "self" "wan" { action = "accept" }
policy "lan" "self" {
  rule "time" {
    service = "ntp"
    action  = "accept"
  }
}
""", (
    Fact("managing it", "lan", "router", "tcp 22", PASSES, tracked=False),
    Fact("what it serves", "lan", "router", "udp 53", PASSES, tracked=False),
    Fact("what a policy lets through", "lan", "router", "udp 123", PASSES, tracked=False),
    Fact("nothing else", "lan", "router", "tcp 80", DROPPED),
    Fact("and it asks the zone nothing", "router", "lan", "tcp 80", DROPPED),
    Fact("but another", "router", "wan", "tcp 80", PASSES, tracked=True),
))

GROUPS = (STATES, ANSWERS)

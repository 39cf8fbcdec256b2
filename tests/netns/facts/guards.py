"""Marks, untracked traffic, protection, shielded servers, and segment sizes."""

from facts.model import DROPPED, PASSES, ZONES, Fact, Group

OPEN = ZONES + 'policy "*" "*" { action = "accept" }\npolicy "*" "self" { action = "accept" }\n'

MARKS = Group("marks", ZONES + """
mark_rule "phones" {
  proto     = "udp"
  dest_port = 53
  from      = "lan"
  set_mark  = "0x30"
}
mark_rule "part" {
  proto     = "udp"
  dest_port = [53, 54]
  set_mark  = "0x005/0x00f"
}
mark_rule "packets" {
  restore = true
}
policy "lan" "wan" {
  rule "marked" {
    proto  = "udp"
    mark   = "0x35/0xfff"
    action = "accept"
  }
  rule "web" {
    proto     = "tcp"
    dest_port = 80
    action    = "accept"
  }
}
policy "dmz" "wan" { action = "accept" }
""", (
    Fact("of both rules, and matched", "lan", "wan", "udp 53", PASSES, mark=(0x02010035, 0xffffffff)),
    Fact("of one, which is not enough", "lan", "wan", "udp 54", DROPPED),
    Fact("of one, from another zone", "dmz", "wan", "udp 53", PASSES, mark=(0x03010005, 0xffffffff)),
    Fact("of none", "lan", "wan", "tcp 80", PASSES, mark=(0x02010000, 0xffffffff)),
))

UNTRACKED = Group("untracked traffic", ZONES + """
notrack "names" {
  proto     = "udp"
  dest_port = 53
  from      = "lan"
}
policy "lan" "wan" { action = "accept" }
""", (
    Fact("passes in both directions", "lan", "wan", "udp 53", PASSES, tracked=False),
    Fact("other traffic is tracked", "lan", "wan", "udp 54", PASSES, tracked=True),
    Fact("from another zone", "wan", "lan", "udp 53", DROPPED),
))

SPOOFED = Group("forged sources", """
zone "wan" { interface = "eth0" }
zone "lan" {
  interface = "eth1"
  protection {
    anti_spoofing = true
  }
}
zone "dmz" { interface = "eth2" }
policy "*" "*" { action = "accept" }
""", (
    Fact("an address of another side", ("10.0.2.99", "2001:db8:d::99"), "wan", "datagram 53", DROPPED),
    Fact("its own", "lan.10", "wan", "datagram 53", PASSES),
    Fact("a zone without protection", ("192.168.5.5", "fd00::5"), "lan", "datagram 53", PASSES),
))

FORGED = Group("forged sources without protection", OPEN, (
    Fact("they pass", ("10.0.2.99", "2001:db8:d::99"), "wan", "datagram 53", PASSES),
))

BOGONS = Group("addresses that nobody has", """
zone "wan" {
  interface = "eth0"
  protection {
    bogon_filtering   = true
    private_filtering = true
  }
}
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "*" "*" { action = "accept" }
""", (
    Fact("a private source", ("192.168.5.5", "fd00::5"), "lan", "datagram 53", DROPPED),
))

FLAGS = Group("impossible packets", """
protection "all" {
  invalid_packets = true
}
""" + OPEN, (
    Fact("a SYN", "lan", "wan", "segment syn 80", PASSES),
    Fact("SYN and FIN", "lan", "wan", "segment syn,fin 80", DROPPED),
    Fact("SYN and RST", "lan", "wan", "segment syn,rst 80", DROPPED),
    Fact("no flags", "lan", "wan", "segment none 80", DROPPED),
    Fact("all flags", "lan", "wan", "segment fin,syn,rst,psh,ack,urg 80", DROPPED),
    Fact("FIN alone", "lan", "wan", "segment fin 80", DROPPED),
    Fact("a connection", "lan", "wan", "tcp 81", PASSES),
))

FLOODS = Group("floods", """
zone "wan" { interface = "eth0" }
zone "lan" {
  interface = "eth1"
  protection {
    syn_flood_protection = true
    syn_flood_rate       = "2/minute"
    syn_flood_burst      = 3
    icmp_rate_limit      = true
    icmp_rate            = "2/minute"
    icmp_burst           = 2
  }
}
zone "dmz" { interface = "eth2" }
policy "*" "*" { action = "accept" }
""", (
    Fact("of connections", "lan", "wan", "tcp 80", DROPPED, times=6, passing=3, families=(4,)),
    Fact("of ICMP", "lan", "wan", "ping", DROPPED, times=5, passing=2, families=(6,)),
    Fact("datagrams are none", "lan", "wan", "udp 53", PASSES, times=8),
    Fact("nor is another zone's", "dmz", "wan", "tcp 80", PASSES, times=8),
))

SYNPROXY = Group("a shielded server", """
conntrack {
  tcp_loose = false
}
synproxy "web" {
  from      = "wan"
  proto     = "tcp"
  dest_port = 80
}
""" + OPEN, (
    Fact("a connection", "wan", "dmz", "tcp 80", PASSES, patience=4.0, server="dmz"),
    Fact("a SYN stays at the router", "wan.10", "dmz", "segment syn 80", DROPPED),
    Fact("another port", "wan.10", "dmz", "segment syn 81", PASSES),
))

SEGMENTS = Group("segment sizes", """
mss_clamping {
  size       = 1200
  interfaces = ["eth0"]
}
""" + OPEN, (
    Fact("where they leave by that interface", "lan", "wan", "tcp 80", PASSES, most_mss=1200),
    Fact("elsewhere, a connection all the same", "lan", "dmz", "tcp 80", PASSES),
))

GROUPS = (MARKS, UNTRACKED, SPOOFED, FORGED, BOGONS, FLAGS, FLOODS, SYNPROXY, SEGMENTS)

"""More of translation: this machine's own connections, ports alone, and what may pass because of it."""

from facts.model import DROPPED, PASSES, ZONES, Fact, Group

OUT = 'policy "lan" "wan" { action = "accept" }\n'
CLOSED = 'policy "lan" "wan" {}\n'
OUTSIDE = "router@wan.9"

PORT = Group("translation of the port alone", ZONES + OUT + """
policy "wan" "dmz" {
  rule "web" {
    proto     = "tcp"
    dest_port = 80
    action    = "accept"
  }
}
nat "port" {
  type      = "dnat"
  from      = "wan"
  proto     = "tcp"
  dest_port = 8080
  to_port   = 80
}
nat "without a policy" {
  type      = "dnat"
  from      = "wan"
  proto     = "udp"
  dest_port = 7000
  to_port   = 7001
  forward   = true
}
""", (
    Fact("of a host", "wan", "dmz", "tcp 8080", PASSES, server="dmz", server_port=80, seen="wan"),
    Fact("of another host", "wan", "dmz.10", "tcp 8080", PASSES, server="dmz", server_port=80),
    Fact("the port itself", "wan", "dmz", "tcp 80", PASSES, server_port=80),
    Fact("another port", "wan", "dmz", "tcp 8081", DROPPED),
    Fact("without a policy", "wan", "lan", "udp 7000", PASSES, server="lan", server_port=7001),
    Fact("but not the port itself", "wan", "lan", "udp 7001", DROPPED),
))

OWN = Group("translation of what begins on the router", ZONES + OUT + """
nat "source" {
  type    = "snat"
  from    = "self"
  to      = "wan"
  proto   = "tcp"
  to_ip   = ["203.0.113.9", "2001:db8:1::9"]
}
nat "names" {
  type      = "dnat"
  from      = "self"
  proto     = ["tcp", "udp"]
  dest_port = 7000
  to_ip     = ["10.0.2.2:80", "[2001:db8:d::2]:80"]
}
nat "hidden" {
  type = "masquerade"
  from = "lan"
  to   = "wan"
}
""", (
    Fact("its source", "router", "wan", "tcp 80", PASSES, seen=OUTSIDE),
    Fact("of one protocol", "router", "wan", "udp 53", PASSES, seen="router@wan"),
    Fact("not of what passes through", "lan", "wan", "tcp 80", PASSES, seen="router@wan"),
    Fact("its destination", "router", "wan", "tcp 7000", PASSES, server="dmz", server_port=80),
    Fact("not that of others", "lan", "wan", "udp 7000", PASSES, server="wan", server_port=7000),
))

CLIENT = Group("a target for each client", ZONES + CLOSED + """
nat "web" {
  type       = "dnat"
  from       = "wan"
  proto      = "tcp"
  dest_port  = 8080
  to_ip      = [
    { address = "10.0.2.2", port = 80, weight = 3 },
    "10.0.2.10:80",
    "[2001:db8:d::2]:80",
    "[2001:db8:d::10]:80",
  ]
  persistent = true
  forward    = true
}
""", (
    Fact("one", "wan", OUTSIDE, "tcp 8080", PASSES, server="dmz", server_port=80, times=4),
    Fact("another", "wan.10", OUTSIDE, "tcp 8080", PASSES, server="dmz", server_port=80, times=4),
))

ASKED = Group("what may pass because it was translated", ZONES + CLOSED + """
ipset "open" {
  entries = ["203.0.113.9", "2001:db8:1::9"]
}
nat "open" {
  type       = "dnat"
  from       = "wan"
  dest_ipset = "open"
  proto      = ["tcp", "udp"]
  dest_port  = [7000, "7005-7010"]
  to_ip      = ["10.0.2.2:80", "[2001:db8:d::2]:80"]
  forward    = true
}
nat "closed" {
  type      = "dnat"
  from      = "wan"
  dest_ip   = ["203.0.113.11", "2001:db8:1::11"]
  proto     = ["tcp", "udp"]
  dest_port = [7000, 8080]
  to_ip     = ["10.0.2.2:80", "[2001:db8:d::2]:80"]
}
nat "closed port" {
  type       = "dnat"
  from       = "wan"
  dest_ipset = "open"
  proto      = "tcp"
  dest_port  = 8081
  to_ip      = ["10.0.2.2:80", "[2001:db8:d::2]:80"]
}
""", (
    Fact("what the block says", "wan", OUTSIDE, "tcp 7000", PASSES, server="dmz", server_port=80, seen="wan"),
    Fact("of each protocol", "wan", OUTSIDE, "udp 7010", PASSES, server="dmz", server_port=80),
    Fact("not the same target by another address", "wan", "router@wan.11", "tcp 7000", DROPPED),
    Fact("nor by another port", "wan", OUTSIDE, "tcp 8081", DROPPED),
    Fact("nor from elsewhere", "lan", OUTSIDE, "tcp 7000", DROPPED),
))

EXCHANGE = Group("an exchange of addresses without a policy", ZONES + CLOSED + """
nat "four" {
  type          = "one_to_one"
  inside        = "10.0.2.2"
  outside       = "203.0.113.9"
  out_interface = "eth0"
  forward       = true
}
nat "six" {
  type    = "prefix"
  inside  = "2001:db8:d::/64"
  outside = "2001:db8:f::/64"
  from    = "wan"
  forward = true
}
""", (
    Fact("from outside", "wan", ("203.0.113.9", "2001:db8:f::2"), "tcp 81", PASSES, server="dmz", seen="wan"),
    Fact("not to the inside address", "wan", "dmz", "tcp 81", DROPPED),
    Fact("not from another side", "lan", ("203.0.113.9", "2001:db8:d::2"), "tcp 80", DROPPED),
    Fact("nor from inside", "dmz", "wan", "tcp 80", DROPPED),
    Fact("from the router", "router", "router@wan.9", "tcp 80", PASSES, families=(4,), server="dmz"),
))

OTHERS = ("192.168.1.2", "::")  # instead of the host lan's

INSIDE = Group("prefixes without an interface", """
zone "wan" { interface = "eth0" }
zone "office" { interfaces = ["eth1", "eth2"] }
policy "office" "wan" { action = "accept" }
nat "four" {
  type    = "prefix"
  inside  = "10.0.0.0/16"
  outside = "192.168.0.0/16"
}
""", (
    Fact("to another side", "lan", "wan", "tcp 80", PASSES, families=(4,), seen=OTHERS),
    Fact("inside, hosts have their own addresses", "lan", "dmz", "tcp 80", PASSES, families=(4,), seen="lan"),
    Fact("unless they ask for others", "lan", ("192.168.2.2", "::"), "tcp 80", PASSES, families=(4,), server="dmz",
         seen=OTHERS),
    Fact("even of hosts beside them", "lan.20", OTHERS, "tcp 80", PASSES, families=(4,), server="lan",
         seen=("192.168.1.20", "::")),
))

SIDES = Group("hairpin by an address of the router", ZONES + OUT + """
policy "lan" "self" { action = "accept" }
nat "web" {
  type         = "dnat"
  in_interface = "eth0"
  proto        = "tcp"
  dest_port    = 8080
  to_ip        = ["10.0.1.10:80", "[2001:db8:a::10]:80"]
  hairpin      = true
  forward      = true
  counter      = "hairpin"
}
""", (
    Fact("from outside", "wan", "router", "tcp 8080", PASSES, server="lan", server_port=80, seen="wan",
         counter="hairpin"),
    Fact("from beside the target", "lan.20", "router@wan", "tcp 8080", PASSES, server="lan", server_port=80,
         seen="router@lan"),
    Fact("from a third side", "dmz", "router@wan", "tcp 8080", PASSES, server="lan", server_port=80, seen="dmz"),
    Fact("its address on this side stays its own", "lan.20", "router", "tcp 8080", PASSES, server="router"),
    Fact("and so do other hosts'", "lan.20", "wan", "tcp 8080", PASSES, server="wan"),
))

WILDCARD = Group("hairpin between interfaces of a wildcard", """
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1*" }
policy "lan" "wan" { action = "accept" }
nat "web" {
  type      = "dnat"
  from      = "wan"
  dest_ip   = ["203.0.113.9", "2001:db8:1::9"]
  proto     = "tcp"
  dest_port = 8080
  to_ip     = ["10.0.1.10:80", "[2001:db8:a::10]:80"]
  hairpin   = true
  forward   = true
}
""", (
    Fact("a host beside the server", "lan.20", OUTSIDE, "tcp 8080", PASSES, server="lan", server_port=80,
         seen="router@lan"),
    Fact("a host outside", "wan", OUTSIDE, "tcp 8080", PASSES, server="lan", server_port=80, seen="wan"),
))

ADDRESSES = Group("hairpin between zones of one interface", """
zone "wan" { interface = "eth0" }
zone "office" {
  match {
    interface = "eth1"
    src       = ["10.0.1.10", "2001:db8:a::10"]
  }
}
zone "guests" {
  match {
    interface = "eth1"
    src       = ["10.0.1.20", "2001:db8:a::20"]
  }
}
policy "guests" "wan" { masquerade = true }
nat "web" {
  type      = "dnat"
  from      = "wan"
  dest_ip   = ["203.0.113.9", "2001:db8:1::9"]
  proto     = "tcp"
  dest_port = 8080
  to_ip     = ["10.0.1.10:80", "[2001:db8:a::10]:80"]
  hairpin   = true
  forward   = true
}
nat "guests" {
  type      = "redirect"
  from      = "guests"
  proto     = "udp"
  dest_port = 53
  to_port   = 7000
  forward   = true
}
""", (
    Fact("a guest", "lan.20", OUTSIDE, "tcp 8080", PASSES, server="lan", server_port=80, seen="router@lan"),
    Fact("a host outside", "wan", OUTSIDE, "tcp 8080", PASSES, server="lan", server_port=80, seen="wan"),
    Fact("redirection of one of the zones", "lan.20", "wan", "udp 53", PASSES, server="router", server_port=7000),
    Fact("not to the port itself", "lan.20", "router", "udp 7000", DROPPED),
    Fact("nor of the other zone", "lan.10", "wan", "udp 53", DROPPED),
))

GROUPS = (PORT, OWN, CLIENT, ASKED, EXCHANGE, INSIDE, SIDES, WILDCARD, ADDRESSES)

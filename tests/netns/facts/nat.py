"""Translation of addresses and ports."""

from facts.model import DROPPED, PASSES, ZONES, Fact, Group

OUT = 'policy "lan" "wan" { action = "accept" }\n'
OUTSIDE = "router@wan.9"

POLICY = Group("masquerade of a policy", ZONES + """
policy "lan" "wan" {
  action     = "accept"
  masquerade = true
}
policy "dmz" "wan" { action = "accept" }
""", (
    Fact("the router's address", "lan", "wan", "tcp 80", PASSES, seen="router@wan"),
    Fact("of another host", "lan.10", "wan", "udp 53", PASSES, seen="router@wan"),
    Fact("a ping", "lan", "wan", "ping", PASSES),
    Fact("not of another policy", "dmz", "wan", "tcp 80", PASSES, seen="dmz"),
))

MASQUERADE = Group("masquerade", ZONES + OUT + """
policy "lan" "dmz" { action = "accept" }
nat "out" {
  type          = "masquerade"
  out_interface = "eth0"
  proto         = "tcp"
  to_port       = [61000:61100]
  random        = true
}
nat "rest" {
  type = "masquerade"
  from = "lan"
  to   = "wan"
  fully_random = true
}
""", (
    Fact("by interface and protocol", "lan", "wan", "tcp 80", PASSES, seen="router@wan"),
    Fact("by zones", "lan", "wan", "udp 53", PASSES, seen="router@wan"),
    Fact("not elsewhere", "lan", "dmz", "udp 53", PASSES, seen="lan"),
))

SHARED = Group("zones that share an interface", """
zone "wan" {
  interface = "eth0"
}
zone "guests" {
  interface = "eth1"
  networks  = ["10.0.1.10/32", "2001:db8:a::10/128"]
}
zone "lan" {
  interface = "eth1"
}
policy "*" "wan" {
  action = "accept"
  rule "all" {
    action = "accept"
  }
}
nat "lan" {
  type = "masquerade"
  from = "lan"
  to   = "wan"
}
mark_rule "guests" {
  from     = "guests"
  set_mark = 7
}
""", (
    Fact("one is hidden", "lan", "wan", "tcp 80", PASSES, seen="router@wan", mark=(0x03010000, 0xffff0fff)),
    Fact("the other is not", "lan.10", "wan", "tcp 80", PASSES, seen="lan.10", mark=(0x02010007, 0xffff0fff)),
))

SNAT = Group("source translation", ZONES + OUT + """
nat "four" {
  type          = "snat"
  out_interface = "eth0"
  src_ip        = "10.0.1.0/24"
  to_ip         = "203.0.113.9"
}
nat "six" {
  type   = "snat"
  from   = "lan"
  to     = "wan"
  src_ip = "2001:db8:a::/64"
  to_ip  = "2001:db8:1::9"
}
""", (
    Fact("the address that is written", "lan", "wan", "tcp 80", PASSES, seen=OUTSIDE),
    Fact("of a datagram", "lan.10", "wan", "udp 53", PASSES, seen=OUTSIDE),
    Fact("of this machine's own, it stays", "router", "wan", "udp 53", PASSES, seen="router@wan"),
))

DNAT = Group("destination translation", ZONES + OUT + """
policy "wan" "dmz" {
  rule "mail" {
    service = "smtp"
    action  = "accept"
  }
}
nat "web" {
  type         = "dnat"
  in_interface = "eth0"
  proto        = "tcp"
  dest_port    = 8080
  to_ip        = ["10.0.2.2:80"]
  forward      = true
}
nat "web6" {
  type         = "dnat"
  in_interface = "eth0"
  proto        = "tcp"
  dest_port    = 8080
  to_ip        = "[2001:db8:d::2]:80"
  forward      = true
}
nat "closed" {
  type         = "dnat"
  from         = "wan"
  proto        = "tcp"
  dest_port    = 8081
  to_ip        = "10.0.2.2"
  to_port      = 81
}
nat "mail" {
  type      = "dnat"
  from      = "wan"
  proto     = "tcp"
  dest_ip   = ["203.0.113.9"]
  dest_port = 25
  to_ip     = "10.0.2.10"
}
nat "mail6" {
  type      = "dnat"
  from      = "wan"
  proto     = "tcp"
  dest_ip   = ["2001:db8:1::9"]
  dest_port = 25
  to_ip     = "2001:db8:d::10"
}
nat "span" {
  type      = "dnat"
  from      = "wan"
  proto     = "udp"
  dest_ip   = "203.0.113.9"
  dest_port = [7000:7010]
  to_ip     = "10.0.2.2"
  forward   = true
}
""", (
    Fact("to a port of a host", "wan", OUTSIDE, "tcp 8080", PASSES, server="dmz", server_port=80, seen="wan"),
    Fact("which nobody reaches otherwise", "wan", "dmz", "tcp 80", DROPPED),
    Fact("nor by another port", "wan", OUTSIDE, "tcp 80", DROPPED),
    Fact("without a policy and forward", "wan", OUTSIDE, "tcp 8081", DROPPED),
    Fact("with a policy", "wan", OUTSIDE, "tcp 25", PASSES, server="dmz", server_port=25),
    Fact("at that address alone", "wan", "router@wan.11", "tcp 25", DROPPED),
    Fact("not from another side", "lan", OUTSIDE, "tcp 8080", DROPPED),
    Fact("a range of ports", "wan", OUTSIDE, "udp 7010", PASSES, server="dmz", server_port=7010, families=(4,)),
    Fact("behind the range", "wan", OUTSIDE, "udp 7011", DROPPED, families=(4,)),
))

OBSERVED = Group("translation that is watched", ZONES + """
ipset "clients" {
  entries = ["203.0.113.2", "2001:db8:1::2"]
}
policy "wan" "dmz" { action = "accept" }
nat "four" {
  type       = "dnat"
  from       = "wan"
  src_ipset  = "clients"
  proto      = ["tcp", "udp"]
  dest_ip    = "203.0.113.9"
  dest_port  = [7000:7001]
  to_ip      = "10.0.2.2:8000"
  log        = true
  log_prefix = "in: "
  counter    = "inward"
}
nat "six" {
  type       = "dnat"
  from       = "wan"
  src_ipset  = "clients"
  proto      = ["tcp", "udp"]
  dest_ip    = "2001:db8:1::9"
  dest_port  = [7000:7001]
  to_ip      = "[2001:db8:d::2]:8000"
  log        = true
  log_prefix = "in: "
  counter    = "inward"
}
""", (
    Fact("logged and counted", "wan", OUTSIDE, "tcp 7000", PASSES, server="dmz", server_port=8000,
         logged="in: ", counter="inward"),
    Fact("another protocol", "wan", OUTSIDE, "udp 7001", PASSES, server="dmz", server_port=8000),
    Fact("another client", "wan.10", OUTSIDE, "tcp 7000", DROPPED),
))

BALANCE = Group("several targets", ZONES + OUT + """
nat "web" {
  type      = "dnat"
  from      = "wan"
  proto     = "tcp"
  dest_port = 8080
  to_ip     = [
    "10.0.2.2:80",
    { address = "10.0.2.10", port = 80, weight = 2 },
    "[2001:db8:d::2]:80",
    "[2001:db8:d::10]:80",
  ]
  forward   = true
}
""", (
    Fact("each of them", "wan", OUTSIDE, "tcp 8080", PASSES, server="dmz", server_port=80, times=6),
))

REDIRECT = Group("redirection", ZONES + OUT + """
policy "lan" "self" {
  rule "proxy" {
    proto     = "tcp"
    dest_port = 3128
    action    = "accept"
  }
}
nat "proxy" {
  type      = "redirect"
  from      = "lan"
  proto     = "tcp"
  dest_port = 8000
  to_port   = 3128
}
nat "names" {
  type      = "redirect"
  from      = "lan"
  proto     = "udp"
  dest_port = 53
  forward   = true
}
""", (
    Fact("to a port of this machine", "lan", "wan", "tcp 8000", PASSES, server="router", server_port=3128),
    Fact("to the same port, without a policy", "lan", "wan", "udp 53", PASSES, server="router", server_port=53),
    Fact("another port", "lan", "wan", "tcp 80", PASSES, server="wan"),
    Fact("the port itself, without translation", "lan", "router", "udp 54", DROPPED),
))

ONE_TO_ONE = Group("one to one", ZONES + """
policy "dmz" "wan" { action = "accept" }
policy "wan" "dmz" {
  rule "web" {
    service = "http"
    action  = "accept"
  }
}
nat "four" {
  type    = "1:1"
  inside  = "10.0.2.2"
  outside = "203.0.113.9"
}
nat "six" {
  type    = "one_to_one"
  inside  = "2001:db8:d::2"
  outside = "2001:db8:1::9"
}
""", (
    Fact("from outside", "wan", OUTSIDE, "tcp 80", PASSES, server="dmz", seen="wan"),
    Fact("as the policy says", "wan", OUTSIDE, "tcp 81", DROPPED),
    Fact("from inside", "dmz", "wan", "tcp 80", PASSES, seen=OUTSIDE),
    Fact("not of another host", "dmz.10", "wan", "tcp 80", PASSES, seen="dmz.10"),
))

PREFIX = Group("prefixes", ZONES + OUT + """
policy "wan" "lan" { action = "accept" }
nat "six" {
  type          = "nptv6"
  inside        = "2001:db8:a::/64"
  outside       = "2001:db8:f::/64"
  out_interface = "eth0"
}
nat "four" {
  type    = "netmap"
  inside  = "10.0.1.0/24"
  outside = "192.168.77.0/24"
}
""", (
    Fact("from inside", "lan.10", "wan", "tcp 80", PASSES, seen=("192.168.77.10", "2001:db8:f::10")),
    Fact("another host", "lan", "wan", "udp 53", PASSES, seen=("192.168.77.2", "2001:db8:f::2")),
    Fact("from outside", "wan", ("192.168.77.2", "2001:db8:f::2"), "tcp 80", PASSES, server="lan", seen="wan"),
))

HAIRPIN = Group("hairpin", ZONES + OUT + """
nat "web" {
  type      = "dnat"
  from      = "wan"
  dest_ip   = "203.0.113.9"
  proto     = "tcp"
  dest_port = 8080
  to_ip     = "10.0.1.10:80"
  hairpin   = true
  forward   = true
}
nat "web6" {
  type      = "dnat"
  from      = "wan"
  dest_ip   = "2001:db8:1::9"
  proto     = "tcp"
  dest_port = 8080
  to_ip     = "[2001:db8:a::10]:80"
  hairpin   = true
  forward   = true
}
""", (
    Fact("a host beside the server", "lan.20", OUTSIDE, "tcp 8080", PASSES, server="lan", server_port=80,
         seen="router@lan"),
    Fact("a host outside", "wan", OUTSIDE, "tcp 8080", PASSES, server="lan", server_port=80, seen="wan"),
))

GROUPS = (POLICY, MASQUERADE, SHARED, SNAT, DNAT, OBSERVED, BALANCE, REDIRECT, ONE_TO_ONE, PREFIX, HAIRPIN)

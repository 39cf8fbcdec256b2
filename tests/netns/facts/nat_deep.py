"""Translation in combinations: ranges of ports, several rules for one packet, sets and zones beside it."""

from facts.model import DROPPED, PASSES, REJECTED, SILENT_PORT, ZONES, Fact, Group

OUT = 'policy "lan" "wan" { action = "accept" }\n'
OUTSIDE = "router@wan.9"

RANGES = Group("ranges of ports that become others", ZONES + OUT + """
nat "address" {
  type      = "dnat"
  from      = "wan"
  proto     = ["tcp", "udp"]
  dest_port = [7000:7010]
  to_ip     = ["10.0.2.2", "2001:db8:d::2"]
  to_port   = [8000:8010]
  forward   = true
}
nat "port" {
  type      = "dnat"
  from      = "wan"
  proto     = "udp"
  dest_port = [7100:7110]
  to_port   = [8100:8110]
  forward   = true
}
nat "here" {
  type      = "redirect"
  from      = "lan"
  proto     = "tcp"
  dest_port = [7200:7210]
  to_port   = [8200:8210]
  forward   = true
}
nat "same" {
  type      = "dnat"
  from      = "wan"
  proto     = "tcp"
  dest_port = [7300:7310]
  to_ip     = ["10.0.2.2", "2001:db8:d::2"]
  to_port   = [7300:7310]
  forward   = true
}
""", (
    Fact("the third of each", "wan", OUTSIDE, "tcp 7002", PASSES, server="dmz", server_port=8002),
    Fact("and of datagrams", "wan", OUTSIDE, "udp 7009", PASSES, server="dmz", server_port=8009),
    Fact("without an address", "wan", "dmz.10", "udp 7105", PASSES, server="dmz", server_port=8105),
    Fact("to this machine", "lan", "wan", "tcp 7207", PASSES, server="router", server_port=8207),
    Fact("the same ones", "wan", OUTSIDE, "tcp 7304", PASSES, server="dmz", server_port=7304),
    Fact("not the port itself", "wan", "dmz", "tcp 8002", DROPPED),
))

LOOP = Group("masquerade of everything", ZONES + OUT + """
policy "lan" "dmz" { action = "accept" }
nat "all" {
  type = "masquerade"
}
""", (
    Fact("by any side", "lan", "dmz", "tcp 80", PASSES, seen="router@dmz"),
    Fact("this machine to itself", "loopback", "loopback", "tcp 80", PASSES, seen="loopback"),
))

LOOPSNAT = Group("snat of all that is ours", ZONES + OUT + """
nat "own" {
  type  = "snat"
  from  = "self"
  to_ip = ["203.0.113.9", "2001:db8:1::9"]
}
""", (
    Fact("to another", "router", "wan", "tcp 80", PASSES, seen=OUTSIDE),
    Fact("this machine to itself", "loopback", "loopback", "tcp 80", PASSES, seen="loopback"),
))

LISTED = Group("a blocklist of destinations that are translated", ZONES + OUT + """
ipset "closed" {
  entries  = ["10.0.2.2", "2001:db8:d::2", "203.0.113.11", "2001:db8:1::11"]
  action   = "drop"
  match_on = "destination"
}
nat "web" {
  type      = "dnat"
  from      = "wan"
  dest_ip   = ["203.0.113.9", "2001:db8:1::9"]
  proto     = "tcp"
  dest_port = 8080
  to_ip     = ["10.0.2.2:80", "[2001:db8:d::2]:80"]
  forward   = true
}
nat "open" {
  type      = "dnat"
  from      = "wan"
  dest_ip   = ["203.0.113.11", "2001:db8:1::11", "203.0.113.9", "2001:db8:1::9"]
  proto     = "tcp"
  dest_port = 8081
  to_ip     = ["10.0.2.10:80", "[2001:db8:d::10]:80"]
  forward   = true
}
""", (
    Fact("what it becomes is listed", "wan", OUTSIDE, "tcp 8080", DROPPED),
    Fact("what was asked is listed", "wan", "router@wan.11", "tcp 8081", DROPPED),
    Fact("neither", "wan", OUTSIDE, "tcp 8081", PASSES),
))

REFUSED = Group("destinations that are refused before and behind translation", LISTED.config.replace("drop", "reject"), (
    Fact("what it becomes is listed", "wan", OUTSIDE, "tcp 8080", REJECTED),
    Fact("what was asked is listed", "wan", "router@wan.11", "tcp 8081", REJECTED),
    Fact("neither", "wan", OUTSIDE, "tcp 8081", PASSES),
))

FRIENDS = Group("the same behind a list that accepts", ZONES + """
ipset "friends" {
  entries = ["203.0.113.10", "2001:db8:1::10"]
  action  = "accept"
}
""" + LISTED.config.replace(ZONES, ""), LISTED.facts)

SOURCES = Group("translation of some sources ahead of a policy's masquerade", ZONES + """
policy "lan" "wan" {
  action     = "accept"
  masquerade = true
}
nat "part" {
  type   = "snat"
  from   = "lan"
  to     = "wan"
  src_ip = ["10.0.1.10", "2001:db8:a::10"]
  to_ip  = ["203.0.113.11", "2001:db8:1::11"]
}
nat "port" {
  type    = "snat"
  from    = "lan"
  to      = "wan"
  proto   = "udp"
  dest_ip = ["203.0.113.10", "2001:db8:1::10"]
  to_ip   = ["203.0.113.9", "2001:db8:1::9"]
}
""", (
    Fact("one source", "lan.10", "wan", "tcp 80", PASSES, seen="router@wan.11"),
    Fact("others", "lan.20", "wan", "tcp 80", PASSES, seen="router@wan"),
    Fact("one destination", "lan.20", "wan.10", "udp 53", PASSES, seen="router@wan.9"),
    Fact("of two blocks the first", "lan.10", "wan.10", "udp 53", PASSES, seen="router@wan.11"),
))

INTRA = Group("hairpin where a zone's own traffic is dropped", """
zone "wan" { interface = "eth0" }
zone "lan" {
  interface = "eth1"
  action    = "drop"
}
zone "dmz" { interface = "eth2" }
policy "lan" "wan" { action = "accept" }
nat "web" {
  type      = "dnat"
  from      = "wan"
  dest_ip   = ["203.0.113.9", "2001:db8:1::9"]
  proto     = "tcp"
  dest_port = 8080
  to_ip     = ["10.0.1.10:80", "[2001:db8:a::10]:80"]
  hairpin   = true
}
nat "fwd" {
  type      = "dnat"
  from      = "wan"
  dest_ip   = ["203.0.113.9", "2001:db8:1::9"]
  proto     = "tcp"
  dest_port = 8081
  to_ip     = ["10.0.1.10:80", "[2001:db8:a::10]:80"]
  hairpin   = true
  forward   = true
}
""", (
    Fact("not without forward", "lan.20", OUTSIDE, "tcp 8080", DROPPED),
    Fact("with it", "lan.20", OUTSIDE, "tcp 8081", PASSES, server="lan", seen="router@lan"),
    Fact("from wan, not without", "wan", OUTSIDE, "tcp 8080", DROPPED),
    Fact("from wan with it", "wan", OUTSIDE, "tcp 8081", PASSES, server="lan", seen="wan"),
))

OWN_POLICIES = Group("this machine's own connections that are translated, with policies", ZONES + """
policy "self" "wan" {
  rule "web" {
    service = "http"
    action  = "accept"
  }
}
policy "self" "dmz" {}
nat "web" {
  type      = "dnat"
  from      = "self"
  proto     = "tcp"
  dest_port = 7000
  to_ip     = ["10.0.2.2:80", "[2001:db8:d::2]:80"]
}
nat "closed" {
  type      = "dnat"
  from      = "self"
  proto     = "tcp"
  dest_port = 80
  dest_ip   = ["203.0.113.10", "2001:db8:1::10"]
  to_ip     = ["10.0.2.2:81", "[2001:db8:d::2]:81"]
}
nat "here" {
  type      = "redirect"
  from      = "self"
  proto     = ["tcp", "udp"]
  dest_port = 8000
  to_port   = 3128
}
nat "hide" {
  type = "masquerade"
  from = "self"
  to   = "dmz"
}
""", (
    Fact("what may be asked of the zone at the target's port", "router", "wan", "tcp 7000", PASSES, server="dmz",
         server_port=80, seen="router@dmz"),
    Fact("what may not be, though it could untranslated", "router", "wan.10", "tcp 80", DROPPED),
    Fact("untranslated", "router", "wan", "tcp 80", PASSES, server="wan"),
    Fact("not of the target itself", "router", "dmz", "tcp 80", DROPPED),
    Fact("this machine instead", "router", "wan", "tcp 8000", PASSES, server="router", server_port=3128),
    Fact("even by a datagram", "router", "dmz", "udp 8000", PASSES, server="router", server_port=3128),
))

ONE_SERVICES = Group("one to one beside services of this machine", ZONES + """
policy "wan" "self" { action = "accept" }
policy "wan" "dmz" { action = "accept" }
policy "dmz" "wan" { action = "accept" }
policy "lan" "dmz" { action = "accept" }
policy "dmz" "lan" { action = "accept" }
nat "here" {
  type      = "redirect"
  from      = "wan"
  dest_ip   = ["203.0.113.9", "2001:db8:1::9"]
  proto     = "tcp"
  dest_port = 7000
  to_port   = 22
}
nat "four" {
  type    = "1:1"
  inside  = "10.0.2.2"
  outside = "203.0.113.9"
}
nat "six" {
  type    = "1:1"
  inside  = "2001:db8:d::2"
  outside = "2001:db8:1::9"
}
""", (
    Fact("its own service ahead of the block", "wan", OUTSIDE, "tcp 7000", PASSES, server="router", server_port=22),
    Fact("all others", "wan", OUTSIDE, "tcp 22", PASSES, server="dmz", server_port=22, seen="wan"),
    Fact("this machine's other address", "wan", "router", "tcp 22", PASSES, server="router"),
    Fact("asked from a third side", "lan", OUTSIDE, "tcp 22", PASSES, server="dmz", seen="lan"),
    Fact("to a third side, from the outside address", "dmz", "lan", "tcp 22", PASSES, server="lan", seen=OUTSIDE),
    Fact("a ping", "wan", OUTSIDE, "ping", PASSES),
    Fact("an error comes back", "wan", OUTSIDE, f"udp {SILENT_PORT}", REJECTED),
    Fact("and to the host inside", "dmz", "wan", f"udp {SILENT_PORT}", REJECTED),
))

ONE_HAIRPIN = Group("one to one with hairpin", ZONES + """
policy "dmz" "wan" { action = "accept" }
nat "four" {
  type          = "1:1"
  inside        = "10.0.2.2"
  outside       = "203.0.113.9"
  out_interface = "eth0"
  hairpin       = true
  forward       = true
}
nat "six" {
  type    = "1:1"
  inside  = "2001:db8:d::2"
  outside = "2001:db8:1::9"
  to      = "wan"
  hairpin = true
  forward = true
}
nat "without" {
  type    = "1:1"
  inside  = "10.0.2.10"
  outside = "203.0.113.11"
  to      = "wan"
  forward = true
}
""", (
    Fact("from outside", "wan", OUTSIDE, "tcp 80", PASSES, server="dmz", seen="wan"),
    Fact("from a third side", "lan", OUTSIDE, "tcp 80", PASSES, server="dmz", seen="lan"),
    Fact("from beside the host", "dmz.10", OUTSIDE, "tcp 80", PASSES, server="dmz", seen="router@dmz"),
    Fact("from the host itself", "dmz", OUTSIDE, "udp 53", PASSES, server="dmz", seen="router@dmz"),
    Fact("not to its inside address", "lan", "dmz", "tcp 80", DROPPED),
    Fact("to others, it has its outside address", "dmz", "wan", "tcp 80", PASSES, seen=OUTSIDE),
    Fact("without, inside hosts do not reach it", "lan", "router@wan.11", "tcp 80", DROPPED),
))

ERRORS = Group("errors about translated packets", ZONES + """
policy "lan" "wan" { action = "accept" }
policy "wan" "dmz" {}
nat "four" {
  type          = "prefix"
  inside        = "10.0.1.0/24"
  outside       = "192.168.77.0/24"
  out_interface = "eth0"
}
nat "six" {
  type          = "prefix"
  inside        = "2001:db8:a::/64"
  outside       = "2001:db8:f::/64"
  out_interface = "eth0"
}
nat "silent" {
  type      = "dnat"
  from      = "wan"
  proto     = "udp"
  dest_port = 7000
  to_ip     = ["10.0.2.2", "2001:db8:d::2"]
  to_port   = 65000
  forward   = true
}
""", (
    Fact("to a host of a prefix", "lan.10", "wan", f"udp {SILENT_PORT}", REJECTED),
    Fact("of another's connection", "lan.10", "wan", f"tcp {SILENT_PORT}", REJECTED),
    Fact("from behind dnat", "wan", OUTSIDE, "udp 7000", REJECTED),
))

MASKS = Group("marks with masks", ZONES + """
policy "lan" "wan" { action = "accept" }
policy "lan" "dmz" { action = "accept" }
mark_rule "high" {
  from     = "lan"
  set_mark = "0xa00/0xf00"
}
mark_rule "low" {
  from     = "lan"
  proto    = "tcp"
  set_mark = 5
  mask     = "0x00f"
}
mark_rule "middle" {
  to       = "dmz"
  set_mark = "0x30/0x30"
}
mark_rule "clear" {
  from      = "lan"
  proto     = "tcp"
  dest_port = 81
  set_mark  = "0/0x800"
}
""", (
    Fact("two of them", "lan", "wan", "tcp 80", PASSES, mark=(0x02010a05, 0xffffffff)),
    Fact("one of them", "lan", "wan", "udp 53", PASSES, mark=(0x02010a00, 0xffffffff)),
    Fact("three of them", "lan", "dmz", "tcp 80", PASSES, mark=(0x02030a35, 0xffffffff)),
    Fact("bits that are cleared", "lan", "wan", "tcp 81", PASSES, mark=(0x02010205, 0xffffffff)),
    Fact("the router's own", "router", "dmz", "tcp 80", PASSES, mark=(0x00030030, 0xffffffff)),
))

WHOLE = Group("a list of all addresses", ZONES + """
policy "lan" "wan" { action = "accept" }
policy "lan" "dmz" { action = "accept" }
policy "lan" "self" { action = "accept" }
ipset "all" {
  entries = ["0.0.0.0/1", "128.0.0.0/1", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "10.0.1.0/24", "10.0.1.9"]
}
ipset "closed" {
  entries  = ["0.0.0.0/0", "::/0"]
  action   = "drop"
  apply_to = "input"
}
ipset "ports" {
  type    = "ports"
  entries = [80, "80-82", "81-84"]
}
policy "dmz" "lan" {
  rule "all" {
    src_ipset = "all"
    proto     = "tcp"
    dest_ipset = "ports"
    action    = "accept"
  }
}
""", (
    Fact("in it", "dmz", "lan", "tcp 84", PASSES),
    Fact("not of its ports", "dmz", "lan", "tcp 85", DROPPED),
    Fact("all are dropped that come in", "lan", "router", "tcp 80", DROPPED),
    Fact("nobody that passes through", "lan", "wan", "tcp 80", PASSES),
    Fact("nor this machine from itself", "loopback", "loopback", "tcp 80", PASSES),
))

ENDS = Group("a list of sources and destinations", ZONES + """
policy "lan" "wan" { action = "accept" }
policy "wan" "lan" { action = "accept" }
policy "lan" "self" { action = "accept" }
policy "wan" "self" { action = "accept" }
ipset "listed" {
  entries  = ["10.0.1.10", "2001:db8:a::10", "203.0.113.9", "2001:db8:1::9"]
  action   = "drop"
  match_on = "both"
}
ipset "friends" {
  entries  = ["10.0.1.20", "2001:db8:a::20"]
  action   = "accept"
  match_on = "destination"
}
""", (
    Fact("the source", "lan.10", "wan", "tcp 80", DROPPED),
    Fact("the destination", "wan", "lan.10", "tcp 80", DROPPED),
    Fact("this machine's own address", "wan", OUTSIDE, "tcp 80", DROPPED),
    Fact("its others", "wan", "router@wan.11", "tcp 80", PASSES),
    Fact("a destination that all may ask", "dmz", "lan.20", "tcp 80", PASSES),
    Fact("not others", "dmz", "lan.30", "tcp 80", DROPPED),
    Fact("nor from those on the first list", "lan.10", "lan.20", "tcp 80", PASSES),
))
FILES = Group("lists from files of other systems", ZONES + """
policy "lan" "wan" { action = "accept" }
ipset "listed" {
  files  = ["listed.txt", "listed.csv", "listed.yaml"]
  column = "address"
  key    = "lists.ip"
  action = "drop"
}
""", (
    Fact("a line with a comment, ended as elsewhere", "lan.10", "wan", "tcp 80", DROPPED),
    Fact("a column with quotes", "lan.20", "wan", "tcp 80", DROPPED),
    Fact("a key through a list", "lan.30", "wan", "tcp 80", DROPPED),
    Fact("none", "lan", "wan", "tcp 80", PASSES),
), files={
    "listed.txt": "\ufeff# hosts\r\n\r\n10.0.1.10 # one\r\n  2001:db8:a::10\t\r\n",
    "listed.csv": 'why,address\r\n"bad, very","10.0.1.20"\r\n\r\nworse,2001:db8:a::20\r\n',
    "listed.yaml": "# those\nlists:\n  - ip: 10.0.1.30 # one\n  - {ip: '2001:db8:a::30'}\n",
})

GROUPS = (RANGES, LOOP, LOOPSNAT, LISTED, REFUSED, FRIENDS, SOURCES, INTRA, OWN_POLICIES, ONE_SERVICES, ONE_HAIRPIN, ERRORS, MASKS, WHOLE, ENDS, FILES)

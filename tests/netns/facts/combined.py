"""What single tables show one by one, together."""

from facts.model import DROPPED, PASSES, REJECTED, ZONES, Fact, Group, policy
from facts.network import LAN_MAC

OUTSIDE = "router@wan.9"

NEGATED = Group("sets of ranges and networks, and all but those", ZONES + """
ipset "staff" {
  entries = ["10.0.1.8-10.0.1.12", "10.0.1.10", "10.0.1.28/30", "2001:db8:a::8-2001:db8:a::12", "2001:db8:a::30/124"]
}
ipset "four" {
  entries = ["10.0.1.20"]
}
ipset "later" {
  dynamic = true
}
""" + policy("""
    none: src_ipset = "staff"; invert_src = true; proto = "tcp"; dest_port = 80; action = "accept"
    two: src_ipsets = ["staff", "four"]; invert_src = true; proto = "tcp"; dest_port = 81; action = "accept"
    with: src_ipset = "staff"; src_ip = ["10.0.1.20", "2001:db8:a::20"]; invert_src = true;
        proto = "tcp"; dest_port = 82; action = "accept"
    both: src_ipset = "staff"; invert_src = true; dest_ip = ["203.0.113.8/29", "2001:db8:1::10"]; invert_dest = true;
        proto = "tcp"; dest_port = 83; action = "accept"
    empty: src_ipset = "later"; invert_src = true; proto = "tcp"; dest_port = 84; action = "accept"
    filled: src_ipset = "later"; proto = "tcp"; dest_port = 85; action = "accept"
    drop: src_ipset = "four"; invert_src = true; proto = "tcp"; dest_port = 86; action = "drop"
    rest: proto = "tcp"; dest_port = 86; action = "accept"
"""), (
    Fact("in a range", "lan.10", "wan", "tcp 80", DROPPED),
    Fact("in a network", "lan.30", "wan", "tcp 80", DROPPED),
    Fact("in neither", "lan.20", "wan", "tcp 80", PASSES),
    Fact("in the second of two sets", "lan.20", "wan", "tcp 81", DROPPED, families=(4,)),
    Fact("which has none of IPv6", "lan.20", "wan", "tcp 81", PASSES, families=(6,)),
    Fact("in the first of them", "lan.10", "wan", "tcp 81", DROPPED),
    Fact("in none of them", "lan", "wan", "tcp 81", PASSES),
    Fact("written beside the set", "lan.20", "wan", "tcp 82", DROPPED),
    Fact("in the set", "lan.10", "wan", "tcp 82", DROPPED),
    Fact("neither written nor in it", "lan", "wan", "tcp 82", PASSES),
    Fact("neither source nor destination", "lan", "wan", "tcp 83", PASSES),
    Fact("the source", "lan.10", "wan", "tcp 83", DROPPED),
    Fact("the destination", "lan", "wan.10", "tcp 83", DROPPED),
    Fact("all but an empty set", "lan", "wan", "tcp 84", PASSES),
    Fact("but what has been added", "lan.10", "wan", "tcp 84", DROPPED, families=(4,)),
    Fact("which another rule is for", "lan.10", "wan", "tcp 85", PASSES, families=(4,)),
    Fact("and for nobody else", "lan.10", "wan", "tcp 85", DROPPED, families=(6,)),
    Fact("all but those are dropped", "lan", "wan", "tcp 86", DROPPED),
    Fact("those go on", "lan.20", "wan", "tcp 86", PASSES, families=(4,)),
    Fact("none of IPv6 does", "lan.20", "wan", "tcp 86", DROPPED, families=(6,)),
), then="""
    set=$(nft list sets table inet flywall | grep -o "set4_later[^ ]*" | head -n 1)
    nft add element inet flywall "$set" "{ 10.0.1.10 }"
""")

CRITERIA = Group("zones by several criteria", f"""
ipset "chosen" {{
  entries = ["10.0.1.20", "10.0.1.30", "2001:db8:a::20", "2001:db8:a::30"]
}}
zone "wan" {{ interface = "eth0" }}
zone "voice" {{
  match {{
    interface = "eth1"
    mac       = "{LAN_MAC}"
    protocol  = "udp"
    dscp      = "ef"
  }}
}}
zone "one" {{
  match {{
    interface = "eth1"
    ipset     = "chosen"
    protocol  = "tcp"
    src       = ["10.0.1.16/28", "2001:db8:a::20/124"]
  }}
}}
zone "two" {{
  match {{
    interface = "eth1"
    ipset     = "chosen"
  }}
}}
zone "vlan" {{
  interface = "eth3"
  vlan      = 30
  networks  = ["10.0.30.0/24", "2001:db8:30::/64"]
}}
zone "bare" {{ interface = "eth3" }}
zone "rest" {{ interface = "eth1" }}
policy "voice" "wan" {{ action = "accept" }}
policy "one" "wan" {{ action = "accept" }}
policy "two" "wan" {{ action = "reject" }}
policy "vlan" "bare" {{ action = "accept" }}
policy "bare" "wan" {{ action = "accept" }}
policy "rest" "wan" {{
  rule "names" {{
    proto     = "udp"
    dest_port = 53
    action    = "accept"
  }}
}}
""", (
    Fact("four criteria", "lan.20", "wan", "udp 54", PASSES, dscp=46, mark=(0x02010000, 0xffff0000)),
    Fact("another code point", "lan.20", "wan", "udp 54", REJECTED, dscp=10),
    Fact("another protocol", "lan.20", "wan", "tcp 54", PASSES, dscp=46, mark=(0x03010000, 0xffff0000)),
    Fact("in the set, of another network", "lan.30", "wan", "tcp 80", REJECTED, families=(6,)),
    Fact("in the set and the network", "lan.30", "wan", "tcp 80", PASSES, families=(4,),
         mark=(0x03010000, 0xffff0000)),
    Fact("not in the set", "lan.10", "wan", "udp 53", PASSES, mark=(0x07010000, 0xffff0000)),
    Fact("and what the rest may not", "lan.10", "wan", "tcp 80", DROPPED),
    Fact("a VLAN", "tagged", "stray", "tcp 80", PASSES, mark=(0x05060000, 0xffff0000)),
    Fact("not by the interface's policies", "tagged", "wan", "tcp 80", DROPPED),
    Fact("its interface", "stray", "wan", "tcp 80", PASSES, mark=(0x06010000, 0xffff0000)),
    Fact("not back to the VLAN", "stray", "tagged", "tcp 80", DROPPED),
))

OWN = Group("this machine among zones of one interface", """
zone "wan" { interface = "eth0" }
zone "staff" {
  interface = "eth1"
  networks  = ["10.0.1.10/32", "2001:db8:a::10/128"]
  management { ssh = true }
}
zone "guests" {
  interface = "eth1"
  action    = "reject"
  services { dns = true }
}
policy "self" "staff" {
  rule "web" {
    service = "http"
    action  = "accept"
  }
  action = "reject"
}
policy "self" "*" {
  rule "names" {
    service = "dns"
    action  = "accept"
  }
}
policy "any" "firewall" {
  rule "ping" {
    service    = "ping"
    conn_state = "new"
    action     = "accept"
  }
}
""", (
    Fact("to one of them", "router", "lan.10", "tcp 80", PASSES, mark=(0x00020000, 0xffff0000)),
    Fact("what it may all of them", "router", "lan.10", "udp 53", PASSES),
    Fact("what it may not that one", "router", "lan.10", "tcp 81", REJECTED),
    Fact("not even a datagram", "router", "lan.10", "udp 81", REJECTED),
    Fact("nor the other", "router", "lan.20", "tcp 80", DROPPED),
    Fact("what it may the other", "router", "lan.20", "udp 53", PASSES, mark=(0x00030000, 0xffff0000)),
    Fact("and a third", "router", "wan", "tcp 53", PASSES),
    Fact("by no interface of a zone", "router", "stray", "tcp 53", DROPPED),
    Fact("managed from the one", "lan.10", "router", "tcp 22", PASSES),
    Fact("not from the other", "lan.20", "router", "tcp 22", DROPPED),
    Fact("what it serves the other", "lan.20", "router", "udp 53", PASSES),
    Fact("not the one", "lan.10", "router", "udp 53", DROPPED),
    Fact("what all may", "lan.10", "router", "ping", PASSES),
    Fact("outside too", "wan", "router", "ping", PASSES),
    Fact("not from an interface of no zone", "stray", "router", "ping", DROPPED),
    Fact("with its other address", "lan.20", "router@wan", "udp 53", PASSES),
))

GENERAL = Group("general and particular policies, with priorities and inheritance", ZONES + policy("""
    late: proto = "tcp"; dest_port = 80; action = "accept"
    own: proto = "tcp"; dest_port = 84; action = "accept"
    off: proto = "tcp"; dest_port = 85; action = "accept"; disabled = true
""", settings='inherits = "template"') + policy("""
    first: proto = "tcp"; dest_port = 80; action = "drop"
""", "*", "wan", 'priority = 10') + policy("""
    web: proto = "tcp"; dest_port = [81, 84]; action = "reject"
    off: proto = "tcp"; dest_port = 86; action = "accept"; enabled = false
""", "dmz", "dmz", 'name = "template"\n  disabled = true\n  action = "reject"') + policy("""
    general: proto = "tcp"; dest_port = [81, 82, 87]; action = "accept"
""", "*", "*", 'action = "accept"') + policy("""
    middle: proto = "tcp"; dest_port = 87; action = "drop"
""", "?an", "*", 'action = "drop"\n  priority = 60'), (
    Fact("a lower number, though general", "lan", "wan", "tcp 80", DROPPED),
    Fact("an inherited rule ahead of a general one", "lan", "wan", "tcp 81", REJECTED),
    Fact("its own ahead of an inherited one", "lan", "wan", "tcp 84", PASSES),
    Fact("a general rule behind both", "lan", "wan", "tcp 82", PASSES),
    Fact("ahead of one with a higher number", "lan", "wan", "tcp 87", PASSES),
    Fact("an inherited action ahead of general ones", "lan", "wan", "tcp 88", REJECTED),
    Fact("its own rule that is switched off", "lan", "wan", "tcp 85", REJECTED),
    Fact("an inherited one that is switched off", "lan", "wan", "tcp 86", REJECTED),
    Fact("the switched off policy itself", "dmz", "dmz.10", "tcp 81", PASSES),
    Fact("a general action ahead of one with a higher number", "lan", "dmz", "tcp 88", PASSES),
    Fact("of another zone", "dmz", "lan", "tcp 81", PASSES),
))

HIDDEN = Group("masquerade of general policies beside others", ZONES + policy("""
    web: proto = "tcp"; dest_port = 80; action = "accept"
""", "lan", "wan") + policy("", "*", "wan", 'action = "accept"\n  masquerade = true') + """
nat "server" {
  type    = "1:1"
  inside  = "10.0.2.2"
  outside = "203.0.113.9"
}
nat "server6" {
  type    = "1:1"
  inside  = "2001:db8:d::2"
  outside = "2001:db8:1::9"
}
""", (
    Fact("what the general one accepts", "lan", "wan", "tcp 81", PASSES, seen="router@wan"),
    Fact("and what the other does, between the same zones", "lan", "wan", "tcp 80", PASSES, seen="router@wan"),
    Fact("a host with an address of its own", "dmz", "wan", "tcp 80", PASSES, seen=OUTSIDE),
    Fact("the others of its zone", "dmz.10", "wan", "udp 53", PASSES, seen="router@wan"),
))

PORTS = Group("ports of translation", ZONES + """
policy "lan" "wan" { action = "accept" }
policy "wan" "dmz" {
  rule "files" {
    service = "ftp"
    action  = "accept"
  }
}
nat "one port" {
  type    = "masquerade"
  from    = "lan"
  to      = "wan"
  proto   = "tcp"
  src_ip  = ["10.0.1.10", "2001:db8:a::10"]
  to_port = 40000
}
nat "ports" {
  type    = "snat"
  from    = "lan"
  to      = "wan"
  proto   = "udp"
  to_ip   = ["203.0.113.9", "2001:db8:1::9"]
  to_port = [41000:41000]
}
nat "list" {
  type      = "dnat"
  from      = "wan"
  dest_ip   = ["203.0.113.9", "2001:db8:1::9"]
  proto     = ["tcp", "udp"]
  dest_port = [7000, 7005:7010, "7020-7030"]
  to_ip     = ["10.0.2.10", "2001:db8:d::10"]
  forward   = true
  hairpin   = true
}
nat "files" {
  type      = "dnat"
  from      = "wan"
  dest_ip   = ["203.0.113.9", "2001:db8:1::9"]
  proto     = "tcp"
  dest_port = 2121
  to_ip     = ["10.0.2.2:21", "[2001:db8:d::2]:21"]
}
""", (
    Fact("the port of a masquerade", "lan.10", "wan", "tcp 80", PASSES, seen="router@wan", words=("dport=40000",)),
    Fact("not of another host", "lan.20", "wan", "tcp 80", PASSES, seen="lan.20"),
    Fact("the port of a new source", "lan", "wan", "udp 53", PASSES, seen=OUTSIDE, words=("dport=41000",)),
    Fact("one of a list of ports", "wan", OUTSIDE, "tcp 7000", PASSES, server="dmz", server_port=7000),
    Fact("inside of a range", "wan", OUTSIDE, "udp 7007", PASSES, server="dmz", server_port=7007),
    Fact("the end of another", "wan", OUTSIDE, "tcp 7030", PASSES, server="dmz", server_port=7030),
    Fact("between them", "wan", OUTSIDE, "tcp 7011", DROPPED),
    Fact("from beside the target", "dmz", OUTSIDE, "tcp 7005", PASSES, server="dmz", server_port=7005,
         seen="router@dmz"),
    Fact("from a third side", "lan", OUTSIDE, "udp 7020", PASSES, server="dmz", seen="lan"),
    Fact("a helper behind translation", "wan", OUTSIDE, "tcp 2121", PASSES, server="dmz", server_port=21,
         words=("helper=ftp",)),
))

BALANCED = Group("targets of two protocols", ZONES + """
policy "wan" "dmz" {
  rule "first" {
    dest_ip   = ["10.0.2.2", "2001:db8:d::2"]
    dest_port = 80
    proto     = ["tcp", "udp"]
    action    = "accept"
  }
}
nat "names" {
  type      = "dnat"
  from      = "wan"
  proto     = ["tcp", "udp"]
  dest_port = 8080
  to_ip     = [
    { address = "10.0.2.2", port = 80, weight = 3 },
    { address = "10.0.2.10", port = 80 },
    { address = "2001:db8:d::2", port = 80, weight = 3 },
    { address = "2001:db8:d::10", port = 80 },
  ]
}
""", (
    Fact("so many of TCP as weigh the first", "wan", OUTSIDE, "tcp 8080", DROPPED, times=8, passing=6, server="dmz"),
    Fact("so many of UDP", "wan", OUTSIDE, "udp 8080", DROPPED, times=4, passing=3, server="dmz"),
))

UPLINK = Group("marks beside an uplink", ZONES + """
uplink_group "internet" {
  uplink "line" {
    interface = "eth0"
    gateway   = ["203.0.113.2", "2001:db8:1::2"]
    mark      = 3
  }
}
mark_rule "kept" {
  proto     = "udp"
  dest_port = 53
  set_mark  = "0x20/0xf0"
}
mark_rule "low" {
  from     = "lan"
  proto    = ["tcp", "udp"]
  set_mark = "0x1/0x1"
}
mark_rule "back" {
  restore = true
}
policy "lan" "wan" {
  masquerade = true
  rule "marked" {
    proto    = "udp"
    mark     = "0x21/0xfff"
    set_mark = "0x400/0xf00"
    action   = "accept"
  }
  rule "others" {
    proto  = "tcp"
    action = "accept"
  }
}
policy "wan" "dmz" { action = "accept" }
policy "wan" "self" { action = "accept" }
""", (
    Fact("of two rules, a policy and the uplink", "lan", "wan", "udp 53", PASSES, mark=(0x02013421, 0xffffffff),
         seen="router@wan"),
    Fact("of one rule, which is not enough", "lan", "wan", "udp 54", DROPPED),
    Fact("of one rule and the uplink", "lan", "wan", "tcp 80", PASSES, mark=(0x02013001, 0xffffffff)),
    Fact("from outside", "wan", "dmz", "udp 53", PASSES, mark=(0x01033020, 0xffffffff), seen="wan"),
    Fact("from outside, to this machine", "wan", "router", "tcp 80", PASSES, mark=(0x01003000, 0xfffff000)),
))

PREFIX_127 = "x" * 126 + ":"

SIGNS = Group("signs in log messages and names", ZONES + """
policy "lan" "wan" {
  name = "out: 100% {all}; $x #1 'quoted'"
  rule "web" {
    proto      = "tcp"
    dest_port  = 80
    log        = true
    log_prefix = "100% {a}; #1 'b' @c: "
    action     = "accept"
  }
  rule "longest" {
    proto      = "tcp"
    dest_port  = 81
    log_prefix = "%s"
    log        = true
    log_limit  = "1000/second"
    action     = "drop"
  }
  rule "by $name (all) [x]" {
    proto     = "tcp"
    dest_port = 82
    log       = true
    action    = "reject"
  }
}
""".replace("%s", PREFIX_127), (
    Fact("signs of the language", "lan", "wan", "tcp 80", PASSES, logged="100% {a}; #1 'b' @c: "),
    Fact("127 bytes", "lan", "wan", "tcp 81", DROPPED, logged=PREFIX_127),
    Fact("those of a name", "lan", "wan", "tcp 82", REJECTED,
         logged="flywall out: 100% {all}; ?x #1 'quoted': by ?name (all) [x] reject: "),
))

GROUPS = (NEGATED, CRITERIA, OWN, GENERAL, HIDDEN, PORTS, BALANCED, UPLINK, SIGNS)

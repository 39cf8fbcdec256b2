"""Where two words of the configuration meet, and either could be forgotten."""

from facts.model import DROPPED, PASSES, REJECTED, ZONES, Fact, Group, policy

SLOW = 4.0

STREAMS = Group("streams that nobody answers, and rates", ZONES + policy("""
    plain: proto = "udp"; dest_port = 1514; limit = "2/minute"; action = "accept"
    logged: proto = "udp"; dest_port = 1515; limit = "2/minute"; log = true; log_limit = "9/minute"; action = "accept"
    each: proto = "udp"; dest_port = 1516; limit_per_ip = "2/minute"; action = "accept"
"""), (
    Fact("plain", "lan", "wan", "datagram 1514", DROPPED, times=4, passing=4, source_port=7001, families=(4,)),
    Fact("logged", "lan", "wan", "datagram 1515", DROPPED, times=4, passing=4, source_port=7002, families=(4,)),
    Fact("each", "lan", "wan", "datagram 1516", DROPPED, times=4, passing=4, source_port=7003, families=(4,)),
))

SHIELD = """
conntrack { tcp_loose = false }
synproxy "web" {
  from      = "wan"
  proto     = "tcp"
  dest_port = [80:90]
}
"""

SHIELDED = Group("a shield and lists", ZONES + SHIELD + """
ipset "refused" {
  entries = ["203.0.113.10", "2001:db8:1::10"]
  action  = "reject"
}
ipset "friends" {
  entries = ["203.0.113.20", "2001:db8:1::20"]
  action  = "accept"
}
policy "wan" "dmz" {
  rule "web" {
    proto      = "tcp"
    dest_port  = 80
    conn_state = "new"
    action     = "accept"
  }
  rule "refuse" {
    proto      = "tcp"
    dest_port  = 81
    action     = "reject"
  }
}
""", (
    Fact("anybody", "wan", "dmz", "tcp 80", PASSES, patience=SLOW),
    Fact("refused by a list", "wan.10", "dmz", "tcp 80", REJECTED),
    Fact("friend", "wan.20", "dmz", "tcp 82", PASSES, patience=SLOW),
    Fact("a rule refuses", "wan", "dmz", "tcp 81", REJECTED),
))

SHIELD_DNAT = Group("a shield and a blocklist of what passes through", ZONES + SHIELD + """
ipset "blocked" {
  entries  = ["203.0.113.10", "2001:db8:1::10"]
  action   = "drop"
  apply_to = "forward"
}
nat "other" {
  type      = "dnat"
  from      = "lan"
  dest_ip   = ["203.0.113.9", "2001:db8:1::9"]
  proto     = "tcp"
  dest_port = 8080
  to_ip     = ["10.0.2.2:80", "[2001:db8:d::2]:80"]
}
policy "wan" "dmz" { action = "accept" }
""", (
    Fact("anybody", "wan", "dmz", "tcp 80", PASSES, patience=SLOW),
    Fact("blocked", "wan.10", "dmz", "tcp 80", DROPPED),
))

SHIELD_LOG = Group("a shield and what rules keep", ZONES + SHIELD + policy("""
    web: proto = "tcp"; dest_port = 80; log = true; log_prefix = "shielded: "; counter = "shielded"; action = "accept"
    no: proto = "tcp"; dest_port = 81; log = true; log_prefix = "unshielded: "; counter = "unshielded"; action = "drop"
""", "wan", "dmz"), (
    Fact("log", "wan", "dmz", "tcp 80", PASSES, patience=SLOW, logged="shielded: "),
    Fact("counter", "wan", "dmz", "tcp 80", PASSES, patience=SLOW, counter="_shielded"),
    Fact("mark", "wan", "dmz", "tcp 80", PASSES, patience=SLOW, mark=(0x01030000, 0xffffffff)),
    Fact("log drop", "wan", "dmz", "tcp 81", DROPPED, logged="unshielded: "),
    Fact("counter drop", "wan", "dmz", "tcp 81", DROPPED, counter="unshielded"),
))

ORDER = Group("lists as they are written, not by their names", ZONES + """
ipset "zebra" {
  entries = ["10.0.1.10", "2001:db8:a::10"]
  action  = "accept"
}
ipset "mole" {
  entries = ["10.0.1.20", "10.0.1.10", "2001:db8:a::20", "2001:db8:a::10"]
  action  = "reject"
}
ipset "ant" {
  entries = ["10.0.1.0/24", "2001:db8:a::/64"]
  action  = "drop"
}
""" + policy("", settings='action = "accept"'), (
    Fact("who is accepted first", "lan.10", "wan", "tcp 80", PASSES),
    Fact("who is refused then", "lan.20", "wan", "tcp 80", REJECTED),
    Fact("who is refused, with a datagram", "lan.20", "router", "udp 53", REJECTED),
    Fact("the rest", "lan.30", "wan", "tcp 80", DROPPED),
))

HELPER_NONE = Group("helper none", """
conntrack {
  helpers = { ftp = true }
}
""" + ZONES + policy("""
    none: proto = "tcp"; dest_port = 21; dest_ip = ["203.0.113.10", "2001:db8:1::10"];
        helper = "none"; action = "accept"
    service: service = "ftp"; dest_ip = ["203.0.113.20", "2001:db8:1::20"];
        helper = "none"; action = "accept"
    ftp: service = "ftp"; action = "accept"
"""), (
    Fact("none", "lan", "wan.10", "tcp 21", PASSES, words=("helper=ftp",)),
    Fact("service none", "lan", "wan.20", "tcp 21", PASSES, words=("helper=ftp",)),
    Fact("some", "lan", "wan", "tcp 21", PASSES, words=("helper=ftp",)),
))

HELPER_OFF = Group("helper of a service without the machine's", ZONES + policy("""
    service: service = "ftp"; dest_ip = ["203.0.113.20", "2001:db8:1::20"]; helper = "none"; action = "accept"
    ftp: service = "ftp"; action = "accept"
"""), (
    Fact("service none", "lan", "wan.20", "tcp 21", PASSES, lacks=("helper=ftp",)),
    Fact("some", "lan", "wan", "tcp 21", PASSES, words=("helper=ftp",)),
))

TWICE = Group("lists that overlap", ZONES + """
ipset "a" { entries = ["10.0.1.10", "2001:db8:a::10"] }
ipset "b" { entries = ["10.0.1.0/28", "10.0.1.10", "2001:db8:a::/120"] }
""" + policy("""
    count: src_ipsets = ["a", "b"]; proto = "udp"; dest_port = 53; counter = "once"; action = "continue"
    go: proto = "udp"; dest_port = 53; action = "accept"
"""), (
    Fact("one", "lan.10", "wan", "udp 53", PASSES, families=(4,), counter="once"),
))

LOOP = Group("a zone of all interfaces", """
zone "wan" { interface = "eth0" }
zone "rest" {
  interface = "l*"
  protection {
    anti_spoofing     = true
    bogon_filtering   = true
    private_filtering = false
    icmp_rate_limit   = true
    icmp_rate         = "2/minute"
    icmp_burst        = 2
  }
}
policy "rest" "wan" { action = "accept" }
""", (
    Fact("itself", "loopback", "loopback", "tcp 80", PASSES),
    Fact("ping itself", "loopback", "loopback", "ping", PASSES, times=6),
    Fact("own", "router@wan", "router@wan", "udp 53", PASSES),
    ))

LOOP_BARE = Group("an untracked zone of all interfaces", """
zone "wan" { interface = "eth0" }
zone "rest" {
  interface = "l*"
  conntrack { enabled = false }
}
policy "rest" "wan" { action = "accept" }
policy "self" "wan" { action = "accept" }
""", (
    Fact("itself", "loopback", "loopback", "tcp 80", PASSES),
    Fact("own", "router@wan", "router@wan", "udp 53", PASSES),
    ))

LOOP_NOTRACK = Group("untracked names from anywhere and this machine", ZONES + """
notrack "names" {
  proto     = "udp"
  dest_port = 53
}
policy "self" "wan" { action = "drop" }
policy "lan" "self" { action = "drop" }
""", (
    Fact("itself", "loopback", "loopback", "udp 53", PASSES),
    Fact("own", "router@wan", "router@wan", "udp 53", PASSES),
    Fact("others", "lan", "wan", "udp 53", PASSES),
    Fact("asks", "router", "wan", "udp 53", PASSES),
))

CHAIN3 = Group("inheritance of three", ZONES + """
policy "lan" "wan" {
  name   = "one"
  action = "reject"
  rule "a" {
    proto     = "tcp"
    dest_port = 80
    action    = "accept"
  }
  rule "stop" {
    proto     = "tcp"
    dest_port = 83
    action    = "return"
  }
}
policy "dmz" "wan" {
  name     = "two"
  inherits = "one"
  rule "b" {
    proto     = "tcp"
    dest_port = 81
    action    = "accept"
  }
  rule "back" {
    proto     = "tcp"
    dest_port = 84
    action    = "return"
  }
}
policy "wan" "dmz" {
  name     = "three"
  inherits = "two"
  rule "c" {
    proto     = "tcp"
    dest_port = [80, 81]
    src_ip    = ["203.0.113.10", "2001:db8:1::10"]
    action    = "drop"
  }
}
policy "wan" "lan" {
  inherits = "three"
  action   = "accept"
}
""", (
    Fact("of the first", "wan", "dmz", "tcp 80", PASSES),
    Fact("of the second", "wan", "dmz", "tcp 81", PASSES),
    Fact("own", "wan.10", "dmz", "tcp 81", DROPPED),
    Fact("action", "wan", "dmz", "tcp 82", REJECTED),
    Fact("return", "wan", "dmz", "tcp 83", REJECTED),
    Fact("return of second", "wan", "dmz", "tcp 84", REJECTED),
    Fact("fourth return", "wan", "lan", "tcp 83", PASSES),
    Fact("fourth own", "wan.10", "lan", "tcp 80", DROPPED),
    Fact("fourth rest", "wan", "lan", "tcp 85", PASSES),
))

ICMPS = Group("icmp types by number and name", ZONES + policy("""
    list: proto = "icmp"; icmp_type = ["echo-request", 13, "packet-too-big"]; action = "accept"
    six: proto = "icmpv6"; icmp_type = "echo-reply"; action = "accept"
""") + policy("""
    v6: proto = "icmpv6"; action = "accept"
""", "dmz", "wan") + policy("""
    number: proto = 47; action = "accept"
    esp: proto = ["esp", "ah"]; action = "accept"
""", "wan", "lan"), (
    Fact("ping", "lan", "wan", "ping", PASSES),
    Fact("number", "lan", "wan", "icmp 13", PASSES, families=(4,)),
    Fact("not 4", "dmz", "wan", "ping", DROPPED, families=(4,)),
    Fact("but 6", "dmz", "wan", "ping", PASSES, families=(6,)),
    Fact("47", "wan", "lan", "proto 47", PASSES),
    Fact("50", "wan", "lan", "proto 50", PASSES),
    Fact("51", "wan", "lan", "proto 51", PASSES),
    Fact("52", "wan", "lan", "proto 52", DROPPED),
))

ALL_AT_ONCE = Group("everything a rule keeps", """
conntrack { helpers = { ftp = true } }
""" + ZONES + policy("""
    all: proto = "tcp"; dest_port = 2121; helper = "ftp"; timeout = "70s"; limit = "100/second"; limit_per_ip = "50/second";
        max_per_ip = 3; max_connections = 50; log = true; log_prefix = "all at once: "; log_limit = "1/minute";
        counter = "all_at_once"; set_mark = "0x9"; action = "accept"
    next: proto = "tcp"; dest_port = 2121; action = "reject"
"""), (
    Fact("v4", "lan", "wan", "tcp 2121", DROPPED, times=5, passing=3, families=(4,), words=("helper=ftp",), seconds=(60, 70), mark=(0x02010009, 0xffffffff), counter="all_at_once"),
    Fact("v6", "lan", "wan", "tcp 2121", DROPPED, times=4, passing=3, families=(6,), words=("helper=ftp",), seconds=(60, 70), mark=(0x02010009, 0xffffffff)),
))

FRIENDS = Group("friends and untracked", """
zone "wan" { interface = "eth0" }
zone "lan" {
  interface = "eth1"
  conntrack { enabled = false }
}
zone "dmz" { interface = "eth2" }
ipset "friends" {
  entries = ["10.0.1.20", "2001:db8:a::20"]
  action  = "accept"
}
ipset "others" {
  entries = ["10.0.1.16/28", "2001:db8:a::20/124"]
  action  = "reject"
}
policy "dmz" "wan" { action = "accept" }
""", (
    Fact("a friend", "lan.20", "wan", "tcp 80", PASSES, tracked=False),
    Fact("a friend udp", "lan.20", "wan", "udp 53", PASSES, tracked=False),
    Fact("to router", "lan.20", "router", "udp 53", PASSES, tracked=False),
    Fact("to router", "lan.20", "router", "tcp 80", PASSES, tracked=False),
    Fact("other", "lan.30", "wan", "tcp 80", REJECTED, families=(4,)),
    Fact("nobody asks him", "wan", "lan.20", "tcp 80", DROPPED),
))

GROUPS = (ORDER, STREAMS, SHIELDED, SHIELD_DNAT, SHIELD_LOG, HELPER_NONE, HELPER_OFF, TWICE, LOOP, LOOP_BARE, LOOP_NOTRACK, CHAIN3, ICMPS,
          ALL_AT_ONCE, FRIENDS)

"""Rules: limits, logs, counters, what they keep on connections, and inheritance."""

from facts.model import DROPPED, PASSES, REJECTED, ZONES, Fact, Group, policy

RATES = Group("rates", ZONES + policy("""
    all: proto = "tcp"; dest_port = 80; limit = "3/minute"; action = "accept"
    burst: proto = "tcp"; dest_port = 81; limit = "1/minute"; burst = 4; action = "accept"
    each: proto = "udp"; dest_port = 53; limit_per_ip = "2/minute"; action = "accept"
    some: proto = "udp"; dest_port = 54; limit = "2/minute"; action = "accept"
    rest: proto = "udp"; dest_port = 54; action = "reject"
"""), (
    Fact("so many of all", "lan", "wan", "tcp 80", DROPPED, times=5, passing=3, families=(4,)),
    Fact("and a burst", "lan", "wan", "tcp 81", DROPPED, times=6, passing=4, families=(6,)),
    Fact("so many of each source", "lan", "wan", "udp 53", DROPPED, times=4, passing=2, families=(4,)),
    Fact("another source has its own", "lan.10", "wan", "udp 53", DROPPED, times=4, passing=2, families=(4,)),
    Fact("a source of IPv6", "lan", "wan", "udp 53", DROPPED, times=4, passing=2, families=(6,)),
    Fact("what is above goes to the next rule", "lan", "wan", "udp 54", REJECTED, times=4, passing=2, families=(4,)),
))

COUNTS = Group("connections at once", ZONES + policy("""
    all: proto = "tcp"; dest_port = 80; max_connections = 2; action = "accept"
    late: proto = "tcp"; dest_port = 80; action = "accept"
    each: proto = "tcp"; dest_port = 81; max_per_ip = 2; action = "accept"
    wide: proto = "udp"; dest_port = 53; max_per_ip = 1; ipv6_prefix = 128; action = "accept"
"""), (
    Fact("so many of all, and no rule behind", "lan", "wan", "tcp 80", DROPPED, times=4, passing=2, families=(4,)),
    Fact("so many of each source", "lan", "wan", "tcp 81", DROPPED, times=3, passing=2, families=(4,)),
    Fact("another source has its own", "lan.10", "wan", "tcp 81", DROPPED, times=3, passing=2, families=(4,)),
    Fact("sources of one network", "lan", "wan", "tcp 81", DROPPED, times=3, passing=2, families=(6,)),
    Fact("datagrams of a source", "lan", "wan", "udp 53", DROPPED, times=2, passing=1),
    Fact("every address for itself", "lan.20", "wan", "udp 53", DROPPED, times=2, passing=1),
))

ZONE_LIMITS = Group("limits of a zone under policies", """
zone "wan" { interface = "eth0" }
zone "lan" {
  interface = "eth1"
  management {
    ssh = true
  }
  conntrack {
    limits = { max_per_ip = 2 }
  }
}
zone "dmz" { interface = "eth2" }
""" + policy('web: proto = "tcp"; dest_port = 80; action = "accept"') +
                    policy('ssh: proto = "tcp"; dest_port = 81; action = "accept"', "*", "self"), (
    Fact("through this machine", "lan", "wan", "tcp 80", DROPPED, times=4, passing=2, families=(4,)),
    Fact("to this machine", "lan.10", "router", "tcp 81", DROPPED, times=4, passing=2, families=(4,)),
    Fact("managing it", "lan", "router", "tcp 22", DROPPED, times=4, passing=2, families=(6,)),
    Fact("of another zone", "dmz", "router", "tcp 81", PASSES, times=4),
))

LOGS = Group("logs", ZONES + policy("""
    yes: proto = "tcp"; dest_port = 80; log = true; log_prefix = "yes: "; action = "accept"
    no: proto = "tcp"; dest_port = 81; log = true; log_prefix = "no: "; action = "drop"
    refused: proto = "tcp"; dest_port = 82; log = true; log_prefix = "refused: "; action = "reject"
    alone: proto = "tcp"; dest_port = [83, 84]; log_prefix = "seen: "; action = "log"
    cut: proto = "tcp"; dest_port = 84; action = "drop"
    few: proto = "udp"; dest_port = 53; log = true; log_prefix = "few: "; log_limit = "1/minute"; action = "accept"
    alone few: proto = "udp"; dest_port = [54, 55]; log_prefix = "some: "; log_limit = "5/minute"; action = "log"
    each: proto = "udp"; dest_port = 54; limit_per_ip = "1/minute"; action = "continue"
    open: proto = "udp"; dest_port = 54; action = "accept"
    silent: proto = "tcp"; dest_port = 85; action = "accept"
""", settings='action = "drop"\n  log = true\n  log_prefix = "end: "'), (
    Fact("of what passes", "lan", "wan", "tcp 80", PASSES, logged="yes: "),
    Fact("of what is dropped", "lan", "wan", "tcp 81", DROPPED, logged="no: "),
    Fact("of what is rejected", "lan", "wan", "tcp 82", REJECTED, logged="refused: "),
    Fact("by itself, and on", "lan", "wan", "tcp 84", DROPPED, logged="seen: "),
    Fact("by itself, to the policy's action", "lan", "wan", "tcp 83", DROPPED, logged="end: "),
    Fact("a limit of messages is none of packets", "lan", "wan", "udp 53", PASSES, times=4),
    Fact("so many messages alone, and on", "lan", "wan", "udp 54", PASSES, times=3, logged="some: "),
    Fact("and to the policy's action", "lan", "wan", "udp 55", DROPPED, logged="some: "),
    Fact("of what no rule decides", "lan", "wan", "ping", DROPPED, logged="end: "),
    Fact("nothing where nothing is asked for", "lan", "wan", "tcp 85", PASSES),
))

SILENCE = Group("no logs", ZONES + policy("""
    yes: proto = "tcp"; dest_port = 80; action = "accept"
    off: proto = "tcp"; dest_port = 81; log = false; log_prefix = "off: "; action = "accept"
"""), (
    Fact("of what passes", "lan", "wan", "tcp 81", PASSES, unlogged="off: "),
))

KEPT = Group("what a rule keeps on connections", """
conntrack {
  helpers = { ftp = true }
}
""" + ZONES + policy("""
    helper: proto = "tcp"; dest_port = 2121; helper = "ftp"; action = "accept"
    ftp: service = "ftp"; action = "accept"
    none: proto = "tcp"; dest_port = 21; dest_ip = ["203.0.113.10", "2001:db8:1::10"];
        helper = "none"; action = "accept"
    time: proto = "tcp"; dest_port = 80; timeout = "50s"; action = "accept"
    times: proto = "udp"; dest_port = 53; timeouts = { udp = "40s" }; action = "accept"
    mark: proto = "udp"; dest_port = 54; set_mark = "0x21"; counter = "marked"; action = "accept"
    part: proto = "udp"; dest_port = 55; set_mark = "0x10/0xf0"; action = "accept"
    plain: proto = "udp"; dest_port = 56; action = "accept"
"""), (
    Fact("a helper", "lan", "wan", "tcp 2121", PASSES, words=("helper=ftp",)),
    Fact("a service's own", "lan", "wan", "tcp 21", PASSES, words=("helper=ftp",)),
    Fact("a timeout", "lan", "wan", "tcp 80", PASSES, seconds=(40, 50)),
    Fact("timeouts by name", "lan", "wan", "udp 53", PASSES, seconds=(30, 40)),
    Fact("a mark, and a counter", "lan", "wan", "udp 54", PASSES, mark=(0x02010021, 0xffffffff), counter="marked"),
    Fact("a part of the mark", "lan", "wan", "udp 55", PASSES, mark=(0x02010010, 0xffffffff)),
    Fact("nothing", "lan", "wan", "udp 56", PASSES, mark=(0x02010000, 0xffffffff), seconds=(20, 180)),
))

INHERITS = Group("inheritance", ZONES + """
policy "lan" "wan" {
  name   = "base"
  action = "reject"
  rule "web" {
    proto     = "tcp"
    dest_port = [80, 81]
    action    = "accept"
  }
}
policy "dmz" "wan" {
  inherits = "base"
  rule "no" {
    proto     = "tcp"
    dest_port = 81
    action    = "drop"
  }
}
policy "lan" "dmz" {
  inherits = "base"
  action   = "drop"
}
policy "dmz" "lan" {
  inherits = "lan to dmz"
}
""", (
    Fact("rules of another policy", "dmz", "wan", "tcp 80", PASSES),
    Fact("behind its own", "dmz", "wan", "tcp 81", DROPPED),
    Fact("and its action", "dmz", "wan", "tcp 82", REJECTED),
    Fact("where it has none of its own", "lan", "dmz", "tcp 82", DROPPED),
    Fact("with the same rules", "lan", "dmz", "tcp 80", PASSES),
    Fact("at second hand", "dmz", "lan", "tcp 80", PASSES),
    Fact("and its action", "dmz", "lan", "tcp 82", DROPPED),
    Fact("the policy itself is as it was", "lan", "wan", "tcp 81", PASSES),
))

ORDER = Group("one rule with everything", ZONES + """
ipset "clients" {
  entries = ["10.0.1.10", "2001:db8:a::10"]
}
""" + policy("""
    all: src_ipset = "clients"; dest_ip = ["203.0.113.10", "2001:db8:1::10"]; proto = "tcp"; dest_port = 80;
        src_port = [1024:65535]; in_interface = "eth1"; out_interface = "eth0"; conn_state = "new";
        days = ["weekdays", "weekend"]; log = true; log_prefix = "all: "; counter = "all"; set_mark = "0x5";
        limit = "100/second"; action = "accept"
"""), (
    Fact("which holds", "lan.10", "wan.10", "tcp 80", PASSES, mark=(0x02010005, 0xffffffff), logged="all: ",
         counter="all"),
    Fact("but for the source", "lan.20", "wan.10", "tcp 80", DROPPED),
    Fact("but for the destination", "lan.10", "wan", "tcp 80", DROPPED),
    Fact("but for the port", "lan.10", "wan.10", "tcp 81", DROPPED),
    Fact("but for the protocol", "lan.10", "wan.10", "udp 80", DROPPED),
))

CONTENT = Group("sets of ports and interfaces", ZONES + """
ipset "web" {
  type    = "ports"
  entries = ["80", "443", "8000-8010"]
}
ipset "high" {
  type    = "ports"
  entries = ["1024-65535"]
}
ipset "inside" {
  type    = "interfaces"
  entries = ["eth1", "eth2"]
}
""" + policy("""
    web: proto = "tcp"; dest_ipset = "web"; dest_port = 22; action = "accept"
    far: proto = "udp"; src_ipsets = ["inside", "high"]; dest_port = 53; action = "accept"
"""), (
    Fact("a port of the set", "lan", "wan", "tcp 443", PASSES),
    Fact("one of its ranges", "lan", "wan", "tcp 8004", PASSES),
    Fact("one beside the set", "lan", "wan", "tcp 22", PASSES),
    Fact("another", "lan", "wan", "tcp 8011", DROPPED),
    Fact("of another protocol", "lan", "wan", "udp 443", DROPPED),
    Fact("an interface and a source port", "lan", "wan", "udp 53", PASSES),
))

GROUPS = (RATES, COUNTS, ZONE_LIMITS, LOGS, SILENCE, KEPT, INHERITS, ORDER, CONTENT)

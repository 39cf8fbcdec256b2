"""Who comes first: lists, untracked traffic, policies, translation."""

from facts.model import DROPPED, PASSES, REJECTED, ZONES, Fact, Group, policy

LISTS = """
ipset "friends" {
  entries = ["10.0.1.10", "2001:db8:a::10"]
  action  = "accept"
}
ipset "others" {
  entries = ["10.0.1.0/27", "2001:db8:a::/122"]
  action  = "%s"
}
"""

FRIENDS = Group("a list of friends ahead of one that is dropped", ZONES + LISTS % "drop" + policy("", settings='action = "accept"'), (
    Fact("a friend of both lists", "lan.10", "wan", "tcp 80", PASSES),
    Fact("to this machine too", "lan.10", "router", "tcp 80", PASSES),
    Fact("of the other alone", "lan.20", "wan", "tcp 80", DROPPED),
))

REFUSED = Group("a list of friends ahead of one that is refused", ZONES + LISTS % "reject" + policy("", settings='action = "accept"'), (
    Fact("a friend of both lists", "lan.10", "wan", "tcp 80", PASSES),
    Fact("of the other alone", "lan.20", "wan", "tcp 80", REJECTED),
))

NOTRACK = Group("an untracked rule behind others", ZONES + policy("""
    blocked: src_ip = ["10.0.1.20", "2001:db8:a::20"]; action = "drop"
    refused: src_ip = ["10.0.1.30", "2001:db8:a::30"]; proto = "udp"; action = "reject"
    fast: proto = "udp"; dest_port = [53, 54]; action = "notrack"
    late: proto = "udp"; dest_port = 54; action = "drop"
"""), (
    Fact("what it is for", "lan", "wan", "udp 53", PASSES, tracked=False),
    Fact("even where a later rule drops it", "lan", "wan", "udp 54", PASSES, tracked=False),
    Fact("what an earlier rule drops", "lan.20", "wan", "udp 53", DROPPED),
    Fact("what an earlier rule rejects", "lan.30", "wan", "udp 53", REJECTED),
    Fact("what it is not for", "lan", "wan", "udp 55", DROPPED),
))

GENERAL = Group("an untracked rule of a general policy", """
zone "wan" { interface = "eth0" }
zone "lan" {
  interface = "eth1"
  action    = "drop"
}
zone "dmz" { interface = "eth2" }
""" + policy("""
    fast: proto = "udp"; dest_port = [53, 54]; action = "notrack"
""", "*", "*") + policy("""
    blocked: src_ip = ["10.0.1.20", "2001:db8:a::20"]; action = "drop"
    own: proto = "udp"; dest_port = 54; action = "accept"
""", "lan", "wan"), (
    Fact("what it is for", "lan", "wan", "udp 53", PASSES, tracked=False),
    Fact("between other zones", "dmz", "lan", "udp 53", PASSES, tracked=False),
    Fact("what a particular policy drops", "lan.20", "wan", "udp 53", DROPPED),
    Fact("what a particular policy accepts", "lan", "wan", "udp 54", PASSES, tracked=True),
    Fact("not to this machine", "lan", "router", "udp 53", DROPPED),
    Fact("nothing else", "lan", "wan", "udp 55", DROPPED),
))

LISTED = Group("untracked traffic of those on a list", """
zone "wan" { interface = "eth0" }
zone "lan" {
  interface = "eth1"
  conntrack { enabled = false }
}
zone "dmz" { interface = "eth2" }
ipset "refused" {
  entries = ["10.0.1.10", "2001:db8:a::10"]
  action  = "reject"
}
ipset "friends" {
  entries = ["10.0.1.20", "2001:db8:a::20"]
  action  = "accept"
}
notrack "names" {
  from      = "lan"
  proto     = "udp"
  dest_port = 53
}
policy "lan" "wan" { action = "accept" }
policy "dmz" "wan" { action = "accept" }
""", (
    Fact("one that is refused", "lan.10", "wan", "tcp 80", REJECTED),
    Fact("of a notrack block", "lan.10", "wan", "udp 53", REJECTED),
    Fact("to this machine", "lan.10", "router", "udp 54", REJECTED),
    Fact("anybody else", "lan.30", "wan", "tcp 80", PASSES, tracked=False),
    Fact("and to another zone", "lan.30", "dmz", "tcp 80", DROPPED),
))

NARROW = Group("services that are narrowed, and several kinds of them", ZONES + policy("""
    narrow: service = "dns"; proto = "udp"; src_ip = ["10.0.1.10", "2001:db8:a::10"]; action = "accept"
    mixed: services = ["ftp", "ping", "http"]; src_ip = ["10.0.1.20", "2001:db8:a::20"]; action = "accept"
    off: services = ["ftp", "ping", "https"]; action = "accept"; disabled = true
    states: conn_state = ["new", "untracked"]; proto = "tcp"; dest_port = 81; action = "accept"
    flags: proto = "tcp"; dest_port = 82; tcp_flags = ["syn", "!ack", "!rst"]; action = "accept"
    ports: proto = ["tcp", "udp"]; src_port = [5000:5009, 5020]; dest_port = [90:99]; action = "accept"
"""), (
    Fact("a protocol of the service", "lan.10", "wan", "udp 53", PASSES),
    Fact("its other one", "lan.10", "wan", "tcp 53", DROPPED),
    Fact("one with a helper", "lan.20", "wan", "tcp 21", PASSES, words=("helper=ftp",)),
    Fact("one of ICMP", "lan.20", "wan", "ping", PASSES),
    Fact("one of ports", "lan.20", "wan", "tcp 80", PASSES),
    Fact("all of them switched off", "lan", "wan", "tcp 21", DROPPED),
    Fact("the next one too", "lan", "wan", "ping", DROPPED),
    Fact("new or untracked", "lan", "wan", "tcp 81", PASSES),
    Fact("a list of flags", "lan", "wan", "segment syn 82", PASSES),
    Fact("one of them against it", "lan", "wan", "segment syn,rst 82", DROPPED),
    Fact("ports on both sides", "lan", "wan", "udp 95", PASSES, source_port=5005),
    Fact("the source's beside the range", "lan.30", "wan", "udp 95", DROPPED, source_port=5010),
    Fact("the last one of the list", "lan.30", "wan", "tcp 99", PASSES, source_port=5020),
))

BLOCK = Group("an untracked flow and closed policies", ZONES + """
notrack "names" {
  from      = "lan"
  proto     = "udp"
  dest_port = 53
}
""" + policy(""), (
    Fact("passes all the same", "lan", "wan", "udp 53", PASSES, tracked=False),
    Fact("to this machine too", "lan", "router", "udp 53", PASSES, tracked=False),
    Fact("another port", "lan", "wan", "udp 54", DROPPED),
    Fact("its answers alone come back", "wan", "lan", "datagram 80", PASSES, source_port=53),
    Fact("from another port nothing", "wan.10", "lan", "datagram 80", DROPPED, source_port=54),
))

COUNTRIES = Group("countries", ZONES + """
ipset "geoip_country_NL" {
  entries = ["10.0.1.8/29", "2001:db8:a::10"]
}
ipset "geoip_country_DE" {
  dynamic = true
}
""" + policy("""
    blocked: source_country = ["nl", "DE"]; proto = "tcp"; action = "drop"
    only: source_country = "NL"; proto = "udp"; dest_port = 53; action = "accept"
    web: proto = "tcp"; dest_port = 80; action = "accept"
"""), (
    Fact("one that is declared", "lan.10", "wan", "tcp 80", DROPPED),
    Fact("one that is filled later", "lan.20", "wan", "tcp 80", DROPPED, families=(4,)),
    Fact("anybody else", "lan.20", "wan", "tcp 80", PASSES, families=(6,)),
    Fact("nobody else", "lan.20", "wan", "udp 53", DROPPED),
    Fact("who is from there", "lan.10", "wan", "udp 53", PASSES),
), then="""
    set=$(nft list sets table inet flywall | grep -o "set4_geoip_country_DE[^ ]*" | head -n 1)
    nft add element inet flywall "$set" "{ 10.0.1.20 }"
""")

GUARDED = Group("a shielded server of short segments behind protection", """
conntrack { tcp_loose = false }
zone "wan" {
  interface = "eth0"
  protection {
    invalid_packets      = true
    syn_flood_protection = true
    syn_flood_rate       = "3/minute"
    syn_flood_burst      = 3
  }
}
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
synproxy "web" {
  from      = "wan"
  proto     = "tcp"
  dest_port = 80
  mss       = 1200
}
mss_clamping {
  size       = 1100
  interfaces = ["eth2"]
}
policy "wan" "dmz" {
  rule "web" {
    proto     = "tcp"
    dest_port = [80, 81]
    action    = "accept"
  }
}
policy "lan" "dmz" { action = "accept" }
""", (
    Fact("a connection", "wan", "dmz", "tcp 80", PASSES, patience=4.0, server="dmz", most_mss=1200, families=(4,)),
    Fact("what no policy lets in", "wan", "lan", "tcp 80", DROPPED, families=(6,)),
    Fact("impossible flags", "wan.10", "dmz", "segment syn,fin 81", DROPPED),
    Fact("segments of another side", "lan", "dmz", "tcp 80", PASSES, most_mss=1100),
))

GROUPS = (BLOCK, COUNTRIES, GUARDED, FRIENDS, REFUSED, NOTRACK, GENERAL, LISTED, NARROW)

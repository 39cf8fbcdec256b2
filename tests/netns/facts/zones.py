"""Zones: what belongs to them, what is closed by default, this machine, globs, and what it serves."""

from facts.model import DROPPED, PASSES, REJECTED, SILENT_PORT, ZONES, Fact, Group, policy
from facts.network import LAN_MAC

OUT = 'policy "lan" "wan" { action = "accept" }\n'

CLOSED = Group("closed by default", ZONES + OUT, (
    Fact("what a policy accepts", "lan", "wan", "tcp 80", PASSES, mark=(0x02010000, 0xffff0000)),
    Fact("and any protocol of it", "lan", "wan", "ping", PASSES),
    Fact("and the errors about it", "lan", "wan", f"udp {SILENT_PORT}", REJECTED),
    Fact("and the end of a connection", "lan", "wan", f"tcp {SILENT_PORT}", REJECTED),
    Fact("not the other way", "wan", "lan", "tcp 80", DROPPED, tracked=False),
    Fact("not to another zone", "lan", "dmz", "udp 53", DROPPED),
    Fact("not to the router", "lan", "router", "tcp 22", DROPPED),
    Fact("not to the router's other side", "lan", "router@wan", "tcp 22", DROPPED),
    Fact("not even a ping of the router", "wan", "router", "ping", DROPPED),
    Fact("not from an interface of no zone", "stray", "wan", "tcp 80", DROPPED),
    Fact("nor to the router from there", "stray", "router", "ping", DROPPED),
    Fact("nor out by such an interface", "lan", "stray", "tcp 80", DROPPED),
    Fact("nor another protocol", "wan", "lan", "proto 47", DROPPED),
    Fact("this machine may go anywhere", "router", "wan", "tcp 80", PASSES, mark=(0x00010000, 0xffff0000)),
    Fact("and by an interface of no zone", "router", "stray", "udp 53", PASSES),
    Fact("and talk to itself", "loopback", "loopback", "tcp 80", PASSES),
    Fact("and to itself by its own address", "router@wan", "router@wan", "udp 53", PASSES),
), then="ip neigh flush all; ip -6 neigh flush all")

INSIDE = """
zone "wan"    { interface = "eth0" }
zone "inside" {
  interface = ["eth1", "eth2"]
  action    = "%s"
}
"""

INTRA = tuple(Group(f"inside a zone: {action}", INSIDE % action + 'policy "*" "*" { action = "accept" }\n', (
    Fact("the zone's action", "lan", "dmz", "tcp 80", fate),
    Fact("its other side too", "dmz", "lan", "udp 53", fate),
    Fact("out of it, the policy for all", "lan", "wan", "tcp 80", PASSES),
)) for action, fate in (("accept", PASSES), ("drop", DROPPED), ("reject", REJECTED)))

INTRA_POLICY = Group("inside a zone: a policy of its own", INSIDE % "accept" + policy(
    'web: proto = "tcp"; dest_port = 80; action = "accept"', "inside", "inside"), (
        Fact("what it accepts", "lan", "dmz", "tcp 80", PASSES),
        Fact("the rest is dropped", "lan", "dmz", "tcp 81", DROPPED),
    ))

WILDCARD = Group("a wildcard of interfaces", """
zone "wan"  { interface = "eth0" }
zone "lan"  { interface = "eth1" }
zone "rest" { interface = "eth*" }
zone "more" { interface = "ppp+" }
zone "soon" { interface = "wg7" }
policy "rest" "wan" { action = "accept" }
""", (
    Fact("an interface that it means", "dmz", "wan", "tcp 80", PASSES, mark=(0x03010000, 0xffff0000)),
    Fact("and another", "stray", "wan", "udp 53", PASSES),
    Fact("and one with a point in its name", "tagged", "wan", "udp 53", PASSES),
    Fact("not one that a zone names", "lan", "wan", "tcp 80", DROPPED),
))

ADDRESSES = Group("several zones on one interface", """
zone "wan"   { interface = "eth0" }
zone "staff" {
  interface = "eth1"
  networks  = ["10.0.1.10/32", "2001:db8:a::10/128"]
}
zone "guests" {
  interface = "eth1"
  networks  = ["10.0.1.20/32", "2001:db8:a::20/128"]
}
zone "others" { interface = "eth1" }
policy "staff" "wan" { action = "accept" }
policy "wan" "staff" { action = "accept" }
policy "others" "wan" {
  rule "dns" {
    proto     = "udp"
    dest_port = 53
    action    = "accept"
  }
}
""", (
    Fact("the first", "lan.10", "wan", "tcp 80", PASSES, mark=(0x02010000, 0xffff0000)),
    Fact("the second", "lan.20", "wan", "tcp 80", DROPPED),
    Fact("the rest", "lan.30", "wan", "tcp 80", DROPPED),
    Fact("what the rest may do", "lan.30", "wan", "udp 53", PASSES, mark=(0x04010000, 0xffff0000)),
    Fact("what goes to the first", "wan", "lan.10", "tcp 80", PASSES, mark=(0x01020000, 0xffff0000)),
    Fact("what goes to the second", "wan", "lan.20", "tcp 80", DROPPED),
    Fact("what goes to the rest", "wan", "lan.30", "tcp 80", DROPPED),
))

MATCHES = Group("conditions of a zone", f"""
ipset "chosen" {{
  entries = ["10.0.1.20", "2001:db8:a::20"]
}}
zone "wan" {{ interface = "eth0" }}
zone "one" {{
  match {{
    interface = "eth1"
    src       = ["10.0.1.10", "2001:db8:a::10"]
    protocol  = "udp"
  }}
  match {{
    interface = "eth3"
    vlan      = 30
  }}
}}
zone "two" {{
  match {{
    interface = "eth1"
    dscp      = "ef"
  }}
}}
zone "three" {{
  interface = "eth1"
  ipsets    = ["chosen"]
}}
zone "four" {{
  match {{
    interface = "eth1"
    dst       = ["203.0.113.10", "2001:db8:1::10"]
    mac       = "{LAN_MAC}"
  }}
}}
zone "five" {{
  match {{
    interface     = "eth2"
    out_interface = "eth0"
  }}
}}
zone "six" {{
  match {{
    interface = "eth2"
    mac       = "02:00:00:00:00:01"
  }}
}}
policy "*" "wan" {{
  rule "all" {{
    action = "accept"
  }}
}}
policy "six" "wan" {{ action = "drop" }}
""", (
    Fact("source and protocol", "lan.10", "wan", "udp 53", PASSES, mark=(0x02010000, 0xffff0000)),
    Fact("another protocol is in no zone", "lan.10", "wan", "tcp 80", DROPPED),
    Fact("a VLAN, as an alternative", "tagged", "wan", "tcp 80", PASSES, mark=(0x02010000, 0xffff0000)),
    Fact("the interface without the VLAN", "stray", "wan", "tcp 80", DROPPED),
    Fact("a code point", "lan.30", "wan", "udp 53", PASSES, dscp=46, mark=(0x03010000, 0xffff0000)),
    Fact("another code point", "lan.30", "wan", "udp 53", DROPPED, dscp=10),
    Fact("a set", "lan.20", "wan", "tcp 80", PASSES, mark=(0x04010000, 0xffff0000)),
    Fact("destination and MAC address", "lan.30", "wan.10", "tcp 80", PASSES, mark=(0x05010000, 0xffff0000)),
    Fact("another destination", "lan.30", "wan.20", "tcp 80", DROPPED),
    Fact("where packets leave", "dmz", "wan", "tcp 80", PASSES, mark=(0x06010000, 0xffff0000)),
    Fact("where they leave otherwise", "dmz", "lan", "tcp 80", DROPPED),
))

SELF = Group("this machine in policies", ZONES + policy("""
    ssh: service = "ssh"; action = "accept"
    no: proto = ["udp", "tcp"]; dest_port = 5353; action = "reject"
""", "lan", "self") + policy('web: service = "http"; action = "accept"', "self", "wan") +
             policy('any: action = "accept"', "dmz", "Router"), (
    Fact("what it accepts of a zone", "lan", "router", "tcp 22", PASSES, mark=(0x02000000, 0xffff0000)),
    Fact("by another of its addresses", "lan", "router@wan.9", "tcp 22", PASSES),
    Fact("what it does not", "lan", "router", "tcp 80", DROPPED),
    Fact("what it rejects", "lan", "router", "udp 5353", REJECTED),
    Fact("a connection that it rejects", "lan", "router", "tcp 5353", REJECTED),
    Fact("of another zone", "wan", "router", "tcp 22", DROPPED),
    Fact("another word for this machine", "dmz", "router", "udp 53", PASSES),
    Fact("what it may ask", "router", "wan", "tcp 80", PASSES, mark=(0x00010000, 0xffff0000)),
    Fact("what it may not", "router", "wan", "tcp 81", DROPPED),
    Fact("where it may nothing", "router", "lan", "tcp 80", DROPPED),
    Fact("it may talk to itself", "loopback", "loopback", "udp 53", PASSES),
    Fact("its neighbours are found all the same", "dmz", "router", "ping", PASSES),
), then="ip neigh flush all; ip -6 neigh flush all")

SERVED = Group("what this machine serves to a zone", """
zone "wan" { interface = "eth0" }
zone "lan" {
  interface = "eth1"
  management {
    ssh  = true
    icmp = true
    web  = false
  }
  services {
    dns = true
    port "8443" {}
    port "telemetry" {
      protocol = "udp"
      port     = 9000
      port_end = 9010
    }
  }
}
zone "dmz" {
  interface = "eth2"
  management {
    ssh {
      src = ["10.0.2.10", "2001:db8:d::10"]
    }
  }
}
policy "lan" "wan" { action = "accept" }
policy "lan" "self" {
  action = "drop"
}
""", (
    Fact("managing it", "lan", "router", "tcp 22", PASSES),
    Fact("a ping of it", "lan", "router", "ping", PASSES),
    Fact("what is switched off", "lan", "router", "tcp 443", DROPPED),
    Fact("names over UDP", "lan", "router", "udp 53", PASSES),
    Fact("names over TCP", "lan", "router", "tcp 53", PASSES),
    Fact("a port", "lan", "router", "tcp 8443", PASSES),
    Fact("the port's other protocol", "lan", "router", "udp 8443", DROPPED),
    Fact("the end of a range", "lan", "router", "udp 9010", PASSES),
    Fact("behind the range", "lan", "router", "udp 9011", DROPPED),
    Fact("from an address that may", "dmz.10", "router", "tcp 22", PASSES),
    Fact("from one that may not", "dmz", "router", "tcp 22", DROPPED),
    Fact("not from a zone without", "wan", "router", "tcp 22", DROPPED),
    Fact("not behind this machine", "wan", "lan", "tcp 22", DROPPED),
))

GLOBS = Group("policies for several zones", ZONES + policy("""
    all: proto = "tcp"; dest_port = 443; action = "accept"
    late: proto = "tcp"; dest_port = 81; action = "accept"
""", "*", "wan", 'action = "reject"') + policy("""
    own: proto = "tcp"; dest_port = 80; action = "accept"
    early: proto = "tcp"; dest_port = 81; action = "drop"
""", "lan", "wan") + 'policy "?mz" "l*" { action = "accept" }\n' + 'policy "any" "self" { action = "drop" }\n', (
    Fact("the particular policy's rule", "lan", "wan", "tcp 80", PASSES),
    Fact("the general one's behind it", "lan", "wan", "tcp 443", PASSES),
    Fact("the particular one comes first", "lan", "wan", "tcp 81", DROPPED),
    Fact("the action of the first that writes one", "lan", "wan", "tcp 82", REJECTED),
    Fact("another zone has the general rules alone", "dmz", "wan", "tcp 80", REJECTED),
    Fact("and those", "dmz", "wan", "tcp 81", PASSES),
    Fact("signs inside of a name", "dmz", "lan", "udp 53", PASSES),
    Fact("they do not stand for other zones", "wan", "lan", "udp 53", DROPPED),
    Fact("nor for this machine", "router", "wan", "tcp 82", PASSES),
))

PRIORITY = Group("priorities of policies", ZONES + policy(
    'no: proto = "tcp"; dest_port = [80, 81]; action = "drop"', "*", "*", "priority = 10") + policy("""
    yes: proto = "tcp"; dest_port = [80, 82]; action = "accept"
""", "lan", "wan") + policy('no: proto = "tcp"; dest_port = 82; action = "drop"', "lan", "*", "priority = 60"), (
    Fact("the lower number first", "lan", "wan", "tcp 80", DROPPED),
    Fact("its rules alone", "lan", "wan", "tcp 81", DROPPED),
    Fact("the higher number last", "lan", "wan", "tcp 82", PASSES),
))

GROUPS = (CLOSED, *INTRA, INTRA_POLICY, WILDCARD, ADDRESSES, MATCHES, SELF, SERVED, GLOBS, PRIORITY)

"""Whole sites, as people write them: what the words of their configurations say."""

from facts.model import DROPPED, PASSES, REJECTED, ZONES, Fact, Group

HOME = Group("a home with guests and servers", """
zone "wan" { interface = "eth0" }
zone "lan" {
  interface = "eth1"
  management {
    ssh  = true
    icmp = true
  }
  services {
    dns  = true
    dhcp = true
  }
}
zone "guest" {
  interface = "eth3"
  services {
    dns = true
  }
}
zone "dmz" { interface = "eth2" }
policy "lan" "*" {
  action     = "accept"
}
policy "lan" "wan" {
  masquerade = true
}
policy "guest" "wan" {
  masquerade = true
  rule "web" {
    service = ["http", "https", "dns"]
    action  = "accept"
  }
  rule "no mail" {
    proto     = "tcp"
    dest_port = 25
    action    = "reject"
  }
}
policy "wan" "dmz" {
  rule "web" {
    service = ["http", "https"]
    dest_ip = ["10.0.2.2", "2001:db8:d::2"]
    action  = "accept"
  }
}
nat "web" {
  type      = "dnat"
  from      = "wan"
  proto     = "tcp"
  dest_port = [80, 443]
  to_ip     = "10.0.2.2"
  hairpin   = true
}
protection "outside" {
  interface         = "eth0"
  anti_spoofing     = true
  private_filtering = true
}
""", (
    Fact("the family goes out", "lan", "wan", "tcp 22", PASSES, seen="router@wan"),
    Fact("guests read the web", "stray", "wan", "tcp 443", PASSES, seen="router@wan"),
    Fact("and resolve names", "stray", "router", "udp 53", PASSES),
    Fact("but send no mail", "stray", "wan", "tcp 25", REJECTED),
    Fact("nor look at the family", "stray", "lan", "tcp 80", DROPPED),
    Fact("nor manage the router", "stray", "router", "tcp 22", DROPPED),
    Fact("the family does", "lan", "router", "tcp 22", PASSES),
    Fact("and reaches the servers", "lan", "dmz", "tcp 22", PASSES),
    Fact("servers reach nobody", "dmz", "lan", "tcp 22", DROPPED),
    Fact("strangers reach the web server", "wan", "router", "tcp 443", PASSES, families=(4,), server="dmz"),
    Fact("by its own address with IPv6", "wan", "dmz", "tcp 443", PASSES, families=(6,)),
    Fact("and nothing else", "wan", "dmz", "tcp 22", DROPPED),
    Fact("the family does by the outside address", "lan", "router@wan", "tcp 80", PASSES, families=(4,), server="dmz"),
    Fact("nobody pretends", ("192.168.5.5", "fd00::5"), "dmz", "datagram 80", DROPPED),
))

VLANS = Group("an office with VLANs", """
zone "wan" { interface = "eth0" }
zone "staff" { interface = "eth1" }
zone "phones" {
  match {
    interface = "eth3"
    vlan      = 30
  }
}
zone "printers" { interface = "eth2" }
policy "*" "wan" {
  action     = "accept"
  masquerade = true
}
policy "printers" "wan" { action = "reject" }
policy "staff" "printers" {
  rule "print" {
    service = ["ipp", "jetdirect", "lpd"]
    action  = "accept"
  }
}
""", (
    Fact("staff goes out", "lan", "wan", "tcp 80", PASSES, seen="router@wan"),
    Fact("telephones do", "tagged", "wan", "udp 5060", PASSES, seen="router@wan"),
    Fact("printers are told that they do not", "dmz", "wan", "tcp 80", REJECTED),
    Fact("staff prints", "lan", "dmz", "tcp 9100", PASSES),
    Fact("and does nothing else there", "lan", "dmz", "tcp 80", DROPPED),
    Fact("telephones do not print", "tagged", "dmz", "tcp 9100", DROPPED),
    Fact("what is not tagged is nobody", "stray", "wan", "tcp 80", DROPPED),
))

EXEMPT = Group("translation for all but some", ZONES + """
policy "lan" "*" { action = "accept" }
policy "lan" "self" { action = "drop" }
ipset "free" { entries = ["203.0.113.20", "2001:db8:1::20"] }
ipset "logged_in" {
  entries = ["10.0.1.20", "2001:db8:a::20"]
  dynamic = true
}
nat "out" {
  type        = "masquerade"
  from        = "lan"
  to          = "wan"
  dest_ip     = ["203.0.113.10", "2001:db8:1::10"]
  dest_ipset  = "free"
  invert_dest = true
}
nat "branch" {
  type       = "snat"
  to         = "dmz"
  src_ip     = ["10.0.1.10", "2001:db8:a::10"]
  invert_src = true
  to_ip      = ["10.0.2.11", "2001:db8:d::11"]
}
nat "portal" {
  type        = "redirect"
  from        = "lan"
  src_ipset   = "logged_in"
  invert_src  = true
  dest_ip     = ["203.0.113.10", "2001:db8:1::10"]
  dest_ipset  = "free"
  invert_dest = true
  proto       = "tcp"
  dest_port   = 80
  to_port     = 8080
  forward     = true
}
""", (
    Fact("the rest is hidden", "lan", "wan", "tcp 443", PASSES, seen="router@wan"),
    Fact("what is written is not", "lan", "wan.10", "tcp 443", PASSES, seen="lan"),
    Fact("nor what the set has", "lan", "wan.20", "tcp 443", PASSES, seen="lan"),
    Fact("no other source", "lan.10", "dmz", "tcp 443", PASSES, seen="lan.10"),
    Fact("all are sent to the portal", "lan", "wan", "tcp 80", PASSES, server="router", server_port=8080),
    Fact("but who is logged in", "lan.20", "wan", "tcp 80", PASSES, server="wan", server_port=80),
    Fact("and on the way to what is free", "lan", "wan.20", "tcp 80", PASSES, server="wan"),
    Fact("in each of its lists", "lan", "wan.10", "tcp 80", PASSES, server="wan"),
    Fact("the portal itself is closed", "lan", "router", "tcp 8080", DROPPED),
), then="ip addr add 10.0.2.11/24 dev eth2; ip addr add 2001:db8:d::11/64 dev eth2 nodad")

HOST = Group("this machine alone", """
zone "net" {
  interface = ["eth0", "eth1"]
  management {
    ssh = { src = ["10.0.1.10", "2001:db8:a::10"] }
  }
}
policy "any" "self" {
  rule "web" {
    service = ["http", "https"]
    action  = "accept"
  }
}
policy "self" "any" {
  rule "names and pages" {
    service = ["dns", "http", "https"]
    action  = "accept"
  }
  action = "reject"
}
""", (
    Fact("everybody reads its pages", "lan", "router", "tcp 80", PASSES),
    Fact("the administrator logs in", "lan.10", "router", "tcp 22", PASSES),
    Fact("nobody else does", "lan", "router", "tcp 22", DROPPED),
    Fact("it fetches pages", "router", "wan", "tcp 443", PASSES),
    Fact("it resolves names", "router", "wan", "udp 53", PASSES),
    Fact("and is refused all else", "router", "wan", "tcp 25", REJECTED),
    Fact("what it says to itself is its own matter", "loopback", "loopback", "tcp 25", PASSES),
))

LAB = Group("a lab whose members are told no", ZONES.replace('"lan" { interface = "eth1" }', """"lab" {
  interface = ["eth1", "eth3"]
  action    = "reject"
}""") + """
policy "lab" "lab" {
  log = true
  rule "login" {
    service = "ssh"
    action  = "accept"
  }
}
""", (
    Fact("what a rule lets through", "lan", "stray", "tcp 22", PASSES),
    Fact("the rest is the zone's own matter", "lan", "stray", "tcp 80", REJECTED, logged="flywall lab to lab reject: "),
    Fact("the other way too", "stray", "lan", "udp 53", REJECTED),
))

WATCHED = Group("a policy that only watches", ZONES + """
policy "lan" "wan" {
  rule "names" {
    service = "dns"
    action  = "accept"
  }
}
policy "lan" "*" {
  log        = true
  log_prefix = "refused: "
  counter    = "refused"
}
""", (
    Fact("what is let through", "lan", "wan", "udp 53", PASSES),
    Fact("what nobody writes an action for", "lan", "wan", "tcp 80", DROPPED, logged="refused: ", counter="refused"),
    Fact("where there is no other policy", "lan", "dmz", "tcp 80", DROPPED, logged="refused: "),
))

PROXY = Group("a proxy that nobody asks for", ZONES + """
nat "proxy" {
  type      = "redirect"
  from      = "lan"
  proto     = "tcp"
  dest_port = 80
  to_port   = 3128
}
policy "lan" "self" {
  rule "proxy" {
    service = "squid"
    action  = "accept"
  }
}
policy "lan" "wan" {
  rule "https" {
    service = "https"
    action  = "accept"
  }
  log        = true
  log_prefix = "lan refused: "
  log_limit  = "10/minute"
  action     = "reject"
}
policy "self" "wan" { action = "accept" }
""", (
    Fact("pages come from the proxy", "lan", "wan", "tcp 80", PASSES, server="router", server_port=3128),
    Fact("secret ones do not", "lan", "wan", "tcp 443", PASSES, server="wan"),
    Fact("the rest is refused", "lan", "wan", "tcp 25", REJECTED, logged="lan refused: "),
    Fact("the proxy fetches them", "router", "wan", "tcp 80", PASSES, server="wan"),
))

MAIL = Group("a machine for mail and names", """
zone "internet" { interface = "eth0" }
zone "admin" {
  interface = "eth1"
  management {
    ssh = true
  }
}
ipset "abusers" {
  timeout = "1h"
  action  = "drop"
}
policy "internet" "self" {
  rule "mail" {
    services     = ["smtp", "submission", "submissions", "imaps"]
    limit_per_ip = "3/minute"
    action       = "accept"
    timeout      = "10m"
  }
}
notrack "dns" {
  from    = "internet"
  service = "dns"
  dest_ip = ["203.0.113.1", "2001:db8:1::1"]
}
""", (
    Fact("names without tracking", "wan", "router", "udp 53", PASSES, tracked=False),
    Fact("over TCP too", "wan", "router", "tcp 53", PASSES, tracked=False),
    Fact("mail", "wan", "router", "tcp 25", PASSES, seconds=(500, 600)),
    Fact("no more of one host than the limit", "wan.10", "router", "tcp 587", DROPPED, times=6, passing=3,
         families=(4,)),
    Fact("not who is known for abuse", "wan.20", "router", "tcp 25", DROPPED, families=(4,)),
    Fact("who may not even ask for names", "wan.20", "router", "udp 53", DROPPED, families=(4,)),
    Fact("the administrator logs in", "lan", "router", "tcp 22", PASSES),
    Fact("strangers do not", "wan", "router", "tcp 22", DROPPED),
), then="""
    set=$(nft list sets table inet flywall | grep -o "set4_abusers[^ ]*" | head -n 1)
    nft add element inet flywall "$set" "{ 203.0.113.20 }"
""")

BALANCER = Group("a load balancer by ports", """
zone "visitors" { interface = "eth0" }
zone "servers" { interface = "eth2" }
nat "web" {
  type    = "dnat"
  from    = "visitors"
  dest_ip = ["203.0.113.1", "2001:db8:1::1"]
  service = "https"
  to_ip   = [
    { address = "10.0.2.2", port = 8443, weight = 2 },
    { address = "10.0.2.10", port = 8443 },
    "[2001:db8:d::2]:8443",
  ]
  forward = true
}
policy "visitors" "servers" { action = "drop" }
""", (
    Fact("visitors reach a server", "wan", "router", "tcp 443", PASSES, times=3, server="dmz", server_port=8443),
    Fact("but not by itself", "wan", "dmz", "tcp 8443", DROPPED),
))

NODE = Group("a node of Kubernetes", """
locals {
  pods = ["10.0.2.0/24", "2001:db8:d::/64"]
}
zone "external" { interface = "eth0" }
zone "nodes" { interface = "eth1" }
zone "pods" {
  interface = ["eth2", "cali+"]
  networks  = local.pods
  conntrack {
    zone_id = 7
  }
}
policy "external" "self" {
  rule "nodeports" {
    service = "kubernetes-nodeport"
    action  = "accept"
  }
}
policy "nodes" "self" {
  rule "kubelet" {
    service = ["kubelet", "vxlan"]
    action  = "accept"
  }
}
policy "pods" "*" { action = "accept" }
policy "nodes" "pods" { action = "accept" }
nat "pods out" {
  type         = "masquerade"
  src_ip       = local.pods
  dest_zone    = "external"
  fully_random = true
}
""", (
    Fact("the ports of services", "wan", "router", "tcp 30080", PASSES),
    Fact("of both protocols", "wan", "router", "udp 32767", PASSES),
    Fact("and no others", "wan", "router", "tcp 10250", DROPPED),
    Fact("nodes among themselves", "lan", "router", "tcp 10250", PASSES),
    Fact("nodes to pods", "lan", "dmz", "tcp 80", PASSES, seen="lan"),
    Fact("pods go out behind the node", "dmz", "wan", "tcp 443", PASSES, seen="router@wan"),
    Fact("and to nodes as they are", "dmz", "lan", "tcp 443", PASSES, seen="dmz"),
    Fact("nobody reaches pods from outside", "wan", "dmz", "tcp 80", DROPPED),
))

GAME = Group("a server of games", """
zone "wan" {
  interface = ["eth0", "eth1"]
  conntrack {
    limits = {
      max_per_ip = 30
    }
  }
  protection {
    syn_flood_protection = true
    icmp_rate_limit      = true
    invalid_packets      = true
  }
}
service "game" {
  proto = "udp"
  port  = [27015:27030]
}
policy "wan" "self" {
  rule "game" {
    service      = "game"
    limit_per_ip = "5/minute"
    burst        = 5
    counter      = "players"
    action       = "accept"
  }
  rule "console" {
    proto           = "tcp"
    dest_port       = 27015
    max_connections = 3
    action          = "accept"
  }
}
""", (
    Fact("players, so many at once", "wan", "router", "udp 27016", DROPPED, times=8, passing=5, families=(4,),
         counter="players"),
    Fact("a neighbour has his own", "lan", "router", "udp 27030", PASSES, times=5, families=(4,)),
    Fact("not beyond the ports", "lan", "router", "udp 27031", DROPPED),
    Fact("the console has three places", "lan.10", "router", "tcp 27015", DROPPED, times=5, passing=3, families=(6,)),
))

HOTEL = Group("a hotel whose rooms do not see each other", """
zone "wan" { interface = "eth0" }
zone "rooms" {
  interface = ["eth1", "eth2", "room+"]
  action    = "drop"
  services {
    dhcp = true
    dns  = true
  }
}
policy "rooms" "wan" {
  action     = "accept"
  masquerade = true
}
""", (
    Fact("a guest goes out", "lan", "wan", "tcp 443", PASSES, seen="router@wan"),
    Fact("and resolves names", "dmz", "router", "udp 53", PASSES),
    Fact("and sees no other room", "lan", "dmz", "tcp 445", DROPPED),
    Fact("nor the hotel", "lan", "router", "tcp 22", DROPPED),
))

STAGED = Group("a change that waits", ZONES + """
policy "lan" "wan" {
  name = "office"
  rule "everything" {
    action = "accept"
  }
}
policy "lan" "wan" {
  name     = "strict"
  disabled = true
  priority = 10
  rule "web" {
    service = ["http", "https"]
    action  = "accept"
  }
  action = "reject"
}
nat "old" {
  type     = "masquerade"
  to       = "wan"
  disabled = true
}
nat "new" {
  type  = "snat"
  to    = "wan"
  to_ip = "203.0.113.9"
}
""", (
    Fact("the old policy holds", "lan", "wan", "tcp 25", PASSES),
    Fact("with the new address", "lan", "wan", "udp 53", PASSES, families=(4,), seen="router@wan.9"),
    Fact("of one family", "lan", "wan", "udp 53", PASSES, families=(6,), seen="lan"),
))

LEGACY = Group("a configuration in older words", """
schema_version = "1.0"
interface "eth0" { zone = "WAN" }
interface "eth1" {
  zone = "LAN"
  ipv4 = ["10.0.1.1/24"]
}
zone "WAN" {}
zone "LAN" {
  management {
    ssh    = true
    web_ui = true
  }
}
policy "LAN" "WAN" {
  rule "allow-web" {
    protocol   = "tcp"
    dest_ports = [80, 443]
    action     = "allow"
  }
}
policy "LAN" "Firewall" {
  rule "dns" {
    proto     = "udp"
    dest_port = 53
    action    = "accept"
  }
}
nat "outbound" {
  type          = "masquerade"
  out_interface = "eth0"
}
""", (
    Fact("what it lets out", "lan", "wan", "tcp 80", PASSES, seen="router@wan"),
    Fact("and what it does not", "lan", "wan", "tcp 25", DROPPED),
    Fact("the firewall by another name", "lan", "router", "udp 53", PASSES),
    Fact("management", "lan", "router", "tcp 22", PASSES),
    Fact("strangers", "wan", "router", "tcp 22", DROPPED),
))

COUNTED = Group("a site that counts and looks on", ZONES + """
policy "lan" "wan" {
  rule "watch names" {
    service    = "dns"
    action     = "log"
    log_prefix = "names: "
    counter    = "names"
  }
  rule "count pages" {
    service = ["http", "https"]
    action  = "count"
    counter = "pages"
  }
  action  = "accept"
  counter = "out"
}
policy "wan" "*" {
  action     = "drop"
  log        = true
  log_prefix = "strangers: "
  log_limit  = "10/second"
  counter    = "denied"
}
policy "wan" "self" {
  log        = true
  log_prefix = "knocking: "
}
""", (
    Fact("names are logged and pass", "lan", "wan", "udp 53", PASSES, logged="names: ", counter="names"),
    Fact("pages are counted and pass", "lan", "wan", "tcp 443", PASSES, counter="pages"),
    Fact("the rest is counted", "lan", "wan", "tcp 22", PASSES, counter="out"),
    Fact("strangers are seen", "wan", "dmz", "tcp 22", DROPPED, logged="strangers: ", counter="denied"),
    Fact("at this machine by a policy of its own", "wan", "router", "tcp 22", DROPPED, logged="knocking: "),
))

NETWORKS = "network,reason\n" + "".join(
    f"{a}.{b}.{c}.0/24,spam\n" for a in (11, 45, 77) for b in range(40) for c in range(0, 80, 2))

EDGE = Group("the edge of a provider", """
zone "transit" { interface = "eth0" }
zone "customers" { interface = "eth1" }
ipset "blocked" {
  file     = "blocked.csv"
  column   = "network"
  action   = "drop"
  match_on = "both"
}
notrack "customers" {
  from   = "customers"
  src_ip = ["10.0.1.0/24", "2001:db8:a::/64"]
}
policy "transit" "customers" { action = "accept" }
policy "transit" "self" {
  rule "bgp" {
    service = "bgp"
    src_ip  = ["203.0.113.2", "2001:db8:1::2"]
    action  = "accept"
  }
}
global_protection {
  anti_spoofing = true
}
""", (
    Fact("customers pass untracked", "lan", "wan", "tcp 443", PASSES, tracked=False),
    Fact("and are reached", "wan", "lan", "tcp 443", PASSES),
    Fact("but not who is blocked", "lan.10", "wan", "tcp 443", DROPPED),
    Fact("nor may he be asked", "wan", "lan.10", "udp 53", DROPPED),
    Fact("the neighbour speaks", "wan", "router", "tcp 179", PASSES),
    Fact("nobody else does", "wan.10", "router", "tcp 179", DROPPED),
    Fact("nobody pretends to be another side's", ("10.0.2.99", "2001:db8:d::99"), "wan", "datagram 53", DROPPED),
), files={"blocked.csv": NETWORKS + "10.0.1.10,bad\n2001:db8:a::10/128,bad\n"})

GROUPS = (HOME, VLANS, EXEMPT, HOST, LAB, WATCHED, PROXY, MAIL, BALANCER, NODE, GAME, HOTEL, STAGED, LEGACY, COUNTED,
          EDGE)

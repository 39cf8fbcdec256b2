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

GROUPS = (HOME, VLANS, EXEMPT, HOST, LAB, WATCHED, PROXY, MAIL, BALANCER)

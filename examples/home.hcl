# A home: the family, its guests, and a box in the attic that others may reach. One cable to the Internet; IPv4 goes
# out behind one address, IPv6 is routed.

zone "wan" {
  interface = "eth0"

  protection {
    anti_spoofing     = true
    private_filtering = true
  }
}

zone "family" {
  interface = "eth1"

  # Without this nobody could log in to the router any more.
  management {
    ssh  = true
    icmp = true
  }
  services {
    dns  = true
    dhcp = true
    ntp  = true
  }
}

zone "attic" {
  interface = "eth2"
}

# Guests do not see each other, where packets between them pass this machine at all.
zone "guests" {
  interface = "eth3"
  action    = "drop"

  services {
    dns  = true
    dhcp = true
  }
  conntrack {
    limits = {
      max_per_ip = 500
    }
  }
}

policy "family" "*" {
  action = "accept"
}

policy "*" "wan" {
  masquerade = true
}

policy "guests" "wan" {
  rule "no mail, which is mostly spam" {
    service = "smtp"
    action  = "reject"
  }
  action = "accept"
}

policy "attic" "wan" {
  rule "updates" {
    service = ["dns", "ntp", "http", "https"]
    action  = "accept"
  }
}

# The box's pages: with IPv4 at the router's own address, for the family too; with IPv6 at the box's.
nat "pages" {
  type      = "dnat"
  from      = "wan"
  proto     = "tcp"
  dest_port = [80, 443]
  to_ip     = "10.0.2.2"
  hairpin   = true
}

policy "wan" "attic" {
  rule "pages" {
    service = ["http", "https"]
    dest_ip = ["10.0.2.2", "2001:db8:d::2"]
    action  = "accept"
  }
}

# Neighbour discovery and replies always pass; this is for who asks whether a host is there.
policy "wan" "*" {
  rule "ping" {
    icmp_type = "echo-request"
    limit     = "20/second"
    action    = "accept"
  }
}

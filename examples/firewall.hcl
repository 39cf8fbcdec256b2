# A firewall with three zones: strangers outside, an office inside, servers between them. IPv4 goes out behind one
# address; IPv6 is routed. What no policy accepts is dropped.

zone "wan" {
  interface = "eth0"

  conntrack {
    limits = {
      max_per_ip = 200
      new_per_ip = "50/second"
    }
  }

  protection {
    anti_spoofing   = true
    invalid_packets = true
    syn_flood_rate  = 500
    port_scan_protection = true
  }
}

zone "lan" {
  interface = "eth1"

  # What the office may have of this machine itself. It stays reachable whatever the policies say.
  management {
    ssh  = true
    icmp = true
  }
  services {
    dns  = true
    dhcp = true
  }
}

zone "dmz" {
  interface = "eth2"
}

ipset "scanners" {
  description = "seen knocking at every door"
  entries     = ["198.51.100.0/24", "192.0.2.66", "2001:db8:bad::/48"]
  action      = "drop"
}

policy "lan" "wan" {
  action = "accept"

  rule "mail goes through our own server" {
    service = ["smtp", "submission"]
    action  = "reject"
  }
}

policy "lan" "dmz" {
  rule "the servers' services" {
    service = ["http", "https", "imaps", "submission"]
    action  = "accept"
  }
  rule "administration, in working hours" {
    service    = "ssh"
    src_ip     = ["10.0.1.10", "2001:db8:a::10"]
    time_start = "07:00"
    time_end   = "20:00"
    days       = "weekdays"
    log        = true
    action     = "accept"
  }
}

policy "wan" "dmz" {
  log       = true
  log_limit = "10/minute"

  rule "web" {
    proto     = "tcp"
    dest_port = [80, 443]
    dest_ip   = ["10.0.2.80", "2001:db8:d::80"]
    counter   = "web"
    action    = "accept"
  }
}

policy "dmz" "wan" {
  rule "names, time and packages" {
    service = ["dns", "ntp", "http", "https"]
    action  = "accept"
  }
}

# Whoever is connected may ask whether this machine is there.
policy "*" "self" {
  rule "ping" {
    proto     = "icmp"
    icmp_type = "echo-request"
    limit     = "20/second"
    action    = "accept"
  }
}

nat "out" {
  type          = "masquerade"
  out_interface = "eth0"
  src_ip        = ["10.0.1.0/24", "10.0.2.0/24"]
}

# The web server, from outside and, under its outside address, from inside.
nat "web" {
  type      = "dnat"
  proto     = "tcp"
  dest_ip   = "203.0.113.1"
  dest_port = [80, 443]
  to_ip     = "10.0.2.80"
  hairpin   = true
}

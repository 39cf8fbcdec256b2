# A branch office with telephones: SIP through the gateway, media on the provider's ports alone, and the
# storage network left out of connection tracking.

conntrack {
  nat_helpers = {
    sip = {
      enabled     = true
      ports       = [5060, 5061]
      media_ports = [16384:32767]
    }
  }

  timeouts = {
    udp_stream = "5m"
  }

  log_invalid = true
  log_max     = "10/second"
}

zone "provider" {
  interface = "eth0"

  conntrack {
    limits = {
      max_concurrent = 500
    }
  }
}

zone "telephones" {
  match {
    interface = "eth1"
    vlan      = 30
  }
}

zone "storage" {
  interface = "eth2"
  networks  = ["10.50.0.0/24", "2001:db8:50::/64"]

  conntrack {
    enabled = false
  }
}

# Calls go both ways; their media belongs to them, and needs no rule.
policy "telephones" "provider" {
  masquerade = true

  rule "calls" {
    service = ["sip", "sips", "dns", "ntp"]
    action  = "accept"
  }
}

policy "provider" "telephones" {
  rule "calls" {
    proto     = "udp"
    dest_port = 5060
    action    = "accept"
  }
}

# Not tracked, each packet is looked at by itself: what is let out is let back in.
policy "telephones" "storage" {
  rule "phone books and firmware" {
    service = "https"
    action  = "accept"
  }
}

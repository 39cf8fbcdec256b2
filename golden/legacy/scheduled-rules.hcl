schema_version = "1.0"

zone "kids" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "kids" "wan" {
  name   = "outbound"
  action = "accept"
}

# Between zones: ahead of the policy.
scheduled_rule "bedtime" {
  zone_from  = "kids"
  zone_to    = "wan"
  action     = "drop"
  time_start = "21:30"
  time_end   = "06:30"
  days       = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday"]
}
scheduled_rule "games" {
  zone_from  = "kids"
  zone_to    = "wan"
  proto      = "udp"
  dest_ports = [3074]
  action     = "accept"
  days       = ["Saturday"]
}

# Of a policy: behind its own rules.
scheduled_rule "school" {
  policy       = "outbound"
  schedule     = "0 8 * * mon-fri"
  end_schedule = "15 13 * * *"

  rule "lessons" {
    dest_ip = "198.51.100.0/24"
    action  = "reject"
  }
}
scheduled_rule "holidays" {
  policy       = "outbound"
  enabled      = false
  schedule     = "30 22 * * 5,6"
  end_schedule = "0 7 * * 6,7"

  rule "all" {
    action = "drop"
  }
}

# The edge of a provider: customers' traffic passes untracked at full speed; a list of networks, kept in a file of its
# own, is dropped ahead of everything; the router itself is closed but for its neighbours.

zone "transit" {
  interface = "eth0"
}

zone "customers" {
  interface = "eth1"

  # Nobody sends with an address that is not his own.
  protection {
    anti_spoofing = true
  }
}

zone "office" {
  interface = "eth2"

  management {
    ssh  = true
    snmp = true
    icmp = true
  }
}

# A table with a column of networks, of both families. It may have a million lines; where they overlap, flywall
# brings them together.
ipset "blocked" {
  file     = "lists/blocked.csv"
  column   = "network"
  action   = "drop"
  match_on = "both"
}

# In both directions. What others begin towards customers is for the policy.
notrack "customers" {
  from   = "customers"
  src_ip = ["10.0.1.0/24", "2001:db8:a::/64"]
}

policy "transit" "customers" {
  rule "no queries of others' boxes" {
    service = ["telnet", "snmp", "smb", "ms-rpc"]
    action  = "drop"
  }
  action = "accept"
}

policy "transit" "self" {
  rule "routes" {
    service = "bgp"
    src_ip  = ["203.0.113.2", "2001:db8:1::2"]
    action  = "accept"
  }
  rule "ping" {
    icmp_type    = "echo-request"
    limit_per_ip = "5/second"
    action       = "accept"
  }
}

policy "self" "transit" {
  action = "accept"
}

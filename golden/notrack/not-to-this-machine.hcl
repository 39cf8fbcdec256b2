# A block that says only whom packets come from means what passes through: at this machine itself, policies decide.
zone "transit" { interface = "eth0" }
zone "customers" { interface = "eth1" }

notrack "customers" {
  from   = "customers"
  src_ip = "10.0.1.0/24"
}

notrack "names" {
  service = "dns"
}

policy "transit" "customers" { action = "accept" }

policy "customers" "self" {
  rule "ping" {
    icmp_type = "echo-request"
    action    = "accept"
  }
}

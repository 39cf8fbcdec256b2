zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  action = "accept"

  rule "each" {
    limit_per_ip = "5/second"
    action       = "return"
  }
  rule "logged" {
    limit     = "5/second"
    log       = true
    log_limit = "1/second"
    action    = "return"
  }
  rule "fine" {
    limit  = "5/second"
    action = "return"
  }
}

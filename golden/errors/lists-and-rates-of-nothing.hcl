zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "list" {
    src_ip = []
    action = "accept"
  }

  rule "rate" {
    limit  = 0
    action = "accept"
  }

  rule "per-ip" {
    limit_per_ip = "0/minute"
    action       = "accept"
  }
}

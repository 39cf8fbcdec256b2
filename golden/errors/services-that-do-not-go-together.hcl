zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "limited" {
    services = ["ssh", "ping"]
    limit    = "10/second"
    action   = "accept"
  }

  rule "type" {
    service   = "ssh"
    icmp_type = "echo-request"
    action    = "accept"
  }
}

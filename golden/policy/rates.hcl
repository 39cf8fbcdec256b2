zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "wan" "lan" {
  rule "ssh" {
    service      = "ssh"
    limit        = "10/second"
    limit_per_ip = "3/minute"
    burst        = 5
    action       = "accept"
  }
}

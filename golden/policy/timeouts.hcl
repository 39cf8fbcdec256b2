zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" {
  rule "long" {
    service = "ssh"
    timeout = "5d"
    action  = "accept"
  }
  rule "short" {
    proto     = "udp"
    dest_port = 9999
    timeouts  = { udp = "5s", udp_stream = "20s" }
    action    = "accept"
  }
}

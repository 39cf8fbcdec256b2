zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" {
  rule "one" {
    proto     = "tcp"
    dest_port = 80
    action    = "accept"
  }
  rule "many" {
    proto      = ["tcp", "udp"]
    dest_ports = [53, 8000:8080, "9000-9010"]
    action     = "accept"
  }
  rule "from" {
    proto     = "udp"
    src_port  = 68
    dest_port = 67
    action    = "drop"
  }
}

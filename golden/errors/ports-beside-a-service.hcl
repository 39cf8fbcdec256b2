zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "both" {
    service   = "http"
    proto     = "tcp"
    dest_port = 8080
    action    = "accept"
  }
}

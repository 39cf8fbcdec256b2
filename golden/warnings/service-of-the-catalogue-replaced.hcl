zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

service "https" {
  proto = ["tcp", "udp"]
  port  = 443
}
policy "lan" "wan" {
  rule "web" {
    service = "https"
    action  = "accept"
  }
}

zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "ssh" {
    service = "ssh"
    proto   = "udp"
    action  = "accept"
  }
}

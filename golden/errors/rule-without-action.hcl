zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "web" {
    service = "https"
  }

  rule {
    service = "ssh"
    action  = "permit"
  }
}

zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "down" {
    src_ip = "192.0.2.9-192.0.2.1"
    action = "accept"
  }

  rule "mixed" {
    src_ip = ["192.0.2.1-2001:db8::1", "192.0.2.1-"]
    action = "accept"
  }
}

zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "wan" "lan" {
  rule "name" {
    source_country = "Netherlands"
    action         = "drop"
  }
  rule "both" {
    source_country = "NL"
    src_ip         = "192.0.2.0/24"
    action         = "accept"
  }
}

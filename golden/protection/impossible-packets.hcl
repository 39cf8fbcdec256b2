zone "wan" {
  interface = "eth0"

  protection {
    invalid_packets = true
  }
}
zone "lan" { interface = "eth1" }
policy "lan" "wan" {}

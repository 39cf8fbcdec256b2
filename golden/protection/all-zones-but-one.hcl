protection "all" {
  anti_spoofing   = true
  invalid_packets = true
  log             = true
  log_prefix      = "refused: "
}

zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "lab" {
  interface = "eth2"

  protection {
    invalid_packets = true
  }
}
policy "lan" "wan" {}

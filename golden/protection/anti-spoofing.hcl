zone "wan" {
  interface = "eth0"

  protection {
    anti_spoofing = true
  }
}
zone "lan" { interface = "eth1" }
policy "lan" "wan" {}

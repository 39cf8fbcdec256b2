zone "wan" {
  interface = "eth0"

  protection {
    private_filtering = true
  }
}
zone "lan" { interface = "eth1" }
policy "lan" "wan" {}

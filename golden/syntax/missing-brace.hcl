zone "lan" {
  interface = "eth1"

  conntrack {
    enabled = false

}

zone "lan" {
  interface = ["eth0", "eth1"][2]
}

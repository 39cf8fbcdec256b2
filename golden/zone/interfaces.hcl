zone "lan" {
  interfaces = ["br-lan", "eth1.20"]
}

zone "lan" {
  interface = "eth1"
}

mss_clamping {
  size = 100
}

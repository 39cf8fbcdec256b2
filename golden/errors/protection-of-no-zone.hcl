zone "lan" {
  interface = "eth1"
}

protection "nobody" {
  interface     = "eth7"
  anti_spoofing = true
}

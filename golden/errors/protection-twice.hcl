zone "lan" {
  interface = "eth1"

  protection {
    bogon_filtering = true
  }
}

protection "again" {
  interface     = "eth1"
  anti_spoofing = true
}

zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {

  rule "elsewhere" {
    src_zone    = "wan"
    jump_target = "other"
    action      = "accept"
  }
}

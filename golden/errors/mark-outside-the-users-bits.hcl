zone "lan" {
  interface = "eth1"
}

mark_rule "zone" {
  from     = "lan"
  set_mark = "0x1000000"
}

mark_rule "mask" {
  from     = "lan"
  set_mark = "0x10"
  mask     = "0xf"
}

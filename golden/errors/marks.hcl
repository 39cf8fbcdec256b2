zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "word" {
    mark   = "blue"
    action = "accept"
  }

  rule "outside" {
    mark   = "0x100/0xff"
    action = "accept"
  }

  rule "nothing" {
    mark   = "0/0"
    action = "accept"
  }

  rule "zones" {
    set_mark = "0x1000"
    action   = "accept"
  }
}

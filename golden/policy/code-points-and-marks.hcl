zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" {
  rule "voice" {
    dscp   = ["ef", "af41"]
    action = "accept"
  }
  rule "marked" {
    mark     = "0x10/0xff"
    action   = "accept"
    set_mark = "0x20/0xf0"
  }
}

zone "lan" {
  interface = "eth1"
}

uplink_group "internet" {
  uplink "u1" {
    interface = "ppp1"
  }
  uplink "u2" {
    interface = "ppp2"
  }
  uplink "u3" {
    interface = "ppp3"
  }
  uplink "u4" {
    interface = "ppp4"
  }
  uplink "u5" {
    interface = "ppp5"
  }
  uplink "u6" {
    interface = "ppp6"
  }
  uplink "u7" {
    interface = "ppp7"
  }
  uplink "u8" {
    interface = "ppp8"
  }
  uplink "u9" {
    interface = "ppp9"
  }
  uplink "u10" {
    interface = "ppp10"
  }
  uplink "u11" {
    interface = "ppp11"
  }
  uplink "u12" {
    interface = "ppp12"
  }
  uplink "u13" {
    interface = "ppp13"
  }
  uplink "u14" {
    interface = "ppp14"
  }
  uplink "u15" {
    interface = "ppp15"
  }
  uplink "u16" {
    interface = "ppp16"
  }
}

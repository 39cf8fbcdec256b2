zone "lan" {
  interface = "eth1"
}

policy "lan" "self" {
  rule "leaving" {
    out_interface = "eth1"
    action        = "accept"
  }
}
policy "self" "lan" {
  rule "coming" {
    in_interface = "eth1"
    action       = "accept"
  }

  rule "sender" {
    src_mac = "02:00:5e:10:00:01"
    action  = "accept"
  }
}

zone "lan" {
  interface = "eth1"
  ipsets    = ["offices"]
}
zone "wan" {
  match {
    interface = "eth0"
    ipset     = "internet"
  }
}
ipset "office" {
  entries = ["192.0.2.0/24"]
}

policy "lan" "wan" {
  rule "from" {
    src_ipset = "ofice"
    action    = "accept"
  }

  rule "to" {
    dest_ipset = ["office", "scanners"]
    action     = "accept"
  }
}

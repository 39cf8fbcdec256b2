zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

ipset "clients" {
  entries = ["192.168.1.0/28", "192.168.1.8/29", "2001:db8:1::10"]
}
ipset "servers" {
  entries = ["203.0.113.10", "203.0.113.11"]
}

policy "lan" "wan" {
  rule "known" {
    src_ipset  = "clients"
    dest_ipset = "servers"
    action     = "accept"
  }
  rule "others" {
    src_ipset  = "clients"
    invert_src = true
    action     = "reject"
  }
}

zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

ipset "hosts" {
  entries = ["10.0.1.10", "10.0.1.11", "2001:db8:a::10"]
}

ipset "ipv4" {
  entries = ["192.0.2.0/24"]
}

ipset "nobody" {
  dynamic = true
}

policy "lan" "wan" {
  rule "either" {
    src_ipset  = "hosts"
    dest_ipset = ["ipv4", "nobody"]
    action     = "accept"
  }
  rule "all but" {
    src_ipset  = ["hosts", "ipv4"]
    invert_src = true
    action     = "drop"
  }
}

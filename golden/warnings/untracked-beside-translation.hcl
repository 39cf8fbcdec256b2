zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" {
  action     = "accept"
  masquerade = true

  rule "time" {
    service = "ntp"
    action  = "notrack"
  }
}

policy "wan" "self" {}

notrack "names" {
  from    = "lan"
  service = "dns"
}

notrack "names of this machine" {
  from    = "lan"
  service = "dns"
  dest_ip = ["192.168.1.1", "2001:db8:a::1"]
}

notrack "from outside" {
  from    = "wan"
  service = "https"
}

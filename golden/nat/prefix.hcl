zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "lan" "wan" { action = "accept" }

nat "six" {
  type          = "prefix"
  inside        = "fd00:1::/48"
  outside       = "2001:db8:1::/48"
  out_interface = "eth0"
  forward       = true
}

nat "four" {
  type    = "prefix"
  inside  = "10.0.1.0/24"
  outside = "192.168.77.0/24"
}

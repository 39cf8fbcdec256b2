zone "lan" {
  match {
    interface = "eth1"
    ipset     = "cameras"
  }
}
zone "wan" {
  interface = "eth0"
}
ipset "cameras" {
  type    = "mac"
  entries = ["02:00:5e:10:00:01"]
}
ipset "web" {
  type    = "ports"
  entries = ["80", "443"]
}
ipset "guests" {
  type    = "macs"
  dynamic = true
}

policy "lan" "wan" {
  rule "destination" {
    dest_ipset = "cameras"
    action     = "accept"
  }
  rule "inverted" {
    proto       = "tcp"
    dest_ipset  = "web"
    invert_dest = true
    action      = "accept"
  }
  rule "dynamic" {
    src_ipset = "guests"
    action    = "accept"
  }
}

nat "cameras" {
  type      = "masquerade"
  src_ipset = "cameras"
}

# Beside the tunnel's networks everything is hidden; printers and the machine's own pages need no log-in.
zone "wan" {
  interface = "eth0"
}

zone "lan" {
  interface = "eth1"
}

ipset "logged_in" {
  dynamic = true
  timeout = "8h"
}

ipset "free" {
  entries = ["198.51.100.7", "2001:db8:f::7"]
}

policy "lan" "wan" {
  action = "accept"
}

nat "portal" {
  type        = "redirect"
  from        = "lan"
  src_ipset   = "logged_in"
  invert_src  = true
  dest_ip     = "203.0.113.80"
  dest_ipset  = "free"
  invert_dest = true
  proto       = "tcp"
  dest_port   = 80
  to_port     = 8080
  forward     = true
}

nat "out" {
  type        = "masquerade"
  from        = "lan"
  to          = "wan"
  dest_ip     = ["10.99.0.0/16", "fd00:99::/32"]
  invert_dest = true
}

nat "branch" {
  type       = "snat"
  from       = "lan"
  to         = "wan"
  src_ip     = "10.0.1.0/24"
  invert_src = true
  to_ip      = "203.0.113.9"
}

zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1*" }
zone "dmz" {
  interface = "eth2"
  networks  = ["10.0.2.0/24"]
  management {
    ssh { src = "10.99.0.1" }
  }
}
zone "phones" {
  match {
    interface = "eth3"
    protocol  = "udp"
  }
}

policy "lan" "wan" {
  rule "nobody" {
    src_ip     = ["0.0.0.0/1", "128.0.0.0/1", "::/0"]
    invert_src = true
    action     = "accept"
  }
  rule "another entrance" {
    in_interface = "eth2"
    action       = "accept"
  }
  rule "another exit" {
    out_interface = ["eth1", "eth4*"]
    action        = "drop"
  }
  rule "a part of the zone" {
    in_interface = ["eth10", "eth2"]
    action       = "accept"
  }
}

policy "dmz" "*" {
  rule "another network" {
    src_ip = "10.0.3.0/24"
    action = "accept"
  }
  rule "another family" {
    src_ip = "2001:db8::/64"
    action = "accept"
  }
  rule "some of the network" {
    src_ip = ["10.0.0.0/8", "192.0.2.1"]
    action = "accept"
  }
}

policy "wan" "dmz" {
  rule "another network" {
    dest_ip = "10.0.3.0/24"
    action  = "accept"
  }
}

policy "phones" "wan" {
  rule "web" {
    proto     = "tcp"
    dest_port = 80
    action    = "accept"
  }
}

nat "in" {
  type         = "dnat"
  from         = "wan"
  in_interface = "eth1"
  to_ip        = "10.0.2.2"
}

nat "out" {
  type          = "masquerade"
  to            = "wan"
  out_interface = "eth1"
}

mark_rule "mark" {
  from     = "dmz"
  src_ip   = "10.0.1.1"
  set_mark = 1
}

notrack "none" {
  from         = "wan"
  in_interface = "lo"
}

# What hands write that know other languages, each told once.
zone "wan" {
  interface = "eth0"

  management {
    ssh = yes
  }
}

policy "wan" "to" "self" {
  action = "accept"
}

policy "wan" "self" {
  rule "mail" {
    proto      = "tcp/udp"
    dest_port  = 25
    masquerade = true
    action     = "accept"
  }
  rule "web" {
    proto     = "tcp"
    dest_port = "80,443"
    src_ip    = ["192.0.2.0/255.255.255.0", "192.0.2.1, 192.0.2.2", "www.example.org", "192.0.2.0/255.0.255.0"]
    action    = "accept"
  }
  rule "ping" {
    icmp_type = "echorequest"
    action    = "accept"
  }
}

zone "both" {
  interface = "eth1, eth2"
}

rule "late" {
  action = "drop"
}

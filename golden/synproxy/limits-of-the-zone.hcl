# All shielded connections come from one zone: its limits and timeouts count where they are opened.
conntrack {
  tcp_loose = false
}

zone "wan" {
  interface = "eth0"

  conntrack {
    timeouts = {
      tcp = "2h"
    }
    limits = {
      max_per_ip = 10
    }
  }
}

zone "dmz" {
  interface = "eth1"
}

policy "wan" "dmz" {
  rule "web" {
    proto     = "tcp"
    dest_port = 80
    log       = true
    action    = "accept"
  }
}

synproxy "web" {
  from      = "wan"
  dest_port = 80
}

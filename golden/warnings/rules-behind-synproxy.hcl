conntrack {
  tcp_loose = false
}
zone "wan" {
  interface = "eth0"
}
zone "dmz" {
  interface = "eth1"
}

policy "wan" "dmz" {
  rule "web" {
    service  = "http"
    timeout  = "1h"
    set_mark = "0x5"
    action   = "accept"
  }
  rule "names" {
    proto     = "udp"
    dest_port = 80
    set_mark  = "0x6"
    action    = "accept"
  }
  rule "mail" {
    service = "smtp"
    timeout = "1h"
    action  = "accept"
  }
}

synproxy "web" {
  from      = "wan"
  dest_port = [80, 443]
}

# A service's own helper does no harm.
zone "wan" { interface = "eth0" }
zone "lan" {
  interface = "eth1"
  conntrack { enabled = false }
}
zone "dmz" { interface = "eth2" }

policy "lan" "wan" {
  log = true

  rule "files" {
    service = "ftp"
    counter = "files"
    action  = "accept"
  }
}

policy "wan" "dmz" {
  rule "names" {
    proto     = "udp"
    dest_port = 53
    log       = true
    action    = "notrack"
  }
  rule "web" {
    service = "http"
    log     = true
    action  = "accept"
  }
}

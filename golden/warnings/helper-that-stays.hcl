conntrack {
  helpers = {
    ftp = true
    sip = true
  }
}
zone "wan" {
  interface = "eth0"
}
zone "lan" {
  interface = "eth1"
}
zone "dmz" {
  interface = "eth2"

  conntrack {
    helpers = {
      ftp = false
    }
  }
}

policy "lan" "wan" {
  rule "files" {
    service = "ftp"
    helper  = "none"
    action  = "accept"
  }
  rule "elsewhere" {
    proto     = "tcp"
    dest_port = 2121
    helper    = "none"
    action    = "accept"
  }
}

policy "dmz" "wan" {
  rule "files" {
    service = "ftp"
    helper  = "none"
    action  = "accept"
  }
}

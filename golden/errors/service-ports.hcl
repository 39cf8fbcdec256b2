zone "lan" {
  interface = "eth1"

  services {
    port "web" {}
    port "0" {}
    port "8000-8010" {
      port_end = 8020
    }
    port "files" {
      port     = 9000
      port_end = 8000
    }
    port "echo" {
      port     = 7
      protocol = "sctp"
    }
    captive_portal = true
    dsn            = true
  }
}

zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "at-once" {
    max_connections = 10
    action          = "drop"
  }

  rule "per-ip" {
    max_per_ip = 10
    action     = "reject"
  }

  rule "timeout" {
    timeout = "1h"
    action  = "log"
  }

  rule "timeouts" {
    timeouts = { tcp = "1h" }
    action   = "drop"
  }

  rule "helper" {
    service = "ftp"
    helper  = "ftp"
    action  = "drop"
  }

  rule "timeout-of-esp" {
    proto   = "esp"
    timeout = 60
    action  = "accept"
  }

  rule "generic" {
    timeouts = { generic = 60 }
    action   = "accept"
  }

  rule "untracked" {
    limit  = "10/second"
    action = "notrack"
  }
}

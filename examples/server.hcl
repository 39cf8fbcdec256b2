# A server of its own, without any network behind it: mail, pages and names for everybody, its console for two
# addresses. What it sends itself is filtered too, so that a broken-into web page reaches nobody.

zone "net" {
  interface = "eth0"

  management {
    ssh = {
      src = ["203.0.113.2", "2001:db8:1::2"]
    }
  }
  conntrack {
    limits = {
      max_per_ip = 100
    }
  }
  protection {
    invalid_packets      = true
    syn_flood_protection = true
    syn_flood_rate       = 200
    port_scan_protection = true
  }
}

# Another program adds who tries passwords; an hour later they are forgotten.
ipset "abusers" {
  timeout = "1h"
  action  = "drop"
}

# Questions and answers of one datagram each: not worth an entry in the connection table.
notrack "names" {
  from    = "net"
  service = "dns"
  dest_ip = ["203.0.113.1", "2001:db8:1::1"]
}

policy "net" "self" {
  rule "pages" {
    service = ["http", "https", "http3"]
    counter = "pages"
    action  = "accept"
  }
  rule "mail" {
    service      = ["smtp", "submission", "submissions", "imaps"]
    limit_per_ip = "30/minute"
    action       = "accept"
  }
  rule "ping" {
    icmp_type = "echo-request"
    limit     = "50/second"
    action    = "accept"
  }
}

policy "self" "net" {
  rule "names, time and packages" {
    service = ["dns", "ntp", "http", "https"]
    action  = "accept"
  }
  rule "mail" {
    service = "smtp"
    action  = "accept"
  }
  log       = true
  log_limit = "10/minute"
  action    = "reject"
}

conntrack {
  max_connections = 1000
  timeouts        = { tcp = "1h", udp = 30 }
  helpers         = { ftp = true }
}
zone "a" {
  interface = "eth0"
  conntrack { limits = { max_per_ip = 10, new_per_second = "5/second" } }
}
zone "b" { networks = ["192.0.2.0/24", "2001:db8::/32"] }
ipset "s" { entries = ["192.0.2.1", "192.0.2.4-192.0.2.9"] }
policy "a" "b" {
  rule "r" {
    service = ["ssh", "dns"]
    src_ipset = "s"
    action = "accept"
  }
  rule "p" {
    proto = "tcp"
    dest_port = [80, 8000:8010]
    limit = "10/second"
    action = "accept"
    log = true
  }
}
nat "n" {
  type = "masquerade"
  to = "b"
}

zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

service "office" {
  proto = ["tcp", "udp"]
  ports = [7000, 7100:7110]
}

policy "lan" "wan" {
  rule "web" {
    services = ["http", "https", "dns", "ping"]
    action   = "accept"
  }
  rule "own" {
    service = "office"
    dest_ip = ["203.0.113.7", "2001:db8:2::7"]
    action  = "accept"
  }
}

zone "wan" { interface = "eth0" }
zone "staff" {
  interface = "eth1"
  networks  = ["192.168.1.0/25", "2001:db8:1::/65"]
}
zone "guests" {
  interface = "eth1"
  networks  = ["192.168.1.128/25", "2001:db8:1:0:8000::/65"]
}

policy "staff" "wan" { action = "accept" }
policy "guests" "wan" {
  rule "web" {
    services = ["http", "https"]
    action   = "accept"
  }
}
policy "staff" "guests" { action = "reject" }

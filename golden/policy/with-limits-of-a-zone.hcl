zone "wan" {
  interface = "eth0"
  conntrack {
    limits = { max_per_ip = 20 }
  }
}
zone "lan" { interface = "eth1" }

policy "wan" "lan" {
  rule "web" {
    service = "http"
    action  = "accept"
  }
}

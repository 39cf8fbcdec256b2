# What is above is dropped, whatever stands behind the rule.
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "wan" "lan" {
  rule "web" {
    service         = "http"
    max_connections = 100
    max_per_ip      = 10
    action          = "accept"
  }
  rule "rest" {
    proto  = "tcp"
    action = "accept"
  }
}

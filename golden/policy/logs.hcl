zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" {
  log        = true
  log_prefix = "lan to wan: "
  rule "web" {
    service   = "http"
    log       = true
    log_limit = "10/minute"
    action    = "accept"
  }
  rule "look" {
    proto  = "udp"
    action = "log"
  }
  rule "look at some" {
    proto     = "tcp"
    log_limit = "5/second"
    action    = "log"
  }
}

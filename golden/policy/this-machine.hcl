# As the source in one policy, it may go nowhere else.
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "self" {
  rule "ssh" {
    service = "ssh"
    action  = "accept"
  }
}

policy "self" "wan" {
  rule "updates" {
    services = ["https", "dns", "ntp"]
    action   = "accept"
  }
}

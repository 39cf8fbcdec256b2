# One counter for two rules, and one for what the policy decides itself.
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" {
  counter = "refused"
  rule "web" {
    service = "http"
    counter = "web"
    action  = "accept"
  }
  rule "sweb" {
    service = "https"
    counter = "web"
    action  = "accept"
  }
}

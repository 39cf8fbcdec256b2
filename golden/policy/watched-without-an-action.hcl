# What no policy accepts is dropped. The first policy of the pair that logs or counts sees that, whether or
# not it writes the action.
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "wan" "lan" {
  rule "login" {
    service = "ssh"
    action  = "accept"
  }
}

policy "wan" "*" {
  log     = true
  counter = "strangers"
}

# Only a policy that names the zone itself counts for traffic inside of it. Where no action is written beside
# its rules, nothing else passes, and the zone's own action says how.
zone "wan" { interface = "eth0" }
zone "lan" { interface = ["eth1", "eth2"] }
zone "guests" {
  interface = ["eth3", "eth4"]
  action    = "drop"
}
zone "lab" {
  interface = ["eth5", "eth6"]
  action    = "reject"
}

policy "*" "*" { action = "accept" }

policy "lan" "lan" {
  rule "files" {
    service = "smb"
    action  = "accept"
  }
}

policy "lab" "lab" {
  log = true

  rule "login" {
    service = "ssh"
    action  = "accept"
  }
}

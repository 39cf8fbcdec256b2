# Only a policy that names the zone itself counts for traffic inside of it.
zone "wan" { interface = "eth0" }
zone "lan" { interface = ["eth1", "eth2"] }
zone "guests" {
  interface = ["eth3", "eth4"]
  action    = "drop"
}

policy "*" "*" { action = "accept" }

policy "lan" "lan" {
  rule "files" {
    service = "smb"
    action  = "accept"
  }
}

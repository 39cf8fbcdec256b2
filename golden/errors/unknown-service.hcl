zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

policy "lan" "wan" {
  rule "typo" {
    service = "htps"
    action  = "accept"
  }

  rule "nothing-like-it" {
    services = ["ssh", "our-backup-of-things"]
    action   = "accept"
  }
}

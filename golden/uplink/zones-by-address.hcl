zone "lan" {
  interface = "eth1"
  networks  = ["10.0.1.0/24", "2001:db8:a::/64"]
}

uplink_group "internet" {
  from = "lan"

  uplink "tunnel" {
    interface = "wg0"
  }
}
policy "lan" "self" {}

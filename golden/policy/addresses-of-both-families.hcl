# Each family gets a rule; a family without an address gets none.
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" {
  rule "both" {
    src_ip  = ["192.168.1.10", "2001:db8:1::10"]
    dest_ip = ["203.0.113.0/24", "203.0.114.5", "2001:db8:2::/48"]
    action  = "accept"
  }
  rule "four" {
    dest_ip = "198.51.100.7"
    action  = "accept"
  }
  rule "ranges" {
    src_ip = ["192.168.1.20-192.168.1.29", "2001:db8:1::20-2001:db8:1::29"]
    action = "drop"
  }
}

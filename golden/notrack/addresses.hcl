conntrack {}

notrack "backup" {
  src_ip  = ["10.0.1.10", "2001:db8:a::10"]
  dest_ip = ["10.0.2.0/24", "2001:db8:d::/64"]
}

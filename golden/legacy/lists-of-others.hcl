# What is fetched from the network is a set that another program fills.
schema_version = "1.0"

zone "lan" {
  interface = "eth1"
}
zone "wan" {
  interface = "eth0"
}

ipset "attackers" {
  firehol_list    = "firehol_level1"
  auto_update     = true
  refresh_hours   = 24
  action          = "drop"
  apply_to        = "both"
  match_on_source = true
}
ipset "feed" {
  type    = "ipv4_addr"
  url     = "https://example.org/list.txt"
  entries = ["192.0.2.1"]
}
ipset "geoip_country_NL" {
  entries = ["198.51.100.0/24", "2001:db8:1::/48"]
}

policy "wan" "lan" {
  rule "abroad" {
    source_country = "xk"
    action         = "drop"
  }
  rule "home" {
    source_country = "NL"
    proto          = "tcp"
    dest_port      = 443
    action         = "accept"
  }
  rule "feed" {
    src_ipset = "feed"
    action    = "accept"
  }
}

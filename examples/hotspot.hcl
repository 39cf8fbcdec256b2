# A hotspot: who has not logged in sees the log-in page and nothing else. A program behind that page adds addresses
# to the set `guests`, for instance with
#     nft add element inet flywall "$(nft list sets table inet flywall | grep -o 'set4_guests[^ ]*')" { 10.0.1.20 }
# and after eight hours the kernel takes them out again.

zone "wan" {
  interface = "eth0"
}

zone "hall" {
  interface = "eth1"
  action    = "drop"

  services {
    dhcp = true
    dns  = true
    port "8080" {}
  }
}

ipset "guests" {
  description = "who has logged in"
  dynamic     = true
  timeout     = "8h"
  size        = 10000
}

# The first page that anybody asks for is the log-in page, whoever's it was to be; but not the map of the town.
nat "log in" {
  type        = "redirect"
  from        = "hall"
  src_ipset   = "guests"
  invert_src  = true
  dest_ip     = ["203.0.113.20", "2001:db8:1::20"]
  invert_dest = true
  proto       = "tcp"
  dest_port   = 80
  to_port     = 8080
}

policy "hall" "wan" {
  masquerade = true

  rule "who has logged in" {
    src_ipset  = "guests"
    max_per_ip = 300
    action     = "accept"
  }
  rule "the map of the town" {
    dest_ip = ["203.0.113.20", "2001:db8:1::20"]
    service = "http"
    action  = "accept"
  }
  action = "reject"
}

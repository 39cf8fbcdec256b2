# Zones that only interfaces name; eth3 is in none, so it is one by its own name.
schema_version = "1.1"

interface "eth0" {
  zone = "WAN"
  dhcp = true
}
interface "eth1" {
  zone = "lan"
  ipv4 = ["192.168.1.1/24"]

  vlan "20" {
    new_zone "guests" {
      action = "drop"
    }
  }
}
interface "eth2" {
  new_zone "dmz" {
    management {
      ssh = true
    }
  }
}
interface "eth3" {
  description = "a workbench"
}
interface "eth4" {
  description = "nothing is said of it"
  new_zone    = false
}

policy "lan" "wan" {
  action = "accept"
}
policy "eth3" "wan" {
  action = "accept"
}
policy "guests" "Wan" {
  rule "web" {
    service = "https"
    action  = "accept"
  }
}
policy "LAN" "Firewall" {
  rule "ping" {
    proto  = "icmp"
    action = "accept"
  }
}

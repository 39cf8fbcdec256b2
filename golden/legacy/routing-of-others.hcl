# Ways that other programs make for packets; none of them says who may pass.
schema_version = "1.0"
ip_forwarding  = true

zone "lan" {
  interface = "eth1"
}

policy_route "voice" {
  from  = "192.168.1.50/32"
  table = 100
}
routing_table "voice" {
  id = 100
}
uid_routing "backup" {
  uid    = 1000
  uplink = "fibre"
}
qos_policy "shape" {
  interface = "eth0"
}

uplink_group "tunnel" {
  source_networks = []

  uplink "wg" {
    interface = "wg0"
    gateway   = "10.100.0.1"
    enabled   = true
  }
}

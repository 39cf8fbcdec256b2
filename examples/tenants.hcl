# Two tenants with the same private network behind one uplink: each has a connection table of its own, so that their
# addresses do not collide, and leaves with an address of its own. They do not see each other. The routes back to each
# tenant are the machine's: a table for each, chosen by the interface that packets came in by.

zone "uplink" {
  interface = "eth0"
}

zone "tenant-a" {
  interface = "eth1"

  conntrack {
    zone_id = 1
    limits = {
      max_concurrent = 2000
    }
  }
}

zone "tenant-b" {
  interface = "eth2"

  conntrack {
    zone_id = 2
    limits = {
      max_concurrent = 2000
    }
  }
}

policy "tenant-*" "uplink" {
  action = "accept"
}

nat "tenant-a" {
  type  = "snat"
  from  = "tenant-a"
  to    = "uplink"
  to_ip = "203.0.113.9"
}

nat "tenant-b" {
  type  = "snat"
  from  = "tenant-b"
  to    = "uplink"
  to_ip = "203.0.113.11"
}

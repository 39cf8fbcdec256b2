# Two tenants with the same private network behind one uplink: each has a connection table of its own, so
# that their addresses do not collide. Address translation towards the uplink is up to other rules.

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

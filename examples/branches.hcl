# One text for all branches of a company. What differs is a variable, given with
#     flywall-apply -D branch='"north"' examples/branches.hcl
# What they have in common is said once: every department is a zone, and what it may is a list.

variable "branch" {
  default = "south"
}

locals {
  number = { north = 1, south = 2 }[var.branch]

  departments = {
    staff    = { interface = "eth1", may = ["http", "https", "ssh", "ipsec"] }
    machines = { interface = "eth2", may = ["ntp", "mqtts"] }
  }
  tunnels = ["10.64.0.0/10", "fd00:64::/32"]
}

zone "wan" {
  interface = "eth0"
}

zone "head-office" {
  interface = "wg0"
  networks  = local.tunnels
}

dynamic "zone" {
  for_each = local.departments
  labels   = [zone.key]

  content {
    interface   = zone.value.interface
    description = "the ${zone.key} of branch ${local.number}"

    management {
      icmp = true
      ssh  = zone.key == "staff"
    }
  }
}

dynamic "policy" {
  for_each = local.departments
  labels   = [policy.key, "wan"]

  content {
    rule "what it may" {
      service = policy.value.may
      action  = "accept"
    }
    action = "reject"
  }
}

policy "*" "head-office" {
  action = "accept"
}

policy "head-office" "machines" {
  rule "maintenance" {
    service = "ssh"
    action  = "accept"
  }
}

policy "wan" "self" {
  rule "the tunnel" {
    service = "wireguard"
    action  = "accept"
  }
}

# Everything but the tunnel's networks leaves with this machine's address.
nat "out" {
  type        = "masquerade"
  to          = "wan"
  dest_ip     = local.tunnels
  invert_dest = true
}

mss_clamping = "pmtu"

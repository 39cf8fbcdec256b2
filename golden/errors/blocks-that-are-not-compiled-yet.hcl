conntrack {}

policy "lan" "wan" {
  action = "accept"
}

nat "out" {
  type = "masquerade"
}

enable_flow_offload = true

variable "x" {}

zone "lan" {
  interface = "eth1"
  ipsets    = ["office"]

  protection {
    syn_flood = true
  }
}

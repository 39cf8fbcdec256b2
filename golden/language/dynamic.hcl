# One rule a service, and one zone a network.
variable "services" {
  description = "what the office may use"
  type        = map(any)
  default     = { ssh = 22, web = [80, 443] }
}

locals {
  names    = [for name, network in local.networks : name]
  networks = { office = "eth1", guests = "eth2" }
}

dynamic "zone" {
  for_each = local.networks
  iterator = network
  labels   = [network.key]
  content {
    interface   = network.value
    description = "${network.key}, one of %{ for name in local.names }${name} %{ endfor }"
  }
}

zone "wan" {
  interface = "eth0"
}

policy "office" "wan" {
  dynamic "rule" {
    for_each = var.services
    labels   = ["out ${rule.key}"]
    content {
      proto     = "tcp"
      dest_port = rule.value
      action    = "accept"
    }
  }
}

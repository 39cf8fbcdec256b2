variable "sites" {
  default = {
    ams = { id = 1, vlans = { lan = 10, voice = 20 }, uplinks = ["fibre", "lte"] }
    ber = { id = 2, vlans = { lan = 10, guest = 30 }, uplinks = ["cable"] }
    osl = { id = 3, vlans = {}, uplinks = [] }
  }
}
locals {
  base  = "10.0.0.0/8"
  order = { for i, n in keys(var.sites) : n => i }
  plan  = { for n, s in var.sites : n => cidrsubnet(local.base, 8, s.id) }
  vlans = merge([for n, s in var.sites : { for v, id in s.vlans : "${n}.${v}" => { site = n, id = id, net = cidrsubnet(local.plan[n], 8, id), gw = cidrhost(cidrsubnet(local.plan[n], 8, id), 1) } }]...)
  links = flatten([for n, s in var.sites : [for i, u in s.uplinks : { site = n, name = u, table = 100 * s.id + i, weight = i == 0 ? 10 : 1 }]])
  mesh  = [for p in setproduct(keys(var.sites), keys(var.sites)) : "${p[0]}-${p[1]}" if local.order[p[0]] < local.order[p[1]]]
}
resource "device" "router" {
  vlans = { for k, v in local.vlans : k => v if v.id >= 20 }
  links = [for l in local.links : "${l.site}:${l.name}@${l.table}w${l.weight}"]
  all_v = setunion([for s in values(var.sites) : keys(s.vlans)]...)
  both  = setintersection(keys(var.sites.ams.vlans), keys(var.sites.ber.vlans))
  only  = setsubtract(keys(var.sites.ams.vlans), keys(var.sites.ber.vlans))
  masks = { for n, c in local.plan : n => cidrnetmask(c) }
  split = cidrsubnets("192.168.0.0/24", 2, 2, 3, 3)
  empty = [for n, s in var.sites : n if length(s.vlans) == 0]
  names = [for k in keys(local.vlans) : replace(k, ".", "_")]
  inv   = { for k, v in local.vlans : tostring(v.id) => k... }
  mesh  = local.mesh
  lifecycle {
    ignore_changes = [for n in ["tags", "meta"] : n]
  }
}

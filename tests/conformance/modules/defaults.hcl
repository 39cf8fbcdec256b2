variable "hosts" {
  default = {
    gw  = { ip = "10.0.0.1", roles = ["router", "dns"], cpu = 4 }
    db  = { ip = "10.0.0.20", roles = ["db"], disks = [{ size = 100 }, { size = 200, type = "ssd" }] }
    web = { ip = "10.0.0.30", cpu = "2" }
  }
}
locals {
  defaults = { cpu = 1, roles = [], disks = [], tags = null }
  full     = { for n, h in var.hosts : n => merge(local.defaults, h) }
  cpu      = { for n, h in local.full : n => tonumber(h.cpu) }
  biggest  = [for n, c in local.cpu : n if c == max(values(local.cpu)...)]
  disks = merge([
    for n, h in local.full : {
      for i, d in h.disks : "${n}-${i}" => merge({ type = "hdd" }, d, { host = n })
    }
  ]...)
  last   = { for n, h in local.full : n => tonumber(element(split(".", h.ip), 3)) }
}
output "all" {
  full    = local.full
  cpu     = local.cpu
  total   = sum(values(local.cpu))
  biggest = local.biggest
  disks   = local.disks
  size    = sum(concat([0], [for d in values(local.disks) : d.size]))
  sorted  = [for k in sort([for n, h in local.full : format("%03d/%s", local.last[n], n)]) : split("/", k)[1]]
  tagged  = { for n, h in local.full : n => coalesce(h.tags, "none") }
  role    = { for n, h in local.full : n => try(h.roles[0], null) }
  one     = one([for n, h in local.full : n if contains(h.roles, "db")])
  zero    = one([for n, h in local.full : n if contains(h.roles, "mail")])
  any     = anytrue([for n, h in local.full : length(h.disks) > 1])
  all     = alltrue([for n, h in local.full : can(cidrhost("${h.ip}/24", 1))])
}

variable "enabled" {
  default = true
}
variable "extra" {
  default = null
}
variable "ports" {
  default = ["22", 80, "8000-8010"]
}
locals {
  ports = [for p in var.ports : can(regex("^\\d+-\\d+$", p)) ? [for x in split("-", p) : tonumber(x)] : [tonumber(p), tonumber(p)]]
  spec  = { for i, p in local.ports : var.ports[i] => { lo = p[0], hi = p[1] } }
}
output "all" {
  ports = local.ports
  width = [for p in local.ports : p[1] - p[0] + 1]
  spec  = local.spec
  list  = var.enabled ? ["a", "b"] : []
  none  = var.enabled ? [] : ["a"]
  obj   = var.enabled ? { a = 1 } : {}
  maybe = var.extra == null ? "default" : var.extra
  chain = var.extra != null ? "x" : var.enabled ? "y" : "z"
  idx   = { for i in range(0, 10, 3) : format("n%02d", i) => pow(2, i) }
  floor = [for x in [1.2, -1.2, 5 / 2, "7.9"] : [floor(x), ceil(x), signum(floor(x)), abs(x)]]
  mixed = [for x in [1, "two", true, null] : x == null ? "null" : tostring(x)]
  even  = [for x in range(8) : x if x % 2 == 0]
  deep  = { a = { b = [{ c = [1, 2, { d = "e" }] }] } }.a.b[0].c[2].d
  maxi  = max([for p in local.ports : p[1]]...)
  lk    = lookup({ a = "x" }, "b", "y")
  zip   = zipmap(["a", "b"], [1, [2]])
  sl    = slice(["a", "b", "c", "d"], 1, 3)
  rev   = reverse([1, 2, 3])
  hex   = [for x in ["ff", "0a"] : parseint(x, 16)]
}

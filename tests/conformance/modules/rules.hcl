locals {
  zones    = ["lan", "wan", "dmz"]
  services = { ssh = 22, web = [80, 443], dns = { port = 53, proto = ["tcp", "udp"] } }
  normal = {
    for name, s in local.services : name => {
      ports = flatten([try(s.port, s)])
      proto = try(tolist(s.proto), ["tcp"])
    }
  }
  matrix = [
    for p in setproduct(local.zones, local.zones, keys(local.normal)) :
    { from = p[0], to = p[1], service = p[2] } if p[0] != p[1]
  ]
  counted = { for r in local.matrix : "${r.from}>${r.to}" => r.service... }
  lines = [
    for r in local.matrix : format("%-4s -> %-4s %s/%v", r.from, r.to, join("+", local.normal[r.service].proto), local.normal[r.service].ports)
    if r.from == "lan"
  ]
  allowed = toset(concat([for r in local.matrix : r.service if r.to == "dmz"], ["icmp"]))
  chunks  = chunklist(local.lines, 4)
}
output "all" {
  normal  = local.normal
  matrix  = local.matrix
  counted = local.counted
  lines   = local.lines
  allowed = local.allowed
  chunks  = local.chunks
  n       = length(local.matrix)
  sorted  = sort(distinct([for r in local.matrix : r.service]))
}

locals {
  base = "eth${local.number}"
  number = local.all[0]
  all = [local.base]
}
zone "lan" {
  interface = local.base
}

a = [for x in range(1000) : [for y in range(1000) : [for z in range(1000) : "${x}${y}${z}"]]]
locals {
  b = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  c = [local.b, local.b, local.b, local.b, local.b, local.b, local.b, local.b, local.b]
  d = [local.c, local.c, local.c, local.c, local.c, local.c, local.c, local.c, local.c]
}

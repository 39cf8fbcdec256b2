locals {
  ten      = [for n in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] : n]
  thousand = [for a in local.ten : [for b in local.ten : [for c in local.ten : a + b + c]]]
  bomb     = [for a in local.thousand : [for b in local.thousand : [for c in local.thousand : [for d in local.thousand : [for e in local.thousand : [for f in local.thousand : [for g in local.aodstnhu : g]]]]]]]
}

variable "users_csv" {
  default = <<-CSV
    name,email,groups,active
    ann,ann@example.org,admin|dev,true
    bob,bob@example.org,dev,false
    "cy, jr",cy@example.com,,true
  CSV
}
locals {
  users = [for u in csvdecode(var.users_csv) : {
    name   = u.name
    email  = lower(u.email)
    domain = regex("@(.+)$", u.email)[0]
    groups = compact(split("|", u.groups))
    active = tobool(u.active)
  }]
  active     = [for u in local.users : u.name if u.active]
  groups     = distinct(flatten(local.users[*].groups))
  membership = { for g in local.groups : g => [for u in local.users : u.name if contains(u.groups, g)] }
  domains    = { for u in local.users : u.domain => u.email... }
  initials   = { for u in local.users : u.name => join("", regexall("\\b[a-z]", u.name)) }
  slug       = { for u in local.users : u.name => replace(lower(u.name), "/[^a-z0-9]+/", "-") }
}
output "all" {
  users      = local.users
  active     = local.active
  groups     = local.groups
  membership = local.membership
  domains    = local.domains
  initials   = local.initials
  slug       = local.slug
  yaml       = yamldecode(yamlencode(local.membership))
  count      = sum([for u in local.users : length(u.groups)])
}

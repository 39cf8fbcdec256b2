variable "host" {
  default = "gw1.example.org"
}
locals {
  nets = [
    { name = "lan", cidr = "192.168.1.0/24", public = false },
    { name = "dmz", cidr = "203.0.113.0/28", public = true },
  ]
  motd = templatefile("tpl/motd.tpl", { host = var.host, nets = local.nets, admins = ["ann", "bob"] })
  none = templatefile("tpl/motd.tpl", { host = upper(var.host), nets = [], admins = [] })
  inline = <<-EOT
    # generated
    %{~ for n in local.nets }
    net ${n.name} = ${n.cidr}
    %{~ endfor }
    %{ if can(regex("^gw", var.host)) ~}
    role gateway
    %{ endif ~}
    end
  EOT
  shell = <<EOF
#!/bin/sh
set -eu
for i in $${LIST}; do echo "$i" | awk '{ printf "%%s" }'; done
EOF
}
output "all" {
  motd   = local.motd
  none   = local.none
  inline = local.inline
  shell  = local.shell
  lines  = split("\n", chomp(local.motd))
  trim   = trimspace("  ${local.none}  ")
}

# Mistakes in a template are shown where they stand in it.
zone "lan" {
  interface   = "eth0"
  description = templatefile("lists/again.tmpl", { host = "gate" })
}

zone "wan" {
  interface   = "eth1"
  description = templatefile("lists/open.tmpl", { host = "gate" })
}

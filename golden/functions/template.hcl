# A template's names are the members of the object, and its paths begin where it stands itself.
zone "lan" {
  interface   = "eth0"
  description = chomp(templatefile("lists/motd.tmpl", { host = "gate", zones = ["lan", "wan"] }))
}

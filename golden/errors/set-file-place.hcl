zone "lan" {
  interface = "eth1"
}

ipset "fields" {
  file   = "lists/hosts.csv"
  column = "adress"
}

ipset "document" {
  file = "lists/hosts.json"
  key  = "no.such.key"
}

ipset "top" {
  file = "lists/hosts.json"
}

ipset "lines" {
  files = ["lists/hosts.txt", "lists/hosts.txt"]
  key   = "prefixes"
}

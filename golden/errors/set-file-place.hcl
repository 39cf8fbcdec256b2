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
  file = "lists/hosts.txt"
  key  = "prefixes"
}

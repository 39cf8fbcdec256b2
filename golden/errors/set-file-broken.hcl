zone "lan" {
  interface = "eth1"
}

ipset "lines" {
  file = "lists/broken.txt"
}

ipset "fields" {
  file = "lists/broken.csv"
}

ipset "document" {
  file = "lists/broken.json"
}

ipset "yaml" {
  file = "lists/broken.yaml"
}

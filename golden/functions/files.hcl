# Paths begin where the file stands that names them.
ipset "blocked" {
  entries = cidrmerge(compact(split("\n", file("lists/blocked.txt"))))
}

zone "lan" {
  interface   = fileexists("lists/none.txt") ? "eth0" : "eth1"
  description = join(" ", fileset(".", "lists/*.{txt,json}"))
}

zone "wan" {
  interface = "eth2"
}

policy "wan" "lan" {
  rule "blocked" {
    src_ipset = "blocked"
    action    = "drop"
  }
}

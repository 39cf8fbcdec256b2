# Who is on the first list is not dropped by the second one.
zone "wan" { interface = "eth0" }

ipset "friends" {
  entries = ["192.0.2.1", "2001:db8::1"]
  action  = "accept"
}

ipset "others" {
  entries = ["192.0.2.0/24", "2001:db8::/32"]
  action  = "drop"
}

policy "wan" "self" {}

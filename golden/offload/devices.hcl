zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

flowtable "bulk" {
  devices  = ["eth1", "eth0"]
  hardware = true
  counter  = true
  priority = 10
  offload  = "if-available"
}

policy "lan" "wan" { action = "accept" }

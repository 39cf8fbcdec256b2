zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" { action = "accept" }

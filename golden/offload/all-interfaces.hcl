zone "wan" { interface = "eth0" }
zone "lan" { interface = ["eth2", "eth1", "wg*"] }
enable_flow_offload = true
policy "lan" "wan" { action = "accept" }

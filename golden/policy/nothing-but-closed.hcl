# A policy without rules and action drops, and so does all that no policy names.
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }

policy "lan" "wan" {}

zone "lan" {
  interface = "eth1"
}

ipset "scanners" {
  entries    = ["192.0.2.1"]
  action     = "drop"
  log_prefix = "say \"this\""
}

ipset "others" {
  entries    = ["192.0.2.2"]
  action     = "drop"
  log_prefix = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
}

ipset "costs" {
  entries    = ["192.0.2.3"]
  action     = "drop"
  log_prefix = "in $: "
}

# Networks that are computed of others.
zone "lan" {
  interface = format("eth%d", 1)
  networks  = cidrsubtract(cidrsubnets("10.20.0.0/16", 4, 4), ["10.20.0.1-10.20.0.3"])
}

zone "wan" {
  interface = element(split(",", "eth0,wwan0"), 2)
}

policy "lan" "wan" {
  rule "web" {
    proto      = lower("TCP")
    dest_ports = flatten([80, [443, portrange(8000, 8080)]])
    dest_ip    = cidrmerge(concat(jsondecode("[\"192.0.2.0/25\"]"), values({ b = "192.0.2.128/25" })))
    action     = "accept"
  }
}

# What is wrong with a call is shown at the argument that it is about.
zone "lan" {
  interface = "eth0"
  networks = [
    cidrhst("10.0.0.0/8", 1),
    uuid(),
    cidrhost("10.0.0.0/8"),
    cidrhost("10.0.0.0/8", 1, 2),
    cidrhost("10.0.0.0", 1),
    cidrhost(["10.0.0.0/8"], 1),
    cidrhost(null, 1),
    cidrhost("10.0.0.0/30", 4),
    cidrsubnet("10.0.0.0/8", -1, 0),
    cidrsubnets("10.0.0.0/8", [4, 40]...),
    range(100000),
  ]
}

# Arguments that are right by themselves, but not together.
zone "lan" {
  interface = "eth0"
  networks = [
    coalesce(null, ""),
    coalescelist([], []),
    try(tonumber("eth0"), cidrhost("10.0.0.0/33", 1)),
    regex("[0-9]+", "lan"),
    regex("(a", "lan"),
    regex("(a)\\1", "lan"),
    jsondecode("{\"a\": 1,}"),
    csvdecode("host,port\nweb\n"),
    yamldecode("a: [1, 2"),
    format("%s and %s", "lan"),
    format("%d", 1.5),
    format("%s", "lan", "wan"),
    formatdate("YYYY-MM-DD", "yesterday"),
    merge([1], {}),
    lookup({ lan = "eth0" }, "wan"),
    zipmap(["a"], []),
    setproduct(range(1000), range(1000), range(1000)),
  ]
}

# YAML 1.1 takes the country code of Norway for a boolean, and "on" too.
zone "lan" {
  interface   = "eth0"
  description = yamldecode("on") ? "guests" : "hosts"
}

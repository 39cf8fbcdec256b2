variable "uplink" {
  description = "where the provider is"
}
zone "wan" {
  interface = var.uplink
}

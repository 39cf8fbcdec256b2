variable "ports" {
  type    = list(number)
  default = [22, "ssh"]
}
variable "uplink" {
  type    = string
  default = "lo"
  validation {
    condition     = var.uplink != "lo"
    error_message = "the uplink cannot be the loopback interface"
  }
}
zone "wan" {
  interface = var.uplink
}

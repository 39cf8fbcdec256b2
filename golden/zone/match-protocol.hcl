zone "tunnels" {
  match {
    interface = "eth0"
    protocol  = ["gre", "esp"]
  }
}

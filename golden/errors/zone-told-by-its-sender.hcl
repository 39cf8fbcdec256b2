zone "phones" {
  match {
    mac = "02:00:00:00:00:01"
  }
  action = "drop"
}

zone "printers" {
  match {
    mac = ["02:00:00:00:00:02", "02:00:00:00:00:03"]
  }
  conntrack {
    enabled = false
  }
}

zone = "lan"

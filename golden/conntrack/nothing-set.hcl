conntrack {}

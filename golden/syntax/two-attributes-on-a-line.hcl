conntrack { enabled = true, log_invalid = true }

variable "environment" {
  type    = string
  default = "prod"
}
variable "cidr" {
  default = "10.20.0.0/16"
}
variable "azs" {
  default = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
}
variable "subnets" {
  default = {
    public  = { newbits = 8, offset = 0, public = true }
    private = { newbits = 4, offset = 1, public = false }
    data    = { newbits = 8, offset = 100, public = false, tags = { Backup = "yes" } }
  }
}
locals {
  name = "vpc-${var.environment}"
  common_tags = {
    Environment = title(var.environment)
    ManagedBy   = "terraform"
  }
  pairs = flatten([
    for tier, cfg in var.subnets : [
      for i, az in var.azs : {
        key    = "${tier}-${substr(az, -1, 1)}"
        tier   = tier
        az     = az
        cidr   = cidrsubnet(var.cidr, cfg.newbits, cfg.offset + i)
        public = cfg.public
        tags   = merge(local.common_tags, lookup(cfg, "tags", {}), { Name = format("%s-%s-%s", local.name, tier, az) })
      }
    ]
  ])
  by_key   = { for s in local.pairs : s.key => s }
  by_tier  = { for s in local.pairs : s.tier => s.cidr... }
  public   = [for s in local.pairs : s.cidr if s.public]
  gateways = { for k, s in local.by_key : s.az => k... if !s.public }
  first    = try(local.by_key["public-a"].cidr, "none")
  missing  = try(local.by_key["nope-a"].cidr, "none")
  hosts    = { for k, s in local.by_key : k => cidrhost(s.cidr, 1) }
}
output "all" {
  by_key   = local.by_key
  by_tier  = local.by_tier
  public   = local.public
  gateways = local.gateways
  first    = local.first
  missing  = local.missing
  hosts    = local.hosts
  json     = jsonencode(local.by_tier)
}

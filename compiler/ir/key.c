#include "ir/ruleset.h"

/* clang-format off */
const struct ir_key_row ir_key_rows[IR_KEY_COUNT] = {
	[IR_IIFNAME]           = { "iifname",           "ifname",          "{\"meta\": {\"key\": \"iifname\"}}" },
	[IR_OIFNAME]           = { "oifname",           "ifname",          "{\"meta\": {\"key\": \"oifname\"}}" },
	[IR_NFPROTO]           = { "meta nfproto",      "nf_proto",        "{\"meta\": {\"key\": \"nfproto\"}}" },
	[IR_L4PROTO]           = { "meta l4proto",      "inet_proto",      "{\"meta\": {\"key\": \"l4proto\"}}" },
	[IR_ETHER_SADDR]       = { "ether saddr",       "ether_addr",      "{\"payload\": {\"protocol\": \"ether\", \"field\": \"saddr\"}}" },
	[IR_IP_SADDR]          = { "ip saddr",          "ipv4_addr",       "{\"payload\": {\"protocol\": \"ip\", \"field\": \"saddr\"}}" },
	[IR_IP_DADDR]          = { "ip daddr",          "ipv4_addr",       "{\"payload\": {\"protocol\": \"ip\", \"field\": \"daddr\"}}" },
	[IR_IP6_SADDR]         = { "ip6 saddr",         "ipv6_addr",       "{\"payload\": {\"protocol\": \"ip6\", \"field\": \"saddr\"}}" },
	[IR_IP6_DADDR]         = { "ip6 daddr",         "ipv6_addr",       "{\"payload\": {\"protocol\": \"ip6\", \"field\": \"daddr\"}}" },
	[IR_IP6_HOPLIMIT]      = { "ip6 hoplimit",      "integer",         "{\"payload\": {\"protocol\": \"ip6\", \"field\": \"hoplimit\"}}" },
	[IR_TCP_SPORT]         = { "tcp sport",         "inet_service",    "{\"payload\": {\"protocol\": \"tcp\", \"field\": \"sport\"}}" },
	[IR_TCP_DPORT]         = { "tcp dport",         "inet_service",    "{\"payload\": {\"protocol\": \"tcp\", \"field\": \"dport\"}}" },
	[IR_UDP_SPORT]         = { "udp sport",         "inet_service",    "{\"payload\": {\"protocol\": \"udp\", \"field\": \"sport\"}}" },
	[IR_UDP_DPORT]         = { "udp dport",         "inet_service",    "{\"payload\": {\"protocol\": \"udp\", \"field\": \"dport\"}}" },
	[IR_ICMP_TYPE]         = { "icmp type",         "icmp_type",       "{\"payload\": {\"protocol\": \"icmp\", \"field\": \"type\"}}" },
	[IR_ICMPV6_TYPE]       = { "icmpv6 type",       "icmpv6_type",     "{\"payload\": {\"protocol\": \"icmpv6\", \"field\": \"type\"}}" },
	[IR_CT_STATE]          = { "ct state",          "ct_state",        "{\"ct\": {\"key\": \"state\"}}" },
	[IR_CT_STATUS]         = { "ct status",         "ct_status",       "{\"ct\": {\"key\": \"status\"}}" },
	[IR_CT_MARK]           = { "ct mark",           "mark",            "{\"ct\": {\"key\": \"mark\"}}" },
	[IR_CT_HELPER]         = { "ct helper",         "string",          "{\"ct\": {\"key\": \"helper\"}}" },
	[IR_META_MARK]         = { "meta mark",         "mark",            "{\"meta\": {\"key\": \"mark\"}}" },
	[IR_FIB_DADDR_OIFNAME] = { "fib daddr oifname", "ifname",          "{\"fib\": {\"result\": \"oifname\", \"flags\": [\"daddr\"]}}" },
	[IR_FIB_DADDR_TYPE]    = { "fib daddr type",    "fib_addrtype",    "{\"fib\": {\"result\": \"type\", \"flags\": [\"daddr\"]}}" },
	[IR_NUMGEN_INC]        = { "numgen inc",        "integer",         "{\"numgen\": {\"mode\": \"inc\", \"mod\": %u, \"offset\": 0}}" },
};
/* clang-format on */

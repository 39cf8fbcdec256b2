#include "config/written_more.h"

#include "config/names.h"
#include "schema/schema.h"

/* clang-format off */
static const struct word balance_words[] = {
	{ "connections",     NULL,          "Connections are dealt out in turn, by weight." },
	{ "source",          NULL,          "Each source keeps its uplink." },
	{ "roundrobin",      "connections", "The same as connections." },
	{ "round_robin",     "connections", "The same as connections." },
	{ "weighted",        "connections", "The same as connections." },
	{ "none",            "connections", "The same: uplinks of one tier always share." },
	{ "source_hash",     "source",      "The same as source." },
};

static const struct word mode_words[] = {
	{ "both",         NULL,          "Uplinks of one tier share connections; a higher tier waits." },
	{ "failover",     "both",        "The same: each priority is a tier." },
	{ "loadbalance",  NULL,          "All uplinks share connections, whatever their priority." },
	{ "load_balance", "loadbalance", "The same as loadbalance." },
};
/* clang-format on */

#define OWNER struct written_uplink
static const struct row uplink_rows[] = {
	{ .name = "interface",
	  TEXTS_ROW(OWNER, interfaces),
	  .read = interface_read,
	  .example = "\"eth0\"",
	  .doc = "The interface that leads out." },
	{ .name = "gateway",
	  PREFIXES_ROW(OWNER, gateways),
	  .alias = "gateways gateway_ip",
	  .example = "[\"203.0.113.1\", \"2001:db8::1\"]",
	  .doc = "The next router, of IPv4, of IPv6, or one of each; without one, packets go to "
		 "the "
		 "interface." },
	{ .name = "weight",
	  NUMBER_ROW(OWNER, weight),
	  .high = 255,
	  .value = "1",
	  .example = "3",
	  .doc = "Its share of new connections; 0: only what comes in by it." },
	{ .name = "tier",
	  NUMBER_ROW(OWNER, tier),
	  .alias = "priority",
	  .high = 65535,
	  .value = "0",
	  .example = "1",
	  .doc = "The lowest tier carries new connections; higher ones wait until it is "
		 "disabled." },
	{ .name = "networks",
	  PREFIXES_ROW(OWNER, networks),
	  .example = "[\"198.51.100.0/24\"]",
	  .doc = "More networks that are reached by it directly." },
	{ .name = "table",
	  NUMBER_ROW(OWNER, table),
	  .alias = "routing_table",
	  .low = 1,
	  .high = UINT32_MAX,
	  .example = "701",
	  .doc = "Its routing table; by default 700 and its number." },
	{ .name = "mark",
	  TEXT_ROW(OWNER, mark),
	  .alias = "id fwmark",
	  .read = mark_read,
	  .example = "2",
	  .doc = "Its number, 1 to 15, or that number in bits 12 to 15 of a mark; by default in "
		 "the "
		 "order of declaration." },
	{ .name = "enabled",
	  BOOL_ROW(OWNER, enabled),
	  .value = "true",
	  .example = "false",
	  .doc = "Whether it carries new connections." },
	{ .name = "description",
	  TEXT_ROW(OWNER, description),
	  .alias = "comment",
	  .example = "\"the fibre\"",
	  .doc = "A remark." },
};

static const struct stranger uplink_strangers[] = {
	{ "health_check", false, "watching whether an uplink works" },
	{ "health_check_cmd", false, "watching whether an uplink works" },
	{ "local_ip", false, "the interface's address" },
	{ "type", false, "what kind of line it is" },
};

static const struct table uplink_table = {
	.noun = "uplink",
	ROWS(uplink_rows),
	.size = sizeof(OWNER),
	.at = OFFSET_OF(struct span, OWNER, at),
	.label = OFFSET_OF(struct field_text, OWNER, name),
	.strangers = uplink_strangers,
	.strangers_n = countof(uplink_strangers),
};
#undef OWNER

#define OWNER struct written_uplinks

/* What a group and multi_wan both have. */
#define SHARED_ROWS                                                                                \
	{ .name = "enabled",                                                                       \
	  BOOL_ROW(OWNER, enabled),                                                                \
	  .value = "true",                                                                         \
	  .example = "true",                                                                       \
	  .doc = "Whether connections are dealt out at all." },                                    \
		{ .name = "from",                                                                  \
		  TEXTS_ROW(OWNER, from),                                                          \
		  .alias = "zone zones source_zone source_zones from_zones",                       \
		  .example = "[\"lan\"]",                                                          \
		  .doc = "Zones whose connections the uplinks carry; \"self\" is this machine." }, \
		{ .name = "src",                                                                   \
		  PREFIXES_ROW(OWNER, src),                                                        \
		  .alias = "source_networks source src_ip",                                        \
		  .may_be_empty = true,                                                            \
		  .example = "[\"192.168.1.0/24\"]",                                               \
		  .doc = "Only connections from these networks; by default all, and of an empty "  \
			 "list none." },                                                           \
		{ .name = "dest",                                                                  \
		  PREFIXES_ROW(OWNER, dest),                                                       \
		  .alias = "dest_networks destination dst dest_ip",                                \
		  .example = "[\"0.0.0.0/0\"]",                                                    \
		  .doc = "Only connections to these networks; by default all." },                  \
		{ .name = "sticky",                                                                \
		  BOOL_ROW(OWNER, sticky),                                                         \
		  .alias = "sticky_connections",                                                   \
		  .value = "true",                                                                 \
		  .example = "true",                                                               \
		  .doc = "That a connection stays on its uplink; it always does." },               \
		{ .name = "balance",                                                               \
		  TEXT_ROW(OWNER, balance),                                                        \
		  .alias = "load_balance_mode",                                                    \
		  WORDS(balance_words),                                                            \
		  .value = "\"connections\"",                                                      \
		  .example = "\"source\"",                                                         \
		  .doc = "How new connections are dealt out." },                                   \
		{ .name = "mode",                                                                  \
		  TEXT_ROW(OWNER, mode),                                                           \
		  WORDS(mode_words),                                                               \
		  .value = "\"both\"",                                                             \
		  .example = "\"loadbalance\"",                                                    \
		  .doc = "Whether tiers count." },                                                 \
		{ .name = "local",                                                                 \
		  BOOL_ROW(OWNER, local),                                                          \
		  .alias = "local_traffic",                                                        \
		  .value = "false",                                                                \
		  .example = "true",                                                               \
		  .doc = "Whether this machine's own connections are dealt out too." },            \
	{                                                                                          \
		.name = "description", TEXT_ROW(OWNER, description), .alias = "comment",           \
		.example = "\"two lines\"", .doc = "A remark."                                     \
	}

static const struct row uplink_group_rows[] = {
	{ .name = "uplink",
	  BLOCKS_ROW(struct written_uplink, OWNER, uplinks),
	  .alias = "connection",
	  .table = &uplink_table,
	  .label = "its name",
	  .example = "uplink \"fibre\"",
	  .doc = "A way out." },
	SHARED_ROWS,
};
static const struct row multi_wan_rows[] = {
	{ .name = "connection",
	  BLOCKS_ROW(struct written_uplink, OWNER, uplinks),
	  .alias = "uplink wan",
	  .table = &uplink_table,
	  .label = "its name",
	  .example = "connection \"fibre\"",
	  .doc = "A way out." },
	SHARED_ROWS,
};

static const struct stranger group_strangers[] = {
	{ "failback_delay", false, "watching whether an uplink works" },
	{ "failback_mode", false, "watching whether an uplink works" },
	{ "failover_delay", false, "watching whether an uplink works" },
	{ "failover_mode", false, "watching whether an uplink works" },
	{ "health_check", false, "watching whether an uplink works" },
	{ "source_interfaces", false, "marks are restored for all interfaces" },
};

const struct table uplink_group_table = {
	.noun = "uplink_group",
	ROWS(uplink_group_rows),
	.size = sizeof(OWNER),
	.at = OFFSET_OF(struct span, OWNER, at),
	.label = OFFSET_OF(struct field_text, OWNER, name),
	.strangers = group_strangers,
	.strangers_n = countof(group_strangers),
};
const struct table multi_wan_table = {
	.noun = "multi_wan",
	ROWS(multi_wan_rows),
	.size = sizeof(OWNER),
	.at = OFFSET_OF(struct span, OWNER, at),
	.strangers = group_strangers,
	.strangers_n = countof(group_strangers),
};
#undef OWNER

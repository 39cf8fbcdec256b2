#include "config/written_more.h"

#include "config/logging.h"
#include "config/names.h"
#include "config/protection.h"
#include "schema/schema.h"

#define OWNER struct written_protection

/* A switch, a rate and a burst. */
#define FLOOD_ROWS(member, switch_, rate_, burst_, rate_alias, example_, what)                     \
	{ .name = switch_,                                                                         \
	  BOOL_ROW(OWNER, member.enabled),                                                         \
	  .value = "false",                                                                        \
	  .example = "true",                                                                       \
	  .doc = "Whether there is a limit for " what "." },                                       \
		{ .name = rate_,                                                                   \
		  RATE_ROW(OWNER, member.rate),                                                    \
		  .alias = rate_alias,                                                             \
		  .low = 1,                                                                        \
		  .high = 10000000,                                                                \
		  .per = 1,                                                                        \
		  .value = example_,                                                               \
		  .example = example_,                                                             \
		  .doc = "The most in a second, or a rate, for " what "." },                       \
	{                                                                                          \
		.name = burst_, NUMBER_ROW(OWNER, member.burst), .low = 1, .high = INT32_MAX,      \
		.example = example_,                                                               \
		.doc = "How many may come at once above that rate; by default twice its count."    \
	}

#define SHARED_ROWS                                                                                \
	{ .name = "enabled",                                                                       \
	  BOOL_ROW(OWNER, enabled),                                                                \
	  .value = "true",                                                                         \
	  .example = "true",                                                                       \
	  .doc = "Whether the block counts." },                                                    \
		{ .name = "anti_spoofing",                                                         \
		  BOOL_ROW(OWNER, anti_spoofing),                                                  \
		  .value = "false",                                                                \
		  .example = "true",                                                               \
		  .doc = "Drop packets whose source is routed by another interface." },            \
		{ .name = "bogon_filtering",                                                       \
		  BOOL_ROW(OWNER, bogons),                                                         \
		  .alias = "bogons bogon_filter",                                                  \
		  .value = "false",                                                                \
		  .example = "true",                                                               \
		  .doc = "Drop packets from and to addresses that no network has." },              \
		{ .name = "private_filtering",                                                     \
		  BOOL_ROW(OWNER, private_sources),                                                \
		  .alias = "private_sources private_filter",                                       \
		  .value = "false",                                                                \
		  .example = "true",                                                               \
		  .doc = "Drop packets from private addresses." },                                 \
		{ .name = "invalid_packets",                                                       \
		  BOOL_ROW(OWNER, invalid),                                                        \
		  .alias = "invalid drop_invalid",                                                 \
		  .value = "false",                                                                \
		  .example = "true",                                                               \
		  .doc = "Drop packets with impossible TCP flags." },                              \
		FLOOD_ROWS(syn_flood, "syn_flood_protection", "syn_flood_rate", "syn_flood_burst", \
			   "syn_rate", "25", "new TCP connections"),                               \
		FLOOD_ROWS(icmp_flood, "icmp_rate_limit", "icmp_rate", "icmp_burst",               \
			   "icmp_flood_rate", "10", "ICMP packets"),                               \
		FLOOD_ROWS(new_connections, "new_conn_rate_limit", "new_conn_rate",                \
			   "new_conn_burst", "new_connection_rate", "100", "new connections"),     \
		{ .name = "port_scan_protection",                                                  \
		  BOOL_ROW(OWNER, port_scan),                                                      \
		  .alias = "port_scan",                                                            \
		  .value = "false",                                                                \
		  .example = "true",                                                               \
		  .doc = "Drop all packets of sources that try closed ports, for ten minutes." },  \
		{ .name = "port_scan_threshold",                                                   \
		  NUMBER_ROW(OWNER, port_scan_threshold),                                          \
		  .low = 1,                                                                        \
		  .high = 1000000,                                                                 \
		  .value = "20",                                                                   \
		  .example = "20",                                                                 \
		  .doc = "Refused connections of a source a minute above which it is a scan." },   \
		LIMITED_LOGGING_ROWS(OWNER, log, "60")

static const struct row zone_protection_rows[] = { SHARED_ROWS };
static const struct row protection_rows[] = {
	{ .name = "interface",
	  TEXTS_ROW(OWNER, interfaces),
	  .alias = "interfaces",
	  .read = protection_interface_read,
	  .example = "\"eth0\"",
	  .doc = "Interfaces whose zones are protected so; by default, and for \"*\", all zones." },
	SHARED_ROWS,
};

static const struct stranger protection_strangers[] = {
	{ "allowed_countries", true,
	  "flywall has no data base of countries: write an ipset of their networks, with an "
	  "action, or for source_country in rules" },
	{ "blocked_countries", true,
	  "flywall has no data base of countries: write an ipset of their networks, with an "
	  "action, or for source_country in rules" },
	{ "geo_blocking", true,
	  "flywall has no data base of countries: write an ipset of their networks, with an "
	  "action, or for source_country in rules" },
};

const struct table zone_protection_table = {
	.noun = "protection",
	ROWS(zone_protection_rows),
	.size = sizeof(OWNER),
	.at = OFFSET_OF(struct span, OWNER, at),
	.strangers = protection_strangers,
	.strangers_n = countof(protection_strangers),
};
const struct table protection_table = {
	.noun = "protection",
	ROWS(protection_rows),
	.size = sizeof(OWNER),
	.at = OFFSET_OF(struct span, OWNER, at),
	.label = OFFSET_OF(struct field_text, OWNER, name),
	.strangers = protection_strangers,
	.strangers_n = countof(protection_strangers),
};
#undef OWNER

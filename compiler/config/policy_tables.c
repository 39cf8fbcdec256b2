#include "config/written.h"

#include <assert.h>

#include "config/countries.h"
#include "config/logging.h"
#include "config/names.h"
#include "schema/schema.h"

/* clang-format off */
static const struct word policy_actions[] = {
	{ "accept", NULL,     "Let it through." },
	{ "drop",   NULL,     "Discard it and say nothing." },
	{ "reject", NULL,     "Discard it and tell the sender." },
	{ "allow",  "accept", "The same as accept." },
	{ "block",  "drop",   "The same as drop." },
	{ "deny",   "drop",   "The same as drop." },
};

static const struct word rule_actions[] = {
	{ "accept",   NULL,       "Let it through." },
	{ "drop",     NULL,       "Discard it and say nothing." },
	{ "reject",   NULL,       "Discard it and tell the sender." },
	{ "return",   NULL,       "On to the policy's own action." },
	{ "log",      NULL,       "Say it, and on to the next rule." },
	{ "continue", NULL,       "Count and mark it, and on to the next rule." },
	{ "notrack",  NULL,       "Let it through untracked, in both directions." },
	{ "allow",    "accept",   "The same as accept." },
	{ "block",    "drop",     "The same as drop." },
	{ "deny",     "drop",     "The same as drop." },
	{ "count",    "continue", "The same as continue." },
};

static const struct stranger rule_strangers[] = {
	{ "comment",        false, "a remark", true },
	{ "dest_zone",      true,  "it decides who may pass: write a policy for that zone" },
	{ "group",          false, "the dashboard", true },
	{ "id",             false, "the dashboard", true },
	{ "insert_after",   true,  "rules are tried as they are written" },
	{ "jump_target",    true,  "it decides who may pass" },
	{ "log_level",      false, "messages have no level", true },
	{ "order",          true,  "rules are tried as they are written" },
	{ "origin",         false, "the dashboard", true },
	{ "src_zone",       true,  "it decides who may pass: write a policy for that zone" },
	{ "tags",           false, "the dashboard", true },
};
/* clang-format on */

#define SWITCH_ROWS(owner)                                                                         \
	{ .name = "description",                                                                   \
	  TEXT_ROW(owner, description),                                                            \
	  .example = "\"what it is for\"",                                                         \
	  .doc = "A remark." },                                                                    \
		{ .name = "disabled",                                                              \
		  BOOL_ROW(owner, disabled),                                                       \
		  .value = "false",                                                                \
		  .example = "true",                                                               \
		  .doc = "Whether it is checked, and then left out." },                            \
	{                                                                                          \
		.name = "enabled", BOOL_ROW(owner, enabled), .value = "true", .example = "false",  \
		.doc = "Whether it holds."                                                         \
	}

/* What a rule may hold. */
#define RULE_ROWS                                                                                  \
	SWITCH_ROWS(struct written_rule), CONDITION_ROWS(struct written_rule, conditions),         \
		{ .name = "action",                                                                \
		  TEXT_ROW(struct written_rule, action),                                           \
		  WORDS(rule_actions),                                                             \
		  .example = "\"accept\"",                                                         \
		  .doc = "What becomes of packets that meet all conditions." },                    \
		{ .name = "limit",                                                                 \
		  .alias = "rate",                                                                 \
		  RATE_ROW(struct written_rule, limit),                                            \
		  .low = 1,                                                                        \
		  .high = 10000000,                                                                \
		  .per = 1,                                                                        \
		  .limits = "leave it out for no limit",                                           \
		  .example = "\"10/second\"",                                                      \
		  .doc = "How many packets it is for in a second, or a rate; what is above goes "  \
			 "on to the "                                                              \
			 "next rule." },                                                           \
		{ .name = "limit_per_ip",                                                          \
		  .alias = "rate_per_ip",                                                          \
		  RATE_ROW(struct written_rule, limit_per_ip),                                     \
		  .low = 1,                                                                        \
		  .high = 10000000,                                                                \
		  .per = 1,                                                                        \
		  .limits = "leave it out for no limit",                                           \
		  .example = "\"5/minute\"",                                                       \
		  .doc = "The same for each source." },                                            \
		{ .name = "burst",                                                                 \
		  .alias = "limit_burst",                                                          \
		  NUMBER_ROW(struct written_rule, burst),                                          \
		  .low = 1,                                                                        \
		  .high = INT32_MAX,                                                               \
		  .example = "20",                                                                 \
		  .doc = "How many may come at once above these rates; by default as many as the " \
			 "rate "                                                                   \
			 "counts." },                                                              \
		{ .name = "max_connections",                                                       \
		  NUMBER_ROW(struct written_rule, max_connections),                                \
		  .high = INT32_MAX,                                                               \
		  .example = "100",                                                                \
		  .doc = "The most connections at once that it accepts; above, packets are "       \
			 "dropped; 0 for "                                                         \
			 "no limit." },                                                            \
		{ .name = "max_per_ip",                                                            \
		  .alias = "max_connections_per_ip",                                               \
		  NUMBER_ROW(struct written_rule, max_per_ip),                                     \
		  .high = INT32_MAX,                                                               \
		  .example = "10",                                                                 \
		  .doc = "The same for each source." },                                            \
		{ .name = "ipv6_prefix",                                                           \
		  NUMBER_ROW(struct written_rule, ipv6_prefix),                                    \
		  .low = 1,                                                                        \
		  .high = 128,                                                                     \
		  .value = "64",                                                                   \
		  .example = "56",                                                                 \
		  .doc = "The bits of an IPv6 address that make one source of the limits "         \
			 "above." },                                                               \
		{ .name = "helper",                                                                \
		  TEXT_ROW(struct written_rule, helper),                                           \
		  .example = "\"ftp\"",                                                            \
		  .doc = "Which helper watches connections that it accepts; none: not even the "   \
			 "service's "                                                              \
			 "own." },                                                                 \
		{ .name = "timeout",                                                               \
		  DURATION_ROW(struct written_rule, timeout),                                      \
		  .low = 1,                                                                        \
		  .high = TIMEOUT_MAX,                                                             \
		  .limits = "above, the kernel lets the entry expire at once; 0 ends it at once",  \
		  .example = "\"1h\"",                                                             \
		  .doc = "How long a TCP or UDP connection that it accepts is remembered without " \
			 "traffic; where the rule is for neither, one of its protocol." },         \
		{ .name = "timeouts",                                                              \
		  OBJECT_APART_ROW(struct written_timeouts, struct written_rule, timeouts),        \
		  .table = &timeouts_table,                                                        \
		  .example = "{ tcp = \"2h\" }",                                                   \
		  .doc = "Timeouts for connections that it accepts; all but gre and generic." },   \
		{ .name = "set_mark",                                                              \
		  TEXT_ROW(struct written_rule, set_mark),                                         \
		  .read = mark_read,                                                               \
		  .example = "\"0x10/0xff\"",                                                      \
		  .doc = "The mark that its connections get, in the twelve bits that are free "    \
			 "for it." },                                                              \
		LOGGING_ROWS(struct written_rule, log),                                            \
		{ .name = "counter",                                                               \
		  TEXT_ROW(struct written_rule, counter),                                          \
		  .example = "\"web\"",                                                            \
		  .doc = "The name of a counter; rules that name the same share it." },            \
		{ .name = "source_country",                                                        \
		  .alias = "source_countries src_country src_countries",                           \
		  TEXTS_ROW(struct written_rule, src_countries),                                   \
		  .limits = NOT_EMPTY,                                                             \
		  .read = country_read,                                                            \
		  .example = "\"NL\"",                                                             \
		  .doc = "Where packets come from: the set geoip_country_NL, which you declare "   \
			 "or another program fills." },                                            \
	{                                                                                          \
		.name = "dest_country", .alias = "dest_countries dst_country dst_countries",       \
		TEXTS_ROW(struct written_rule, dest_countries), .limits = NOT_EMPTY,               \
		.read = country_read, .example = "\"NL\"",                                         \
		.doc = "Where packets go to: the set geoip_country_NL, which you declare or "      \
		       "another program fills."                                                    \
	}

static const struct row rule_rows[] = { RULE_ROWS };
static const struct table rule_table = { .noun = "rule",
					 ROWS(rule_rows),
					 .size = sizeof(struct written_rule),
					 .at = OFFSET_OF(struct span, struct written_rule, at),
					 .label = OFFSET_OF(struct field_text, struct written_rule,
							    name),
					 .strangers = rule_strangers,
					 .strangers_n = countof(rule_strangers) };

#define OWNER struct written_scheduled_rule
static const struct row scheduled_rule_rows[] = {
	{ .name = "rule",
	  BLOCKS_ROW(struct written_rule, OWNER, rules),
	  .table = &rule_table,
	  .label = "its name",
	  .label_optional = true,
	  .high = 1,
	  .example = "rule \"night\"",
	  .doc = "The rule, of the policy that is named beside it." },
	{ .name = "policy",
	  TEXT_ROW(OWNER, policy),
	  .example = "\"office\"",
	  .doc = "The policy that the rule is added to, behind its own." },
	{ .name = "schedule",
	  TEXT_ROW(OWNER, schedule),
	  .example = "\"0 22 * * 1-5\"",
	  .doc = "When the rule begins to hold, as cron has it." },
	{ .name = "end_schedule",
	  TEXT_ROW(OWNER, end_schedule),
	  .example = "\"0 6 * * *\"",
	  .doc = "When it ceases to hold." },
	{ .name = "zone_from",
	  .alias = "from from_zone",
	  TEXT_ROW(OWNER, from),
	  .example = "\"lan\"",
	  .doc = "Without rule and policy: the zone that packets come from." },
	{ .name = "zone_to",
	  .alias = "to to_zone",
	  TEXT_ROW(OWNER, to),
	  .example = "\"wan\"",
	  .doc = "The zone that they go to; rules between zones are tried ahead of policies." },
	RULE_ROWS,
};
const struct table scheduled_rule_table = { .noun = "scheduled_rule",
					    ROWS(scheduled_rule_rows),
					    .size = sizeof(OWNER),
					    .at = OFFSET_OF(struct span, OWNER, rule.at),
					    .label = OFFSET_OF(struct field_text, OWNER, rule.name),
					    .strangers = rule_strangers,
					    .strangers_n = countof(rule_strangers) };
/* Rows of rules fill its first member. */
static_assert(offsetof(OWNER, rule) == 0, "a scheduled rule begins with its rule");
#undef OWNER

#define OWNER struct written_policy
static const struct row policy_rows[] = {
	{ .name = "name",
	  TEXT_ROW(OWNER, name),
	  .example = "\"office\"",
	  .doc = "Its name; by default its zones." },
	{ .name = "from",
	  TEXT_ROW(OWNER, from),
	  .example = "\"lan\"",
	  .doc = "Where its only label is its name: the zone that packets come from." },
	{ .name = "to",
	  TEXT_ROW(OWNER, to),
	  .example = "\"wan\"",
	  .doc = "Where its only label is its name: the zone that they go to." },
	SWITCH_ROWS(OWNER),
	{ .name = "priority",
	  NUMBER_ROW(OWNER, priority),
	  .high = 65535,
	  .value = "50",
	  .example = "10",
	  .doc = "Of several policies for the same zones, the lower counts first." },
	{ .name = "action",
	  TEXT_ROW(OWNER, action),
	  WORDS(policy_actions),
	  .example = "\"drop\"",
	  .doc = "What becomes of packets that no rule decides; drop by default." },
	{ .name = "rule",
	  BLOCKS_ROW(struct written_rule, OWNER, rules),
	  .table = &rule_table,
	  .label = "its name",
	  .label_optional = true,
	  .example = "rule \"web\"",
	  .doc = "Rules are tried in order, and the first that decides is the last." },
	{ .name = "inherits",
	  TEXT_ROW(OWNER, inherits),
	  .example = "\"office\"",
	  .doc = "Another policy, whose rules are tried behind its own, and whose action counts "
		 "where it has none." },
	{ .name = "masquerade",
	  BOOL_ROW(OWNER, masquerade),
	  .value = "false",
	  .example = "true",
	  .doc = "Whether connections from and to its zones leave with this machine's address, "
		 "whatever accepts them." },
	LOGGING_ROWS(OWNER, log),
	{ .name = "counter",
	  TEXT_ROW(OWNER, counter),
	  .example = "\"office\"",
	  .doc = "The name of a counter for what its own action decides." },
};
static const struct stranger policy_strangers[] = {
	{ "comment", false, "a remark", true },
	{ "learning", false, "proposals for rules", true },
};
const struct table policy_table = { .noun = "policy",
				    ROWS(policy_rows),
				    .size = sizeof(OWNER),
				    .at = OFFSET_OF(struct span, OWNER, at),
				    .label = OFFSET_OF(struct field_text, OWNER, labels[0]),
				    .strangers = policy_strangers,
				    .strangers_n = countof(policy_strangers) };
#undef OWNER

#define OWNER struct written_service_def
static const struct row service_def_rows[] = {
	{ .name = "description",
	  TEXT_ROW(OWNER, description),
	  .example = "\"what it is for\"",
	  .doc = "A remark." },
	{ .name = "proto",
	  .alias = "protos protocol protocols",
	  TEXTS_ROW(OWNER, conditions.protocols),
	  .read = protocol_read,
	  .example = "\"tcp\"",
	  .doc = "Its protocol, or several." },
	{ .name = "port",
	  .alias = "ports dest_port dest_ports",
	  PORTS_ROW(OWNER, conditions.dest_ports),
	  .example = "[8443, 9000:9010]",
	  .doc = "Where its servers listen." },
	{ .name = "src_port",
	  .alias = "src_ports",
	  PORTS_ROW(OWNER, conditions.src_ports),
	  .example = "[1024:65535]",
	  .doc = "Where its clients come from." },
	{ .name = "icmp_type",
	  .alias = "icmp_types",
	  TEXTS_ROW(OWNER, conditions.icmp_types),
	  .read = icmp_type_read,
	  .example = "\"echo-request\"",
	  .doc = "Its types of ICMP messages." },
	{ .name = "helper",
	  TEXT_ROW(OWNER, helper),
	  .example = "\"ftp\"",
	  .doc = "The helper that watches its connections." },
};
const struct table service_def_table = { .noun = "service",
					 ROWS(service_def_rows),
					 .size = sizeof(OWNER),
					 .at = OFFSET_OF(struct span, OWNER, at),
					 .label = OFFSET_OF(struct field_text, OWNER, name) };
#undef OWNER

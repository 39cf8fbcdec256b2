#include "config/written_more.h"

#include "config/logging.h"
#include "config/sets.h"
#include "schema/schema.h"

/* clang-format off */
static const struct word type_words[] = {
	{ "addresses",    NULL,         "Addresses and networks of both families." },
	{ "ipv4",         NULL,         "Addresses and networks of IPv4 alone." },
	{ "ipv6",         NULL,         "Addresses and networks of IPv6 alone." },
	{ "ports",        NULL,         "Ports and ranges of them." },
	{ "macs",         NULL,         "MAC addresses." },
	{ "interfaces",   NULL,         "Names of interfaces." },
	{ "address",      "addresses",  "The same as addresses." },
	{ "ip",           "addresses",  "The same as addresses." },
	{ "net",          "addresses",  "The same as addresses." },
	{ "network",      "addresses",  "The same as addresses." },
	{ "networks",     "addresses",  "The same as addresses." },
	{ "hash:ip",      "addresses",  "The same as addresses." },
	{ "hash:net",     "addresses",  "The same as addresses." },
	{ "list",         "addresses",  "The same as addresses." },
	{ "dns",          "addresses",  "The same as addresses." },
	{ "ipv4_addr",    "ipv4",       "The same as ipv4." },
	{ "ip4",          "ipv4",       "The same as ipv4." },
	{ "inet",         "ipv4",       "The same as ipv4." },
	{ "ipv6_addr",    "ipv6",       "The same as ipv6." },
	{ "ip6",          "ipv6",       "The same as ipv6." },
	{ "inet6",        "ipv6",       "The same as ipv6." },
	{ "inet_service", "ports",      "The same as ports." },
	{ "port",         "ports",      "The same as ports." },
	{ "bitmap:port",  "ports",      "The same as ports." },
	{ "ether_addr",   "macs",       "The same as macs." },
	{ "mac",          "macs",       "The same as macs." },
	{ "hash:mac",     "macs",       "The same as macs." },
	{ "ifname",       "interfaces", "The same as interfaces." },
	{ "interface",    "interfaces", "The same as interfaces." },
};

static const struct word format_words[] = {
	{ "text", NULL,   "An entry a line; # and ; begin comments." },
	{ "csv",  NULL,   "Fields with commas between them." },
	{ "json", NULL,   "JSON." },
	{ "yaml", NULL,   "YAML." },
	{ "txt",  "text", "The same as text." },
	{ "yml",  "yaml", "The same as yaml." },
};

static const struct word action_words[] = {
	{ "none",   NULL,     "Nothing by itself: rules name the set." },
	{ "accept", NULL,     "Let it through." },
	{ "drop",   NULL,     "Discard it and say nothing." },
	{ "reject", NULL,     "Discard it and tell the sender." },
	{ "log",    NULL,     "Log it and go on." },
	{ "allow",  "accept", "The same as accept." },
	{ "deny",   "drop",   "The same as drop." },
	{ "block",  "drop",   "The same as drop." },
};

static const struct word hook_words[] = {
	{ "both",    NULL, "Packets to this machine, and packets that pass through it." },
	{ "input",   NULL, "Packets to this machine." },
	{ "forward", NULL, "Packets that pass through this machine." },
};

static const struct word side_words[] = {
	{ "source",      NULL,          "Where packets come from." },
	{ "destination", NULL,          "Where packets go to." },
	{ "both",        NULL,          "Either." },
	{ "src",         "source",      "The same as source." },
	{ "dst",         "destination", "The same as destination." },
	{ "dest",        "destination", "The same as destination." },
};
/* clang-format on */

#define OWNER struct written_ipset
static const struct row ipset_rows[] = {
	{ .name = "description",
	  TEXT_ROW(OWNER, description),
	  .alias = "comment",
	  .example = "\"known scanners\"",
	  .doc = "A remark." },
	{ .name = "type",
	  TEXT_ROW(OWNER, type),
	  WORDS(type_words),
	  .value = "\"addresses\"",
	  .example = "\"ports\"",
	  .doc = "What the set holds." },
	{ .name = "entries",
	  ANY_ROW(OWNER, entries),
	  .alias = "elements members",
	  .example = "[\"192.0.2.0/24\", \"198.51.100.1-198.51.100.9\", \"2001:db8::/32\"]",
	  .doc = "What is in the set." },
	{ .name = "file",
	  TEXTS_ROW(OWNER, files),
	  .alias = "files source_file source_files",
	  .example = "\"scanners.txt\"",
	  .doc = "Files with more entries; a relative path begins at the configuration's folder." },
	{ .name = "format",
	  TEXT_ROW(OWNER, format),
	  WORDS(format_words),
	  .example = "\"csv\"",
	  .doc = "The files' format; by default as their names end, else text." },
	{ .name = "column",
	  TEXT_ROW(OWNER, column),
	  .example = "\"address\"",
	  .doc = "The column of a CSV file: its name in the first line, or its number; by default "
		 "1." },
	{ .name = "key",
	  TEXT_ROW(OWNER, key),
	  .example = "\"prefixes.ip_prefix\"",
	  .doc = "Where the entries stand in a JSON or YAML file: names of members with dots "
		 "between "
		 "them, through lists." },
	{ .name = "dynamic",
	  BOOL_ROW(OWNER, dynamic),
	  .value = "false",
	  .example = "true",
	  .doc = "Whether entries are added while the firewall runs; what is written is its "
		 "beginning." },
	{ .name = "timeout",
	  DURATION_ROW(OWNER, timeout),
	  .high = SET_TIMEOUT_MAX,
	  .value = "0",
	  .example = "\"1h\"",
	  .doc = "How long an entry stays, which makes the set dynamic; 0 for ever." },
	{ .name = "size",
	  NUMBER_ROW(OWNER, size),
	  .alias = "max_entries",
	  .low = 1,
	  .high = SET_SIZE_MAX,
	  .example = "65536",
	  .doc = "The most entries; by default as many as are written, or 65536 of a dynamic "
		 "set." },
	{ .name = "action",
	  TEXT_ROW(OWNER, action),
	  WORDS(action_words),
	  .value = "\"none\"",
	  .example = "\"drop\"",
	  .doc = "What becomes of packets whose address is in the set, ahead of all policies." },
	{ .name = "apply_to",
	  TEXT_ROW(OWNER, apply_to),
	  WORDS(hook_words),
	  .value = "\"both\"",
	  .example = "\"input\"",
	  .doc = "The packets that action is for." },
	{ .name = "match_on",
	  TEXT_ROW(OWNER, match_on),
	  WORDS(side_words),
	  .example = "\"source\"",
	  .doc = "The address that action looks at; by default the source." },
	{ .name = "match_on_source",
	  BOOL_ROW(OWNER, match_source),
	  .value = "false",
	  .example = "true",
	  .doc = "Another way to write match_on = \"source\"." },
	{ .name = "match_on_dest",
	  BOOL_ROW(OWNER, match_destination),
	  .alias = "match_on_destination",
	  .value = "false",
	  .example = "true",
	  .doc = "Another way to write match_on = \"destination\"." },
	{ .name = "url",
	  TEXTS_ROW(OWNER, origins),
	  .alias = "urls firehol_list managed_list domains",
	  .example = "\"https://example.org/list.txt\"",
	  .doc = "Where another program gets the entries from, for which there is file or "
		 "dynamic." },
	LOGGING_ROWS(OWNER, log),
};
#undef OWNER

static const struct stranger ipset_strangers[] = {
	{ "auto_update", false, "how often a list is fetched" },
	{ "refresh_hours", false, "how often a list is fetched" },
	{ "refresh_interval", false, "how often a list is fetched" },
};

const struct table ipset_table = {
	.noun = "ipset",
	ROWS(ipset_rows),
	.size = sizeof(struct written_ipset),
	.at = OFFSET_OF(struct span, struct written_ipset, at),
	.label = OFFSET_OF(struct field_text, struct written_ipset, name),
	.strangers = ipset_strangers,
	.strangers_n = countof(ipset_strangers),
};

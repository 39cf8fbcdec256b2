#include "catalog/protocols.h"

#include <stddef.h>
#include <string.h>

static const struct row {
	const char *name;
	int number;
	const char *word;
} rows[] = {
	/* clang-format off */
	{ "icmp",      1,   "icmp" },
	{ "igmp",      2,   "igmp" },
	{ "tcp",       6,   "tcp" },
	{ "udp",       17,  "udp" },
	{ "dccp",      33,  "dccp" },
	{ "gre",       47,  NULL },
	{ "esp",       50,  "esp" },
	{ "ah",        51,  "ah" },
	{ "ipv6-icmp", 58,  "icmpv6" },
	{ "sctp",      132, "sctp" },
	{ "udplite",   136, "udplite" },
	/* clang-format on */
};

static const struct row *find(const char *name)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

int protocol_number(const char *name)
{
	const struct row *row = find(name);
	return row ? row->number : -1;
}

const char *protocol_word(const char *name)
{
	const struct row *row = find(name);
	return row ? row->word : NULL;
}

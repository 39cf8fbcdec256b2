#include "runtime/state/counters.h"

#include <arpa/inet.h>
#include <endian.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "base/text.h"
#include "runtime/state/query.h"
#include "runtime/state/socket.h"

static void read_data(const struct nlattr *data, struct counter *out)
{
	const struct nlattr *attribute;

	mnl_attr_for_each_nested(attribute, data)
	{
		if (mnl_attr_validate(attribute, MNL_TYPE_U64) < 0)
			continue;
		if (mnl_attr_get_type(attribute) == NFTA_COUNTER_PACKETS)
			out->packets = be64toh(mnl_attr_get_u64(attribute));
		else if (mnl_attr_get_type(attribute) == NFTA_COUNTER_BYTES)
			out->bytes = be64toh(mnl_attr_get_u64(attribute));
	}
}

static void add_counter(void *context, const struct nlmsghdr *message)
{
	const struct nlattr *attribute, *data = NULL;
	const char *table = "", *name = NULL;
	struct counters *counters = context;

	mnl_attr_for_each(attribute, message, sizeof(struct nfgenmsg))
	{
		if (mnl_attr_get_type(attribute) == NFTA_OBJ_TABLE)
			table = attribute_text(attribute);
		else if (mnl_attr_get_type(attribute) == NFTA_OBJ_NAME)
			name = attribute_text(attribute);
		else if (mnl_attr_get_type(attribute) == NFTA_OBJ_DATA)
			data = attribute;
	}
	if (!name || !data || strcmp(table, counters->table) != 0)
		return;
	if (counters->n == counters->cap)
		counters->at = arena_grow(counters->arena, counters->at, &counters->cap,
					  sizeof *counters->at);
	struct counter *counter = &counters->at[counters->n++];
	counter->name = text_copy(counters->arena, text_of(name));
	read_data(data, counter);
}

int counters_read(struct arena *arena, const char *table, struct counters *out)
{
	char buffer[REQUEST_MAX] __attribute__((aligned(8)));

	*out = (struct counters){ .table = table, .arena = arena };
	struct nlmsghdr *request = request_start(buffer, 0, NLM_F_DUMP, NFPROTO_INET);
	request->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETOBJ;
	mnl_attr_put_u32(request, NFTA_OBJ_TYPE, htonl(NFT_OBJECT_COUNTER));
	return query_run(request, add_counter, out);
}

const struct counter *counter_find(const struct counters *counters, const char *name)
{
	for (uint32_t i = 0; i < counters->n; i++)
		if (strcmp(counters->at[i].name, name) == 0)
			return &counters->at[i];
	return NULL;
}

#include "runtime/state/refusals.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "runtime/state/group.h"
#include "runtime/state/query.h"
#include "runtime/state/socket.h"

static const struct nlattr *find(const struct nlattr *nest, uint16_t type)
{
	const struct nlattr *attribute;

	if (nest)
		mnl_attr_for_each_nested(attribute, nest)
		{
			if (mnl_attr_get_type(attribute) == type)
				return attribute;
		}
	return NULL;
}

/* What the rule's expression has counted for an element. */
static uint64_t packets_of(const struct nlattr *element)
{
	const struct nlattr *expression = find(element, NFTA_SET_ELEM_EXPR);
	const struct nlattr *packets = find(find(expression, NFTA_EXPR_DATA), NFTA_COUNTER_PACKETS);

	if (!packets || mnl_attr_validate(packets, MNL_TYPE_U64) < 0)
		return 0;
	return be64toh(mnl_attr_get_u64(packets));
}

static void add_element(struct tally *tally, const struct nlattr *element)
{
	const struct nlattr *value = find(find(element, NFTA_SET_ELEM_KEY), NFTA_DATA_VALUE);

	if (!value || mnl_attr_validate(value, MNL_TYPE_U32) < 0)
		return;
	struct tally_key key = group_zones_key(mnl_attr_get_u32(value));
	struct tally_row *row = tally_get(tally, &key);
	row->connections = 1;
	row->packets += packets_of(element);
}

static void add_elements(void *context, const struct nlmsghdr *message)
{
	const struct nlattr *attribute, *element;

	mnl_attr_for_each(attribute, message, sizeof(struct nfgenmsg))
	{
		if (mnl_attr_get_type(attribute) != NFTA_SET_ELEM_LIST_ELEMENTS)
			continue;
		mnl_attr_for_each_nested(element, attribute)
		{
			add_element(context, element);
		}
	}
}

int refusals_read(const char *table, const char *set, struct tally *out)
{
	char buffer[REQUEST_MAX] __attribute__((aligned(8)));

	struct nlmsghdr *request = request_start(buffer, 0, NLM_F_DUMP, NFPROTO_INET);
	request->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETSETELEM;
	mnl_attr_put_strz(request, NFTA_SET_ELEM_LIST_TABLE, table);
	mnl_attr_put_strz(request, NFTA_SET_ELEM_LIST_SET, set);
	int error = query_run(request, add_elements, out);
	return error == -ENOENT ? 0 : error;
}

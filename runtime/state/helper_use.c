#include "runtime/state/helper_use.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "base/text.h"
#include "runtime/state/query.h"
#include "runtime/state/socket.h"

static struct helper_use *use_get(struct helper_uses *uses, const char *helper, uint8_t protocol)
{
	for (uint32_t i = 0; i < uses->all.n; i++)
		if (uses->all.at[i].protocol == protocol &&
		    strcmp(uses->all.at[i].helper, helper) == 0)
			return &uses->all.at[i];
	struct helper_use *use = push(uses->arena, &uses->all);
	use->helper = text_copy(uses->arena, text_of(helper));
	use->protocol = protocol;
	return use;
}

static void read_object(const struct nlattr *data, const char **helper, uint8_t *protocol)
{
	const struct nlattr *attribute;

	mnl_attr_for_each_nested(attribute, data)
	{
		if (mnl_attr_get_type(attribute) == NFTA_CT_HELPER_NAME)
			*helper = mnl_attr_get_str(attribute);
		else if (mnl_attr_get_type(attribute) == NFTA_CT_HELPER_L4PROTO)
			*protocol = mnl_attr_get_u8(attribute);
	}
}

struct object_search {
	struct helper_uses *uses;
	const char *table;
};

static void add_object(void *context, const struct nlmsghdr *message)
{
	const char *table = "", *name = NULL, *helper = NULL;
	const struct object_search *search = context;
	const struct nlattr *attribute;
	uint8_t protocol = 0;

	mnl_attr_for_each(attribute, message, sizeof(struct nfgenmsg))
	{
		if (mnl_attr_get_type(attribute) == NFTA_OBJ_TABLE)
			table = mnl_attr_get_str(attribute);
		else if (mnl_attr_get_type(attribute) == NFTA_OBJ_NAME)
			name = mnl_attr_get_str(attribute);
		else if (mnl_attr_get_type(attribute) == NFTA_OBJ_DATA)
			read_object(attribute, &helper, &protocol);
	}
	if (!name || !helper || strcmp(table, search->table) != 0)
		return;
	struct helper_use *use = use_get(search->uses, helper, protocol);
	use->object = text_copy(search->uses->arena, text_of(name));
}

int helper_uses_read(struct arena *arena, const char *table, struct helper_uses *out)
{
	char buffer[REQUEST_MAX] __attribute__((aligned(8)));
	struct object_search search = { out, table };

	*out = (struct helper_uses){ .arena = arena };
	struct nlmsghdr *request = request_start(buffer, 0, NLM_F_DUMP, NFPROTO_INET);
	request->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETOBJ;
	mnl_attr_put_u32(request, NFTA_OBJ_TYPE, htonl(NFT_OBJECT_CT_HELPER));
	return query_run(request, add_object, &search);
}

void helper_uses_count(struct helper_uses *uses, const struct connection *connection)
{
	uint8_t protocol = connection->original.protocol;

	if (!connection->helper)
		return;
	struct helper_use *use = use_get(uses, connection->helper, protocol);
	use->connections++;
	/* Before its handshake is over, TCP has said nothing that a helper could read. */
	use->working += protocol != IPPROTO_TCP || (connection->status & IPS_ASSURED);
}

void helper_uses_expect(struct helper_uses *uses, const struct expectations *expectations)
{
	for (uint32_t i = 0; i < expectations->all.n; i++) {
		const struct expectation *expectation = &expectations->all.at[i];
		if (expectation->helper)
			use_get(uses, expectation->helper, expectation->master.protocol)
				->expectations++;
	}
}

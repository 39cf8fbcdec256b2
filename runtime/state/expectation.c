#include "runtime/state/expectation.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "base/text.h"
#include "runtime/state/query.h"
#include "runtime/state/socket.h"

static void read_attribute(const struct nlattr *attribute, uint8_t family, struct arena *arena,
			   struct expectation *out)
{
	switch (mnl_attr_get_type(attribute)) {
	case CTA_EXPECT_MASTER:
		tuple_read(attribute, family, &out->master);
		break;
	case CTA_EXPECT_TUPLE:
		tuple_read(attribute, family, &out->tuple);
		break;
	case CTA_EXPECT_MASK:
		tuple_read(attribute, family, &out->mask);
		break;
	case CTA_EXPECT_TIMEOUT:
		if (mnl_attr_validate(attribute, MNL_TYPE_U32) >= 0)
			out->timeout = ntohl(mnl_attr_get_u32(attribute));
		break;
	case CTA_EXPECT_HELP_NAME:
		if (mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) >= 0)
			out->helper = text_copy(arena, text_of(mnl_attr_get_str(attribute)));
		break;
	}
}

static void add_expectation(void *context, const struct nlmsghdr *message)
{
	const struct nfgenmsg *head = mnl_nlmsg_get_payload(message);
	struct expectations *expectations = context;
	const struct nlattr *attribute;

	struct expectation *expectation = push(expectations->arena, &expectations->all);
	mnl_attr_for_each(attribute, message, sizeof *head)
		read_attribute(attribute, head->nfgen_family, expectations->arena, expectation);
}

/* The same type of message means something else to each subsystem. */
static struct nlmsghdr *start(char *buffer, uint16_t type)
{
	struct nlmsghdr *request = request_start(buffer, type, NLM_F_DUMP, AF_UNSPEC);
	request->nlmsg_type = NFNL_SUBSYS_CTNETLINK_EXP << 8 | type;
	return request;
}

int expectations_read(struct arena *arena, struct expectations *out)
{
	char buffer[REQUEST_MAX] __attribute__((aligned(8)));

	*out = (struct expectations){ .arena = arena };
	return query_run(start(buffer, IPCTNL_MSG_EXP_GET), add_expectation, out);
}

static void add_made(void *context, const struct nlmsghdr *message)
{
	const struct nlattr *attribute;
	uint64_t *made = context;

	mnl_attr_for_each(attribute, message, sizeof(struct nfgenmsg))
	{
		if (mnl_attr_get_type(attribute) == CTA_STATS_EXP_CREATE &&
		    mnl_attr_validate(attribute, MNL_TYPE_U32) >= 0)
			*made += ntohl(mnl_attr_get_u32(attribute));
	}
}

int expectations_made(uint64_t *out)
{
	char buffer[REQUEST_MAX] __attribute__((aligned(8)));
	uint64_t made = 0;

	int error = query_run(start(buffer, IPCTNL_MSG_EXP_GET_STATS_CPU), add_made, &made);
	if (error)
		return error;
	*out = made;
	return 0;
}

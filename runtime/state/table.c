#include "runtime/state/table.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "runtime/state/socket.h"

static const char prefix[] = "generation/";

struct search {
	const char *table;
	bool is_found; /* the table has a chain at all */
	char generation[GENERATION_MAX];
};

static void look_at_chain(const struct nlmsghdr *message, struct search *search)
{
	const char *table = "", *name = "";
	const struct nlattr *attribute;

	mnl_attr_for_each(attribute, message, sizeof(struct nfgenmsg))
	{
		if (mnl_attr_get_type(attribute) == NFTA_CHAIN_TABLE)
			table = attribute_text(attribute);
		else if (mnl_attr_get_type(attribute) == NFTA_CHAIN_NAME)
			name = attribute_text(attribute);
	}
	if (strcmp(table, search->table) != 0)
		return;
	search->is_found = true;
	size_t length = strlen(name);
	if (strncmp(name, prefix, strlen(prefix)) != 0 ||
	    length - strlen(prefix) >= sizeof search->generation)
		return;
	memcpy(search->generation, name + strlen(prefix), length - strlen(prefix) + 1);
}

/* 1: go on, 0: the end, or -errno. */
static int look_at_all(const struct nlmsghdr *message, long size, struct search *search)
{
	int left = (int)size;

	for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
		if (message->nlmsg_type == NLMSG_DONE)
			return 0;
		if (message->nlmsg_type == NLMSG_ERROR)
			return answer_error(message);
		look_at_chain(message, search);
	}
	return 1;
}

int table_generation(const char *table, char out[GENERATION_MAX])
{
	char buffer[CHUNK_SIZE] __attribute__((aligned(8)));
	struct search search = { .table = table ? table : "flywall" };
	autoclose int fd = -1;

	int error = socket_open(&fd);
	if (error)
		return error;
	struct nlmsghdr *request = request_start(buffer, 0, NLM_F_DUMP, NFPROTO_INET);
	request->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETCHAIN;
	error = request_send(fd, request, request->nlmsg_len);
	if (error)
		return error;
	do {
		long n = socket_receive(fd, buffer, sizeof buffer, 0);
		error = n < 0 ? (int)n : look_at_all((const void *)buffer, n, &search);
	} while (error > 0);
	if (error)
		return error;
	if (!search.is_found)
		return -ENOENT;
	memcpy(out, search.generation, sizeof search.generation);
	return 0;
}

#include "runtime/change/removal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/membarrier.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

enum { MESSAGE_SIZE = 1024 };

/* Messages of one transaction, one behind another. */
struct messages {
	struct kernel *kernel;
	const char *table;
	char *at;
	size_t size;
};

/* How a kind of thing is named in a message. */
static const struct naming {
	uint16_t empty, remove; /* messages; `empty` 0: it has nothing that could refer to others */
	uint16_t table, name;	/* attributes */
} namings[] = {
	[MODEL_CHAIN] = { NFT_MSG_DELRULE, NFT_MSG_DELCHAIN, NFTA_CHAIN_TABLE, NFTA_CHAIN_NAME },
	[MODEL_SET] = { NFT_MSG_DELSETELEM, NFT_MSG_DELSET, NFTA_SET_TABLE, NFTA_SET_NAME },
	[MODEL_FLOWTABLE] = { 0, NFT_MSG_DELFLOWTABLE, NFTA_FLOWTABLE_TABLE, NFTA_FLOWTABLE_NAME },
	[MODEL_OBJECT] = { 0, NFT_MSG_DELOBJ, NFTA_OBJ_TABLE, NFTA_OBJ_NAME },
};

/* Rules and elements have table and chain, table and set under the numbers that chains and sets
 * have for table and their own name, but for the name of a chain. */
static uint16_t name_attribute(const struct naming *naming, uint16_t message)
{
	return message == NFT_MSG_DELRULE      ? NFTA_RULE_CHAIN
	       : message == NFT_MSG_DELSETELEM ? NFTA_SET_ELEM_LIST_SET
					       : naming->name;
}

static struct nlmsghdr *start(struct messages *messages, uint16_t type, uint8_t family,
			      uint16_t resource)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(messages->at + messages->size);
	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_REQUEST;
	header->nlmsg_seq = ++messages->kernel->sequence;
	struct nfgenmsg *own = mnl_nlmsg_put_extra_header(header, sizeof *own);
	own->nfgen_family = family;
	own->version = NFNETLINK_V0;
	own->res_id = htons(resource);
	return header;
}

static void finish(struct messages *messages, const struct nlmsghdr *header)
{
	messages->size += MNL_ALIGN(header->nlmsg_len);
}

static struct nlmsghdr *add(struct messages *messages, uint16_t message,
			    const struct view_thing *thing)
{
	const struct naming *naming = &namings[thing->kind];
	char name[NFT_NAME_MAXLEN];
	size_t n = thing->name.n < sizeof name ? thing->name.n : sizeof name - 1;
	struct nlmsghdr *header =
		start(messages, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | message), NFPROTO_INET, 0);

	memcpy(name, thing->name.s, n);
	name[n] = '\0';
	mnl_attr_put_strz(header, naming->table, messages->table);
	mnl_attr_put_strz(header, name_attribute(naming, message), name);
	if (thing->kind == MODEL_OBJECT)
		mnl_attr_put_u32(header, NFTA_OBJ_TYPE, htonl(thing->type));
	finish(messages, header);
	return header;
}

/* Returns the number of the last message, which is answered. */
static uint32_t add_all(struct messages *messages, const struct view_thing *const *things,
			uint32_t n)
{
	struct nlmsghdr *last = NULL;
	static const enum model_kind order[] = { MODEL_CHAIN, MODEL_SET, MODEL_FLOWTABLE,
						 MODEL_OBJECT };
	for (uint32_t i = 0; i < n; i++)
		if (namings[things[i]->kind].empty)
			last = add(messages, namings[things[i]->kind].empty, things[i]);
	for (size_t kind = 0; kind < countof(order); kind++)
		for (uint32_t i = 0; i < n; i++)
			if (things[i]->kind == order[kind])
				last = add(messages, namings[order[kind]].remove, things[i]);
	last->nlmsg_flags |= NLM_F_ACK;
	return last->nlmsg_seq;
}

/* The answer to the last message comes last; one that was refused has its own. */
static int receive(struct kernel *kernel, uint32_t last)
{
	char answer[8192];
	int error = 0;

	for (;;) {
		ssize_t n = mnl_socket_recvfrom(kernel->socket, answer, sizeof answer);
		if (n < 0)
			return -errno;
		int left = (int)n;
		for (const struct nlmsghdr *at = (void *)answer; mnl_nlmsg_ok(at, left);
		     at = mnl_nlmsg_next(at, &left)) {
			if (at->nlmsg_type != NLMSG_ERROR ||
			    mnl_nlmsg_get_payload_len(at) < sizeof(struct nlmsgerr))
				continue;
			const struct nlmsgerr *said = mnl_nlmsg_get_payload(at);
			if (said->error && !error)
				error = said->error;
			if (at->nlmsg_seq == last)
				return error;
		}
		if (error)
			return error;
	}
}

/* Batches are as large as what goes; the kernel takes no part of one. */
static int make_room(const struct kernel *kernel, size_t size)
{
	int room = size < INT_MAX / 2 ? (int)size * 2 : INT_MAX;
	int fd = mnl_socket_get_fd(kernel->socket);
	socklen_t own = sizeof room;
	return setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, own) < 0 ? -errno : 0;
}

int removal_run(struct arena *arena, const char *table, const struct view_thing *const *things,
		uint32_t n)
{
	autokernel struct kernel kernel = { 0 };
	struct messages messages = { &kernel, table, NULL, 0 };
	uint32_t last;

	if (n == 0)
		return 0;
	int error = kernel_open(&kernel);
	if (error)
		return error;
	messages.at = arena_array(arena, (size_t)n * 2 + 2, MESSAGE_SIZE);
	finish(&messages, start(&messages, NFNL_MSG_BATCH_BEGIN, AF_UNSPEC, NFNL_SUBSYS_NFTABLES));
	last = add_all(&messages, things, n);
	finish(&messages, start(&messages, NFNL_MSG_BATCH_END, AF_UNSPEC, NFNL_SUBSYS_NFTABLES));
	error = make_room(&kernel, messages.size);
	if (error)
		return error;

	/* Packets are looked at within read sections of RCU; this returns when those have ended. */
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	if (mnl_socket_sendto(kernel.socket, messages.at, messages.size) < 0)
		return -errno;
	return receive(&kernel, last);
}

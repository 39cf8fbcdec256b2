#include "runtime/timeouts_kernel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "base/text.h"

/* A message has two names of 255 bytes at most and 16 states of 8. */
enum { MESSAGE_MAX = 1024, ANSWER_SIZE = 1 << 16 };

/* Messages for one transaction. */
struct batch {
	char *bytes;
	size_t size;
	uint32_t sequence; /* of the last message; the first has 1 */
};

static struct nlmsghdr *message_start(void *at, uint16_t type, uint16_t flags, uint32_t sequence)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(at);
	header->nlmsg_type = (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type);
	header->nlmsg_flags = NLM_F_REQUEST | flags;
	header->nlmsg_seq = sequence;

	struct nfgenmsg *family = mnl_nlmsg_put_extra_header(header, sizeof *family);
	family->nfgen_family = NFPROTO_INET;
	family->version = NFNETLINK_V0;
	return header;
}

static struct nlmsghdr *batch_start(struct batch *batch, uint16_t type, uint16_t flags)
{
	return message_start(batch->bytes + batch->size, type, flags, ++batch->sequence);
}

static void batch_end(struct batch *batch, const struct nlmsghdr *header)
{
	batch->size += MNL_ALIGN(header->nlmsg_len);
}

static void batch_mark(struct batch *batch, uint16_t type)
{
	struct nlmsghdr *header = batch_start(batch, 0, 0);
	struct nfgenmsg *own = mnl_nlmsg_get_payload(header);

	header->nlmsg_type = type;
	own->nfgen_family = AF_UNSPEC;
	own->res_id = htons(NFNL_SUBSYS_NFTABLES);
	batch_end(batch, header);
}

static int batch_new(uint32_t messages, struct batch *out)
{
	*out = (struct batch){ .bytes = malloc((size_t)(messages + 2) * MESSAGE_MAX) };
	if (!out->bytes)
		return -ENOMEM;
	batch_mark(out, NFNL_MSG_BATCH_BEGIN);
	return 0;
}

static void scope_socket(struct mnl_socket **socket)
{
	if (*socket)
		mnl_socket_close(*socket);
}

#define autosocket __attribute__((cleanup(scope_socket)))

static struct mnl_socket *socket_open(void)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	if (socket && mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		int error = errno;
		mnl_socket_close(socket);
		errno = error;
		return NULL;
	}
	return socket;
}

/* Only the first refusal counts: others may follow from it. */
static void answers_read(const char *bytes, ssize_t n, int *error, uint32_t *sequence)
{
	int left = (int)n;
	for (const struct nlmsghdr *at = (const void *)bytes; mnl_nlmsg_ok(at, left);
	     at = mnl_nlmsg_next(at, &left)) {
		const struct nlmsgerr *answer = mnl_nlmsg_get_payload(at);
		if (at->nlmsg_type != NLMSG_ERROR ||
		    mnl_nlmsg_get_payload_len(at) < sizeof *answer || answer->error == 0 || *error)
			continue;
		*error = answer->error;
		*sequence = at->nlmsg_seq;
	}
}

/* The kernel has dealt with the batch when sending returns, so what it says is there already. */
static int batch_send(struct batch *batch, uint32_t *refused)
{
	autosocket struct mnl_socket *socket = socket_open();
	autofree char *answer = malloc(ANSWER_SIZE);
	int error = 0;

	batch_mark(batch, NFNL_MSG_BATCH_END);
	if (!socket)
		return -errno;
	if (!answer)
		return -ENOMEM;
	int size = (int)batch->size, fd = mnl_socket_get_fd(socket);
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
	if (mnl_socket_sendto(socket, batch->bytes, batch->size) < 0)
		return -errno;
	for (;;) {
		ssize_t n = recv(fd, answer, ANSWER_SIZE, MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		answers_read(answer, n, &error, refused);
	}
	return error;
}

static void put_table(struct batch *batch, const char *table)
{
	struct nlmsghdr *header = batch_start(batch, NFT_MSG_NEWTABLE, NLM_F_CREATE);
	mnl_attr_put_strz(header, NFTA_TABLE_NAME, table);
	batch_end(batch, header);
}

static void put_names(struct nlmsghdr *header, const struct timeout_object *object)
{
	mnl_attr_put_strz(header, NFTA_OBJ_TABLE, object->table);
	mnl_attr_put_strz(header, NFTA_OBJ_NAME, object->name);
	mnl_attr_put_u32(header, NFTA_OBJ_TYPE, htonl(NFT_OBJECT_CT_TIMEOUT));
}

static void put_object(struct batch *batch, const struct timeout_object *object)
{
	struct nlmsghdr *header = batch_start(batch, NFT_MSG_NEWOBJ, NLM_F_CREATE);
	put_names(header, object);
	struct nlattr *data = mnl_attr_nest_start(header, NFTA_OBJ_DATA);
	mnl_attr_put_u16(header, NFTA_CT_TIMEOUT_L3PROTO, htons(NFPROTO_INET));
	mnl_attr_put_u8(header, NFTA_CT_TIMEOUT_L4PROTO, object->protocol);
	struct nlattr *states = mnl_attr_nest_start(header, NFTA_CT_TIMEOUT_DATA);
	for (uint16_t i = 1; i < TIMEOUT_STATES_MAX; i++)
		if (object->seconds[i])
			mnl_attr_put_u32(header, i, htonl(object->seconds[i]));
	mnl_attr_nest_end(header, states);
	mnl_attr_nest_end(header, data);
	batch_end(batch, header);
}

static void put_deletion(struct batch *batch, const struct timeout_object *object)
{
	struct nlmsghdr *header = batch_start(batch, NFT_MSG_DELOBJ, 0);
	put_names(header, object);
	batch_end(batch, header);
}

int timeout_objects_create(const struct timeout_objects *objects, uint32_t *refused)
{
	struct batch batch;
	uint32_t sequence = 0;
	int error = batch_new(2 * objects->n, &batch);
	if (error)
		return error;
	for (uint32_t i = 0; i < objects->n; i++) {
		/* A table with something to replace is there. */
		if (objects->at[i].is_replaced)
			put_deletion(&batch, &objects->at[i]);
		else
			put_table(&batch, objects->at[i].table);
		put_object(&batch, &objects->at[i]);
	}
	error = batch_send(&batch, &sequence);
	free(batch.bytes);
	/* The first is the start of the batch; then each object has two. */
	*refused =
		sequence > 1 && (sequence - 2) / 2 < objects->n ? (sequence - 2) / 2 : objects->n;
	return error;
}

int timeout_objects_delete(const struct timeout_objects *objects)
{
	struct batch batch;
	uint32_t sequence;
	int error = batch_new(objects->n, &batch);
	if (error)
		return error;
	for (uint32_t i = 0; i < objects->n; i++)
		put_deletion(&batch, &objects->at[i]);
	error = batch_send(&batch, &sequence);
	free(batch.bytes);
	return error;
}

/* Listing */

enum { ATTRIBUTES_MAX = 32 };

struct attributes {
	const struct nlattr *at[ATTRIBUTES_MAX];
};

static int take_attribute(const struct nlattr *attribute, void *data)
{
	struct attributes *attributes = data;
	uint16_t type = mnl_attr_get_type(attribute);
	if (type < ATTRIBUTES_MAX)
		attributes->at[type] = attribute;
	return MNL_CB_OK;
}

static uint32_t number_in(const struct nlattr *attribute)
{
	return mnl_attr_validate(attribute, MNL_TYPE_U32) < 0 ? 0
							      : ntohl(mnl_attr_get_u32(attribute));
}

static bool is_text(const struct nlattr *attribute)
{
	return attribute && mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) == 0;
}

static void take_states(const struct nlattr *data, struct timeout_object *object)
{
	struct attributes own = { 0 }, states = { 0 };

	mnl_attr_parse_nested(data, take_attribute, &own);
	if (own.at[NFTA_CT_TIMEOUT_L4PROTO] &&
	    mnl_attr_validate(own.at[NFTA_CT_TIMEOUT_L4PROTO], MNL_TYPE_U8) == 0)
		object->protocol = mnl_attr_get_u8(own.at[NFTA_CT_TIMEOUT_L4PROTO]);
	object->is_narrow =
		own.at[NFTA_CT_TIMEOUT_L3PROTO] &&
		mnl_attr_validate(own.at[NFTA_CT_TIMEOUT_L3PROTO], MNL_TYPE_U16) == 0 &&
		ntohs(mnl_attr_get_u16(own.at[NFTA_CT_TIMEOUT_L3PROTO])) != NFPROTO_INET;
	if (!own.at[NFTA_CT_TIMEOUT_DATA])
		return;
	mnl_attr_parse_nested(own.at[NFTA_CT_TIMEOUT_DATA], take_attribute, &states);
	for (int i = 1; i < TIMEOUT_STATES_MAX; i++)
		if (states.at[i])
			object->seconds[i] = number_in(states.at[i]);
}

struct listing {
	struct arena *arena;
	const char *table;
	struct timeout_objects *out;
};

static int take_object(const struct nlmsghdr *header, void *data)
{
	const struct listing *listing = data;
	struct attributes attributes = { 0 };

	mnl_attr_parse(header, sizeof(struct nfgenmsg), take_attribute, &attributes);
	const struct nlattr *const *at = attributes.at;
	if (!is_text(at[NFTA_OBJ_TABLE]) || !is_text(at[NFTA_OBJ_NAME]) || !at[NFTA_OBJ_TYPE] ||
	    !at[NFTA_OBJ_DATA] || number_in(at[NFTA_OBJ_TYPE]) != NFT_OBJECT_CT_TIMEOUT ||
	    strcmp(mnl_attr_get_str(at[NFTA_OBJ_TABLE]), listing->table) != 0)
		return MNL_CB_OK;
	struct timeout_object *object = push(listing->arena, listing->out);
	object->table = listing->table;
	object->name = text_copy(listing->arena, text_of(mnl_attr_get_str(at[NFTA_OBJ_NAME])));
	take_states(at[NFTA_OBJ_DATA], object);
	return MNL_CB_OK;
}

/* Sends one request and hands all answers to `take`. 0, or -errno. */
static int ask(const struct nlmsghdr *header, mnl_cb_t take, void *data)
{
	autosocket struct mnl_socket *socket = socket_open();
	autofree char *answer = malloc(ANSWER_SIZE);

	if (!socket)
		return -errno;
	if (!answer)
		return -ENOMEM;
	if (mnl_socket_sendto(socket, header, header->nlmsg_len) < 0)
		return -errno;
	int more = MNL_CB_OK;
	while (more > MNL_CB_STOP) {
		ssize_t n = mnl_socket_recvfrom(socket, answer, ANSWER_SIZE);
		if (n < 0)
			return -errno;
		more = mnl_cb_run(answer, (size_t)n, header->nlmsg_seq,
				  mnl_socket_get_portid(socket), take, data);
	}
	return more < 0 ? -errno : 0;
}

int timeout_objects_list(struct arena *arena, const char *table, struct timeout_objects *out)
{
	enum { TRIES = 20 };
	char bytes[MESSAGE_MAX];
	struct nlmsghdr *header = message_start(bytes, NFT_MSG_GETOBJ, NLM_F_DUMP, 1);
	int error = -EINTR;

	mnl_attr_put_strz(header, NFTA_OBJ_TABLE, table);
	mnl_attr_put_u32(header, NFTA_OBJ_TYPE, htonl(NFT_OBJECT_CT_TIMEOUT));
	/* A listing that something changes meanwhile is begun again. */
	for (int i = 0; error == -EINTR && i < TRIES; i++) {
		struct timeout_objects list = { 0 };
		struct listing listing = { arena, table, &list };
		error = ask(header, take_object, &listing);
		if (!error)
			*out = list;
	}
	return error;
}

static int take_use(const struct nlmsghdr *header, void *data)
{
	struct attributes attributes = { 0 };

	mnl_attr_parse(header, sizeof(struct nfgenmsg), take_attribute, &attributes);
	if (attributes.at[NFTA_TABLE_USE])
		*(uint32_t *)data = number_in(attributes.at[NFTA_TABLE_USE]);
	return MNL_CB_STOP;
}

int timeout_table_delete_empty(const char *table)
{
	char bytes[MESSAGE_MAX];
	struct nlmsghdr *header = message_start(bytes, NFT_MSG_GETTABLE, 0, 1);
	uint32_t uses = 1, refused;
	struct batch batch;

	mnl_attr_put_strz(header, NFTA_TABLE_NAME, table);
	int error = ask(header, take_use, &uses);
	if (error || uses > 0)
		return error == -ENOENT ? 0 : error;
	error = batch_new(1, &batch);
	if (error)
		return error;
	header = batch_start(&batch, NFT_MSG_DELTABLE, 0);
	mnl_attr_put_strz(header, NFTA_TABLE_NAME, table);
	batch_end(&batch, header);
	error = batch_send(&batch, &refused);
	free(batch.bytes);
	return error;
}

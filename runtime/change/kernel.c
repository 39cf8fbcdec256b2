#include "runtime/change/kernel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include "runtime/change/mix.h"

enum { REQUEST_SIZE = 4096, ANSWER_SIZE = 1 << 17, ATTRIBUTES_MAX = 32 };

/* How often a dump is begun again because something changed meanwhile. */
enum { DUMP_TRIES = 3 };

/* The attributes of a message or of a nest, by type. */
struct attributes {
	const struct nlattr *at[ATTRIBUTES_MAX];
};

struct request {
	char bytes[REQUEST_SIZE];
	struct nlmsghdr *header;
};

int kernel_open(struct kernel *out)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	if (!socket)
		return -errno;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		int error = -errno;
		mnl_socket_close(socket);
		return error;
	}
	*out = (struct kernel){ .socket = socket };
	return 0;
}

void kernel_close(struct kernel *kernel)
{
	if (kernel->socket)
		mnl_socket_close(kernel->socket);
	kernel->socket = NULL;
}

static void request_start(struct kernel *kernel, struct request *request, uint16_t type,
			  uint16_t flags)
{
	request->header = mnl_nlmsg_put_header(request->bytes);
	request->header->nlmsg_type = (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type);
	request->header->nlmsg_flags = NLM_F_REQUEST | flags;
	request->header->nlmsg_seq = ++kernel->sequence;

	struct nfgenmsg *family = mnl_nlmsg_put_extra_header(request->header, sizeof *family);
	family->nfgen_family = NFPROTO_INET;
	family->version = NFNETLINK_V0;
}

static void put_name(struct request *request, uint16_t type, struct text name)
{
	char copy[NFT_NAME_MAXLEN];
	size_t n = name.n < sizeof copy ? name.n : sizeof copy - 1;

	memcpy(copy, name.s, n);
	copy[n] = '\0';
	mnl_attr_put_strz(request->header, type, copy);
}

/* libmnl gives up at messages with that flag; here they are taken like all others. */
static bool take_interruption(void *answer, ssize_t n)
{
	int left = (int)n;
	bool is_interrupted = false;
	for (struct nlmsghdr *at = answer; mnl_nlmsg_ok(at, left); at = mnl_nlmsg_next(at, &left)) {
		is_interrupted |= (at->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
		at->nlmsg_flags &= (uint16_t)~NLM_F_DUMP_INTR;
	}
	return is_interrupted;
}

/* Sends the request and calls `take` for each message of the answer. -EINTR: all of it has come,
 * but something has changed meanwhile. */
static int ask(struct kernel *kernel, const struct request *request, mnl_cb_t take, void *data)
{
	static _Thread_local char answer[ANSWER_SIZE];
	uint32_t port = mnl_socket_get_portid(kernel->socket);

	if (mnl_socket_sendto(kernel->socket, request->header, request->header->nlmsg_len) < 0)
		return -errno;
	bool is_interrupted = false;
	for (;;) {
		ssize_t n = mnl_socket_recvfrom(kernel->socket, answer, sizeof answer);
		if (n < 0)
			return -errno;
		is_interrupted |= take_interruption(answer, n);
		int result = mnl_cb_run(answer, (size_t)n, kernel->sequence, port, take, data);
		if (result < 0)
			return -errno;
		if (result == MNL_CB_STOP)
			return is_interrupted ? -EINTR : 0;
	}
}

/* What to say of a dump that was begun `DUMP_TRIES` times. */
static int dump_end(struct kernel *kernel, int error)
{
	kernel->is_torn |= error == -EINTR;
	return error == -EINTR ? 0 : error;
}

static int attribute_take(const struct nlattr *attribute, void *data)
{
	struct attributes *attributes = data;
	uint16_t type = mnl_attr_get_type(attribute);
	if (type < ATTRIBUTES_MAX)
		attributes->at[type] = attribute;
	return MNL_CB_OK;
}

static struct attributes attributes_of(const struct nlmsghdr *message)
{
	struct attributes attributes = { 0 };
	mnl_attr_parse(message, sizeof(struct nfgenmsg), attribute_take, &attributes);
	return attributes;
}

static struct attributes attributes_in(const struct nlattr *nest)
{
	struct attributes attributes = { 0 };
	mnl_attr_parse_nested(nest, attribute_take, &attributes);
	return attributes;
}

static struct text text_in(const struct nlattr *attribute)
{
	const char *s = mnl_attr_get_payload(attribute);
	return (struct text){ s, strnlen(s, mnl_attr_get_payload_len(attribute)) };
}

static uint32_t number_in(const struct nlattr *attribute)
{
	return mnl_attr_validate(attribute, MNL_TYPE_U32) < 0 ? 0
							      : ntohl(mnl_attr_get_u32(attribute));
}

static uint64_t mix_attribute(uint64_t hash, const struct nlattr *attribute)
{
	return mix_bytes(mix_number(hash, mnl_attr_get_type(attribute)),
			 mnl_attr_get_payload(attribute), mnl_attr_get_payload_len(attribute));
}

/* The attributes whose bits are in `which`. */
static uint64_t mix_attributes(const struct attributes *attributes, uint32_t which)
{
	uint64_t hash = 0;
	for (int i = 0; i < ATTRIBUTES_MAX; i++)
		if (attributes->at[i] && which >> i & 1)
			hash = mix_attribute(hash, attributes->at[i]);
	return hash;
}

#define BIT(number) (UINT32_C(1) << (number))

/* Things */

struct reading {
	struct arena *arena;
	const char *table;
	struct view *out;
};

/* Whether the message is about the table that is asked for: older kernels filter less. */
static bool is_asked(const struct reading *reading, const struct nlattr *table,
		     const struct nlattr *name)
{
	return table && name && text_is(text_in(table), reading->table);
}

static void add_thing(struct reading *reading, struct view_thing thing, const struct nlattr *name)
{
	struct text text = text_in(name);
	thing.name = (struct text){ text_copy(reading->arena, text), text.n };
	view_add(reading->arena, reading->out, &thing);
}

static int take_chain(const struct nlmsghdr *message, void *data)
{
	struct attributes of = attributes_of(message);
	if (!is_asked(data, of.at[NFTA_CHAIN_TABLE], of.at[NFTA_CHAIN_NAME]))
		return MNL_CB_OK;

	struct view_thing thing = { .kind = MODEL_CHAIN };
	thing.is_base = of.at[NFTA_CHAIN_HOOK] != NULL;
	thing.definition = mix_attributes(
		&of, BIT(NFTA_CHAIN_HOOK) | BIT(NFTA_CHAIN_POLICY) | BIT(NFTA_CHAIN_TYPE) |
			     BIT(NFTA_CHAIN_FLAGS) | BIT(NFTA_CHAIN_USERDATA));
	add_thing(data, thing, of.at[NFTA_CHAIN_NAME]);
	return MNL_CB_OK;
}

static int take_set(const struct nlmsghdr *message, void *data)
{
	const uint32_t fixed = BIT(NFTA_SET_FLAGS) | BIT(NFTA_SET_KEY_TYPE) |
			       BIT(NFTA_SET_KEY_LEN) | BIT(NFTA_SET_DATA_TYPE) |
			       BIT(NFTA_SET_DATA_LEN) | BIT(NFTA_SET_POLICY) | BIT(NFTA_SET_DESC) |
			       BIT(NFTA_SET_TIMEOUT) | BIT(NFTA_SET_GC_INTERVAL) |
			       BIT(NFTA_SET_USERDATA) | BIT(NFTA_SET_OBJ_TYPE);
	struct attributes of = attributes_of(message);
	if (!is_asked(data, of.at[NFTA_SET_TABLE], of.at[NFTA_SET_NAME]))
		return MNL_CB_OK;

	struct view_thing thing = { .kind = MODEL_SET };
	uint32_t flags = 0;
	if (of.at[NFTA_SET_FLAGS])
		flags = number_in(of.at[NFTA_SET_FLAGS]);
	thing.is_anonymous = flags & NFT_SET_ANONYMOUS;
	thing.is_interval = flags & NFT_SET_INTERVAL && !(flags & NFT_SET_CONCAT);
	thing.is_map = flags & (NFT_SET_MAP | NFT_SET_OBJECT);
	thing.is_dynamic = flags & (NFT_SET_EVAL | NFT_SET_TIMEOUT);
	thing.definition = mix_attributes(&of, fixed);
	add_thing(data, thing, of.at[NFTA_SET_NAME]);
	return MNL_CB_OK;
}

/* Counters count, and quotas are used up: of these only what was declared is looked at. */
static uint64_t mix_object_data(uint32_t type, const struct nlattr *nest)
{
	if (!nest || type == NFT_OBJECT_COUNTER)
		return 0;
	if (type != NFT_OBJECT_QUOTA)
		return mix_attribute(0, nest);
	struct attributes of = attributes_in(nest);
	return mix_attributes(&of, BIT(NFTA_QUOTA_BYTES) | BIT(NFTA_QUOTA_FLAGS));
}

static int take_object(const struct nlmsghdr *message, void *data)
{
	struct attributes of = attributes_of(message);
	if (!is_asked(data, of.at[NFTA_OBJ_TABLE], of.at[NFTA_OBJ_NAME]) || !of.at[NFTA_OBJ_TYPE])
		return MNL_CB_OK;

	struct view_thing thing = { .kind = MODEL_OBJECT };
	thing.type = number_in(of.at[NFTA_OBJ_TYPE]);
	thing.definition = mix_number(mix_attributes(&of, BIT(NFTA_OBJ_USERDATA)),
				      mix_object_data(thing.type, of.at[NFTA_OBJ_DATA]));
	add_thing(data, thing, of.at[NFTA_OBJ_NAME]);
	return MNL_CB_OK;
}

static int take_flowtable(const struct nlmsghdr *message, void *data)
{
	struct attributes of = attributes_of(message);
	if (!is_asked(data, of.at[NFTA_FLOWTABLE_TABLE], of.at[NFTA_FLOWTABLE_NAME]))
		return MNL_CB_OK;

	/* The devices come and go with the interfaces. */
	struct view_thing thing = { .kind = MODEL_FLOWTABLE };
	struct attributes hook = { 0 };
	if (of.at[NFTA_FLOWTABLE_HOOK])
		hook = attributes_in(of.at[NFTA_FLOWTABLE_HOOK]);
	thing.definition =
		mix_number(mix_attributes(&of, BIT(NFTA_FLOWTABLE_FLAGS)),
			   mix_attributes(&hook, BIT(NFTA_FLOWTABLE_HOOK_NUM) |
							 BIT(NFTA_FLOWTABLE_HOOK_PRIORITY)));
	add_thing(data, thing, of.at[NFTA_FLOWTABLE_NAME]);
	return MNL_CB_OK;
}

static int dump_things(struct kernel *kernel, struct reading *reading)
{
	static const struct {
		uint16_t message, table;
		mnl_cb_t take;
	} rows[] = {
		{ NFT_MSG_GETCHAIN, NFTA_CHAIN_TABLE, take_chain },
		{ NFT_MSG_GETSET, NFTA_SET_TABLE, take_set },
		{ NFT_MSG_GETOBJ, NFTA_OBJ_TABLE, take_object },
		{ NFT_MSG_GETFLOWTABLE, NFTA_FLOWTABLE_TABLE, take_flowtable },
	};
	int interrupted = 0;
	*reading->out = (struct view){ 0 };
	for (size_t i = 0; i < countof(rows); i++) {
		struct request request;
		request_start(kernel, &request, rows[i].message, NLM_F_DUMP);
		put_name(&request, rows[i].table, text_of(reading->table));
		int error = ask(kernel, &request, rows[i].take, reading);
		/* Sets of a table that is not there are refused, the others are just none. */
		if (error == -ENOENT)
			return 0;
		if (error && error != -EINTR)
			return error;
		interrupted = error ? error : interrupted;
	}
	return interrupted;
}

int kernel_things(struct kernel *kernel, struct arena *arena, const char *table, struct view *out)
{
	int error = -EINTR;
	struct reading reading = { arena, table, out };

	for (int i = 0; error == -EINTR && i < DUMP_TRIES; i++)
		error = dump_things(kernel, &reading);
	error = dump_end(kernel, error);
	for (uint32_t i = 0; !error && i < out->things.n; i++)
		if (out->things.at[i].is_anonymous)
			error = kernel_elements(kernel, arena, table, &out->things.at[i], NULL);
	return error;
}

/* Rules */

struct rules_reading {
	struct arena *arena;
	const char *table;
	struct view *view;
};

/* Names of anonymous sets are the kernel's: what is in them counts. */
static uint64_t mix_set_name(const struct view *view, struct arena *arena, uint64_t hash,
			     const struct nlattr *attribute)
{
	struct text name = text_in(attribute);
	const struct view_thing *set = view_find(view, model_key(arena, MODEL_SET, 0, name));
	if (!set || !set->is_anonymous)
		return mix_attribute(hash, attribute);
	return mix_number(mix_number(hash, set->definition), set->content);
}

static uint64_t mix_expression(const struct rules_reading *reading, const struct nlattr *nest)
{
	struct attributes of = attributes_in(nest);
	if (!of.at[NFTA_EXPR_NAME])
		return 0;
	struct text name = text_in(of.at[NFTA_EXPR_NAME]);
	uint64_t hash = mix_attribute(0, of.at[NFTA_EXPR_NAME]);
	if (!of.at[NFTA_EXPR_DATA] || text_is(name, "counter") || text_is(name, "last"))
		return hash;
	bool is_quota = text_is(name, "quota");
	bool names_set =
		text_is(name, "lookup") || text_is(name, "objref") || text_is(name, "dynset");
	const struct nlattr *attribute;
	mnl_attr_for_each_nested(attribute, of.at[NFTA_EXPR_DATA])
	{
		uint16_t type = mnl_attr_get_type(attribute);
		if (is_quota && type == NFTA_QUOTA_CONSUMED)
			continue;
		hash = names_set ? mix_set_name(reading->view, reading->arena, hash, attribute)
				 : mix_attribute(hash, attribute);
	}
	return hash;
}

static uint64_t mix_rule(const struct rules_reading *reading, const struct attributes *of)
{
	uint64_t hash = mix_attributes(of, BIT(NFTA_RULE_COMPAT) | BIT(NFTA_RULE_USERDATA));
	const struct nlattr *expression;

	if (of->at[NFTA_RULE_EXPRESSIONS])
		mnl_attr_for_each_nested(expression, of->at[NFTA_RULE_EXPRESSIONS]) hash =
			mix_number(hash, mix_expression(reading, expression));
	return hash;
}

static int take_rule(const struct nlmsghdr *message, void *data)
{
	struct rules_reading *reading = data;
	struct attributes of = attributes_of(message);
	if (!of.at[NFTA_RULE_TABLE] || !of.at[NFTA_RULE_CHAIN] || !of.at[NFTA_RULE_HANDLE] ||
	    mnl_attr_validate(of.at[NFTA_RULE_HANDLE], MNL_TYPE_U64) < 0 ||
	    !text_is(text_in(of.at[NFTA_RULE_TABLE]), reading->table))
		return MNL_CB_OK;

	struct text key =
		model_key(reading->arena, MODEL_CHAIN, 0, text_in(of.at[NFTA_RULE_CHAIN]));
	struct view_thing *chain = view_find(reading->view, key);
	if (!chain)
		return MNL_CB_OK;
	chain->content = mix_number(chain->content, mix_rule(reading, &of));
	*push(reading->arena, &chain->rules) = be64toh(mnl_attr_get_u64(of.at[NFTA_RULE_HANDLE]));
	return MNL_CB_OK;
}

static void forget_rules(struct view *view, struct view_thing *chain)
{
	for (uint32_t i = 0; i < view->things.n; i++) {
		struct view_thing *thing = &view->things.at[i];
		if (thing->kind != MODEL_CHAIN || (chain && chain != thing))
			continue;
		thing->content = 0;
		thing->rules.n = 0;
	}
}

int kernel_rules(struct kernel *kernel, struct arena *arena, const char *table, struct view *view,
		 struct view_thing *chain)
{
	struct rules_reading reading = { arena, table, view };
	int error = -EINTR;

	for (int i = 0; error == -EINTR && i < DUMP_TRIES; i++) {
		struct request request;
		forget_rules(view, chain);
		request_start(kernel, &request, NFT_MSG_GETRULE, NLM_F_DUMP);
		put_name(&request, NFTA_RULE_TABLE, text_of(table));
		if (chain)
			put_name(&request, NFTA_RULE_CHAIN, chain->name);
		error = ask(kernel, &request, take_rule, &reading);
	}
	return error == -ENOENT ? 0 : dump_end(kernel, error);
}

/* Elements */

struct elements_reading {
	struct arena *arena;
	struct kernel_elements *out;
	bool keeps_attributes;
};

static uint64_t mix_element(const struct attributes *of)
{
	return mix_attributes(of, BIT(NFTA_SET_ELEM_KEY) | BIT(NFTA_SET_ELEM_KEY_END) |
					  BIT(NFTA_SET_ELEM_DATA) | BIT(NFTA_SET_ELEM_FLAGS) |
					  BIT(NFTA_SET_ELEM_TIMEOUT) | BIT(NFTA_SET_ELEM_USERDATA) |
					  BIT(NFTA_SET_ELEM_OBJREF));
}

static void take_element(struct elements_reading *reading, const struct nlattr *nest)
{
	struct attributes of = attributes_in(nest);
	struct kernel_element *element = push(reading->arena, &reading->out->list);
	uint32_t flags = 0;

	if (of.at[NFTA_SET_ELEM_FLAGS])
		flags = number_in(of.at[NFTA_SET_ELEM_FLAGS]);
	element->digest = mix_element(&of);
	element->is_last = flags & NFT_SET_ELEM_INTERVAL_END;
	if (of.at[NFTA_SET_ELEM_KEY])
		element->key = mix_bytes(0, mnl_attr_get_payload(of.at[NFTA_SET_ELEM_KEY]),
					 mnl_attr_get_payload_len(of.at[NFTA_SET_ELEM_KEY]));
	if (!reading->keeps_attributes)
		return;
	struct text bytes = { mnl_attr_get_payload(nest), mnl_attr_get_payload_len(nest) };
	element->attributes = text_copy(reading->arena, bytes);
	element->size = (uint32_t)bytes.n;
}

static int take_elements(const struct nlmsghdr *message, void *data)
{
	struct attributes of = attributes_of(message);
	const struct nlattr *element;

	if (of.at[NFTA_SET_ELEM_LIST_ELEMENTS])
		mnl_attr_for_each_nested(element, of.at[NFTA_SET_ELEM_LIST_ELEMENTS])
			take_element(data, element);
	return MNL_CB_OK;
}

/* Where one interval begins at the end of another, nft may or may not say so; and it may say that
 * none covers the first of all keys. */
static uint64_t sum_intervals(struct arena *arena, const struct kernel_elements *elements)
{
	struct lookup starts = { 0 };
	uint64_t sum = 0;

	for (uint32_t i = 0; i < elements->list.n; i++) {
		const struct kernel_element *element = &elements->list.at[i];
		struct text key = { (const char *)&element->key, sizeof element->key };
		if (!element->is_last)
			*lookup_at(arena, &starts, key) = 1;
	}
	for (uint32_t i = 0; i < elements->list.n; i++) {
		const struct kernel_element *element = &elements->list.at[i];
		struct text key = { (const char *)&element->key, sizeof element->key };
		if (!element->is_last || !lookup_get(&starts, key))
			sum += element->digest;
	}
	return sum;
}

static uint64_t sum_elements(const struct kernel_elements *elements)
{
	uint64_t sum = 0;
	for (uint32_t i = 0; i < elements->list.n; i++)
		sum += elements->list.at[i].digest;
	return sum;
}

static int dump_elements(struct kernel *kernel, const char *table, struct text set,
			 struct elements_reading *reading)
{
	int error = -EINTR;

	for (int i = 0; error == -EINTR && i < DUMP_TRIES; i++) {
		struct request request;
		reading->out->list.n = 0;
		request_start(kernel, &request, NFT_MSG_GETSETELEM, NLM_F_DUMP);
		put_name(&request, NFTA_SET_ELEM_LIST_TABLE, text_of(table));
		put_name(&request, NFTA_SET_ELEM_LIST_SET, set);
		error = ask(kernel, &request, take_elements, reading);
	}
	return dump_end(kernel, error);
}

int kernel_elements(struct kernel *kernel, struct arena *arena, const char *table,
		    struct view_thing *set, struct kernel_elements *list)
{
	struct kernel_elements elements = { 0 };
	struct elements_reading reading = { arena, &elements, list != NULL };

	if (set->is_dynamic)
		return 0;
	int error = dump_elements(kernel, table, set->name, &reading);
	if (error)
		return error;
	set->content = set->is_interval ? sum_intervals(arena, &elements) : sum_elements(&elements);
	if (list)
		*list = elements;
	return 0;
}

int kernel_element_get(struct kernel *kernel, struct arena *arena, const char *table,
		       struct text set, const struct kernel_element *element, uint64_t *digest)
{
	struct kernel_elements got = { 0 };
	struct elements_reading reading = { arena, &got, false };
	struct request request;

	if (element->size > REQUEST_SIZE / 2)
		return -EMSGSIZE;
	request_start(kernel, &request, NFT_MSG_GETSETELEM, NLM_F_ACK);
	put_name(&request, NFTA_SET_ELEM_LIST_TABLE, text_of(table));
	put_name(&request, NFTA_SET_ELEM_LIST_SET, set);
	struct nlattr *list = mnl_attr_nest_start(request.header, NFTA_SET_ELEM_LIST_ELEMENTS);
	mnl_attr_put(request.header, NLA_F_NESTED | NFTA_LIST_ELEM, element->size,
		     element->attributes);
	mnl_attr_nest_end(request.header, list);
	int error = ask(kernel, &request, take_elements, &reading);
	if (error)
		return error;
	if (got.list.n == 0)
		return -ENOENT;
	*digest = got.list.at[0].digest;
	return 0;
}

/* The whole */

static int take_generation(const struct nlmsghdr *message, void *data)
{
	struct attributes of = attributes_of(message);
	if (of.at[NFTA_GEN_ID])
		*(uint32_t *)data = number_in(of.at[NFTA_GEN_ID]);
	return MNL_CB_OK;
}

int kernel_generation(struct kernel *kernel, uint32_t *out)
{
	struct request request;
	request_start(kernel, &request, NFT_MSG_GETGEN, NLM_F_ACK);
	return ask(kernel, &request, take_generation, out);
}

static int take_table(const struct nlmsghdr *message, void *data)
{
	struct attributes of = attributes_of(message);
	if (of.at[NFTA_TABLE_FLAGS])
		*(uint32_t *)data = number_in(of.at[NFTA_TABLE_FLAGS]);
	return MNL_CB_OK;
}

int kernel_is_dormant(struct kernel *kernel, const char *table, bool *out)
{
	struct request request;
	uint32_t flags = 0;
	request_start(kernel, &request, NFT_MSG_GETTABLE, NLM_F_ACK);
	put_name(&request, NFTA_TABLE_NAME, text_of(table));
	int error = ask(kernel, &request, take_table, &flags);
	*out = flags & NFT_TABLE_F_DORMANT;
	return error == -ENOENT ? 0 : error;
}

int kernel_view(struct kernel *kernel, struct arena *arena, const char *table, struct view *out)
{
	struct view view = { 0 };
	int error = kernel_things(kernel, arena, table, &view);
	if (!error)
		error = kernel_rules(kernel, arena, table, &view, NULL);
	for (uint32_t i = 0; !error && i < view.things.n; i++) {
		struct view_thing *thing = &view.things.at[i];
		if (thing->kind == MODEL_SET && !thing->is_anonymous)
			error = kernel_elements(kernel, arena, table, thing, NULL);
	}
	if (!error)
		*out = view;
	return error;
}

#include "ir/content.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "catalog/protocols.h"
#include "ir/ruleset.h"

static uint32_t hash_number(uint32_t hash, uint32_t number)
{
	return hash_bytes(hash, &number, sizeof number);
}

static uint32_t hash_value(uint32_t hash, const struct ir_value *value)
{
	hash = hash_number(hash, value->kind);
	switch (value->kind) {
	case IR_NUMBER:
	case IR_MARK:
	case IR_FLAGS:
		return hash_number(hash, value->number);
	case IR_SYMBOL:
	case IR_STRING:
	case IR_MAC:
		return hash_string(hash, value->text);
	case IR_PREFIX:
		return hash_bytes(hash, &value->prefix, sizeof value->prefix);
	case IR_RANGE:
	case IR_HOURS:
		return hash_number(hash_number(hash, value->low), value->high);
	case IR_ADDRESS_RANGE:
		hash = hash_bytes(hash, value->first, sizeof *value->first);
		return hash_bytes(hash, value->last, sizeof *value->last);
	}
	return hash;
}

static uint32_t hash_element(uint32_t hash, const struct ir_set *set,
			     const struct ir_element *element)
{
	for (uint32_t i = 0; i < set->terms_n; i++)
		hash = hash_value(hash, &element->parts[i]);
	for (uint32_t i = 0; i < set->data_n; i++)
		hash = hash_value(hash, &element->data[i]);
	hash = hash_number(hash, element->target.verdict);
	return hash_string(hash, element->target.chain ? element->target.chain->name : "");
}

/* Keys by their text: names of sets outlive the numbers of this enumeration. */
uint32_t set_hash(const struct ir_set *set)
{
	uint32_t hash = HASH_START;
	for (uint32_t i = 0; i < set->terms_n; i++)
		hash = hash_string(hash, ir_key_rows[set->terms[i].key].text);
	for (uint32_t i = 0; i < set->data_n; i++)
		hash = hash_string(hash, ir_key_rows[set->data[i]].text);
	hash = hash_number(hash, set->is_map | set->is_interval << 1 | set->is_dynamic << 2);
	hash = hash_number(hash, set->timeout);
	for (uint32_t i = 0; i < set->elements.n; i++)
		hash = hash_element(hash, set, &set->elements.at[i]);
	return hash_bytes(hash, set->prefixes, set->prefixes_n * sizeof *set->prefixes);
}

static bool value_equal(const struct ir_value *a, const struct ir_value *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case IR_NUMBER:
	case IR_MARK:
	case IR_FLAGS:
		return a->number == b->number;
	case IR_SYMBOL:
	case IR_STRING:
	case IR_MAC:
		return strcmp(a->text, b->text) == 0;
	case IR_PREFIX:
		return prefix_compare(&a->prefix, &b->prefix) == 0;
	case IR_RANGE:
	case IR_HOURS:
		return a->low == b->low && a->high == b->high;
	case IR_ADDRESS_RANGE:
		return prefix_compare(a->first, b->first) == 0 &&
		       prefix_compare(a->last, b->last) == 0;
	}
	return false;
}

static bool element_equal(const struct ir_set *set, const struct ir_element *a,
			  const struct ir_element *b)
{
	for (uint32_t i = 0; i < set->terms_n; i++)
		if (!value_equal(&a->parts[i], &b->parts[i]))
			return false;
	for (uint32_t i = 0; i < set->data_n; i++)
		if (!value_equal(&a->data[i], &b->data[i]))
			return false;
	return a->target.verdict == b->target.verdict && a->target.chain == b->target.chain;
}

static bool type_equal(const struct ir_set *a, const struct ir_set *b)
{
	if (a->terms_n != b->terms_n || a->data_n != b->data_n)
		return false;
	for (uint32_t i = 0; i < a->terms_n; i++)
		if (a->terms[i].key != b->terms[i].key)
			return false;
	for (uint32_t i = 0; i < a->data_n; i++)
		if (a->data[i] != b->data[i])
			return false;
	return a->is_map == b->is_map && a->is_interval == b->is_interval &&
	       a->is_dynamic == b->is_dynamic && a->timeout == b->timeout;
}

bool set_equal(const struct ir_set *a, const struct ir_set *b)
{
	if (!type_equal(a, b) || a->elements.n != b->elements.n || a->prefixes_n != b->prefixes_n)
		return false;
	for (uint32_t i = 0; i < a->elements.n; i++)
		if (!element_equal(a, &a->elements.at[i], &b->elements.at[i]))
			return false;
	return a->prefixes_n == 0 ||
	       memcmp(a->prefixes, b->prefixes, a->prefixes_n * sizeof *a->prefixes) == 0;
}

/* The number behind a word, or -1 where it is not known here. */
static int word_number(enum ir_key key, const char *word)
{
	static const struct {
		enum ir_key key;
		const char *word;
		int number;
	} rows[] = {
		{ IR_NFPROTO, "ipv4", 2 },	 { IR_NFPROTO, "ipv6", 10 },
		{ IR_META_DAY, "Sunday", 0 },	 { IR_META_DAY, "Monday", 1 },
		{ IR_META_DAY, "Tuesday", 2 },	 { IR_META_DAY, "Wednesday", 3 },
		{ IR_META_DAY, "Thursday", 4 },	 { IR_META_DAY, "Friday", 5 },
		{ IR_META_DAY, "Saturday", 6 },	 { IR_CT_DIRECTION, "original", 0 },
		{ IR_CT_DIRECTION, "reply", 1 },
	};

	if (key == IR_L4PROTO)
		return protocol_number(word);
	for (size_t i = 0; i < countof(rows); i++)
		if (rows[i].key == key && strcmp(rows[i].word, word) == 0)
			return rows[i].number;
	return -1;
}

static int compare_numbers(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

/* A lone interface name is compared as the kernel's little-endian registers hold it: the last byte
 * first. */
static int compare_names(const char *a, const char *b)
{
	size_t m = strlen(a), n = strlen(b);
	if (strchr(a, '*'))
		return strcmp(a, b);
	if (m != n)
		return m < n ? -1 : 1;
	for (size_t i = n; i-- > 0;)
		if (a[i] != b[i])
			return (unsigned char)a[i] < (unsigned char)b[i] ? -1 : 1;
	return 0;
}

static int compare_words(enum ir_key key, const char *a, const char *b)
{
	int x = word_number(key, a), y = word_number(key, b);
	return x < y ? -1 : x > y;
}

static const struct prefix *first_address(const struct ir_value *value)
{
	return value->kind == IR_ADDRESS_RANGE ? value->first : &value->prefix;
}

static uint32_t lowest(const struct ir_value *value)
{
	return value->kind == IR_RANGE || value->kind == IR_HOURS ? value->low : value->number;
}

static int compare_values(enum ir_key key, const struct ir_value *a, const struct ir_value *b)
{
	switch (a->kind) {
	case IR_NUMBER:
	case IR_MARK:
	case IR_RANGE:
	case IR_HOURS:
		return compare_numbers(lowest(a), lowest(b));
	case IR_FLAGS:
		/* nft looks at the first of several flags alone. */
		return compare_numbers(a->number & -a->number, b->number & -b->number);
	case IR_STRING:
		return key == IR_META_DAY ? compare_words(key, a->text, b->text)
					  : compare_names(a->text, b->text);
	case IR_MAC:
		return strcmp(a->text, b->text);
	case IR_SYMBOL:
		return compare_words(key, a->text, b->text);
	case IR_PREFIX:
	case IR_ADDRESS_RANGE:
		return prefix_compare(first_address(a), first_address(b));
	}
	return 0;
}

/* Elements of concatenations are read as one long number, and on a little-endian machine its first
 * byte counts least. */
enum { PART_BYTES_MAX = 16 };

static size_t put_number(uint32_t number, size_t n, bool is_big_endian, uint8_t *out)
{
	for (size_t i = 0; i < n; i++)
		out[is_big_endian ? n - 1 - i : i] = (uint8_t)(number >> 8 * i);
	return n;
}

static bool key_is_port(enum ir_key key)
{
	return key == IR_TCP_SPORT || key == IR_TCP_DPORT || key == IR_UDP_SPORT ||
	       key == IR_UDP_DPORT || key == IR_TH_SPORT || key == IR_TH_DPORT;
}

/* What the kernel holds for a part that is one value. */
static size_t part_bytes(enum ir_key key, const struct ir_value *value, uint8_t out[PART_BYTES_MAX])
{
	memset(out, 0, PART_BYTES_MAX);
	switch (value->kind) {
	case IR_STRING:
		if (key == IR_META_DAY)
			return put_number((uint32_t)word_number(key, value->text), 1, true, out);
		memcpy(out, value->text, strnlen(value->text, PART_BYTES_MAX));
		return PART_BYTES_MAX;
	case IR_MAC:
		for (unsigned i = 0; i < 6; i++)
			out[i] = (uint8_t)strtoul(value->text + 3 * i, NULL, 16);
		return 6;
	case IR_PREFIX:
		memcpy(out, value->prefix.bytes, PART_BYTES_MAX);
		return value->prefix.family == FAMILY_IPV4 ? 4 : 16;
	case IR_SYMBOL:
		return put_number((uint32_t)word_number(key, value->text), 1, true, out);
	case IR_MARK:
		return put_number(value->number, 4, false, out);
	case IR_NUMBER:
		return put_number(value->number, key_is_port(key) ? 2 : 1, true, out);
	case IR_FLAGS:
		return put_number(value->number & -value->number, 1, true, out);
	case IR_RANGE:
	case IR_HOURS:
	case IR_ADDRESS_RANGE:
		return 0;
	}
	return 0;
}

/* The commonest parts are compared as they are: sorting is mostly this. */
static int compare_bytes(const struct ir_term *term, const struct ir_value *x,
			 const struct ir_value *y)
{
	if (x->kind == IR_SYMBOL && y->kind == IR_SYMBOL && x->text == y->text)
		return 0;
	if (x->kind == IR_MARK && y->kind == IR_MARK)
		return compare_numbers(x->number, y->number);
	if (x->kind == IR_NUMBER && y->kind == IR_NUMBER && key_is_port(term->key))
		return compare_numbers((x->number & 0xff) << 8 | x->number >> 8,
				       (y->number & 0xff) << 8 | y->number >> 8);
	uint8_t a[PART_BYTES_MAX], b[PART_BYTES_MAX];
	size_t n = part_bytes(term->key, x, a);
	part_bytes(term->key, y, b);
	while (n-- > 0)
		if (a[n] != b[n])
			return a[n] < b[n] ? -1 : 1;
	return 0;
}

static int compare_elements(const void *left, const void *right, void *context)
{
	const struct ir_element *a = left, *b = right;
	const struct ir_set *set = context;
	int order = 0;

	if (set->terms_n == 1)
		return compare_values(set->terms[0].key, &a->parts[0], &b->parts[0]);
	/* The kernel lists concatenations of intervals as it got them. */
	for (uint32_t i = 0; set->is_interval && order == 0 && i < set->terms_n; i++)
		order = compare_values(set->terms[i].key, &a->parts[i], &b->parts[i]);
	for (uint32_t i = set->terms_n; !set->is_interval && order == 0 && i-- > 0;)
		order = compare_bytes(&set->terms[i], &a->parts[i], &b->parts[i]);
	return order;
}

static bool has_unknown_words(const struct ir_set *set)
{
	const struct ir_value *first = &set->elements.at[0].parts[0];
	return set->terms_n == 1 && first->kind == IR_SYMBOL &&
	       word_number(set->terms[0].key, first->text) < 0;
}

void set_sort(struct ir_set *set)
{
	if (set->elements.n > 1 && !has_unknown_words(set))
		qsort_r(set->elements.at, set->elements.n, sizeof *set->elements.at,
			compare_elements, set);
}

#include "emit/json.h"

#include "catalog/protocols.h"
#include "emit/words.h"

json_t *address_to_json(const struct prefix *address)
{
	char text[PREFIX_TEXT_MAX];
	struct prefix host = *address;
	host.length = address->family == FAMILY_IPV4 ? 32 : 128;
	prefix_format(&host, text);
	return json_string(text);
}

static json_t *network(const struct prefix *prefix)
{
	return json_pack("{s:{s:o, s:i}}", "prefix", "addr", address_to_json(prefix), "len",
			 (int)prefix->length);
}

json_t *prefix_to_json(const struct prefix *prefix)
{
	return prefix_is_host(prefix) ? address_to_json(prefix) : network(prefix);
}

json_t *range_to_json(json_t *first, json_t *last)
{
	if (!json_equal(first, last))
		return json_pack("{s:[o, o]}", "range", first, last);
	json_decref(last);
	return first;
}

static json_t *hour(uint32_t second)
{
	char text[HOUR_TEXT_MAX];
	hour_format(second, text);
	return json_string(text);
}

static json_t *symbol(enum ir_key key, const char *word)
{
	/* In JSON nft looks up every protocol's name in /etc/protocols, which need not be there. */
	if (key == IR_L4PROTO)
		return json_integer(protocol_number(word));
	if (key == IR_FIB_SADDR_IIF_OIF)
		return json_boolean(word[0] == 'e');
	return json_string(word);
}

json_t *value_to_json(enum ir_key key, const struct ir_value *value)
{
	switch (value->kind) {
	case IR_NUMBER:
	case IR_MARK:
	case IR_FLAGS:
		return json_integer(value->number);
	case IR_SYMBOL:
		return symbol(key, value->text);
	case IR_STRING:
	case IR_MAC:
		return json_string(value->text);
	case IR_PREFIX:
		return prefix_to_json(&value->prefix);
	case IR_RANGE:
		return range_to_json(json_integer(value->low), json_integer(value->high));
	case IR_HOURS:
		if (value->low == value->high)
			return hour(value->low);
		return range_to_json(hour(value->low), hour(value->high));
	case IR_ADDRESS_RANGE:
		return range_to_json(address_to_json(value->first), address_to_json(value->last));
	}
	return NULL;
}

static json_t *term(const struct ir_term *term)
{
	json_t *key = json_loads(ir_key_rows[term->key].json, 0, NULL);
	if (term->modulus) {
		json_t *inner = json_object_iter_value(json_object_iter(key));
		json_object_set_new(inner, "mod", json_integer(term->modulus));
		json_object_set_new(inner, "offset", json_integer(0));
	}
	if (!term->masked)
		return key;
	struct prefix bits = mask_address(&term->address_mask);
	json_t *mask =
		term->address_mask.family ? address_to_json(&bits) : json_integer(term->mask);
	return json_pack("{s:[o, o]}", "&", key, mask);
}

json_t *terms_to_json(const struct ir_term *terms, uint32_t n)
{
	if (n == 1)
		return term(&terms[0]);
	json_t *list = json_array();
	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(list, term(&terms[i]));
	return json_pack("{s:o}", "concat", list);
}

json_t *parts_to_json(const struct ir_value *parts, const struct ir_term *terms, uint32_t n)
{
	if (n == 1)
		return value_to_json(terms[0].key, &parts[0]);
	json_t *list = json_array();
	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(list, value_to_json(terms[i].key, &parts[i]));
	return json_pack("{s:o}", "concat", list);
}

json_t *target_to_json(const struct ir_target *target)
{
	if (target->chain)
		return json_pack("{s:{s:s}}", word_verdict(target->verdict), "target",
				 target->chain->name);
	return json_pack("{s:n}", word_verdict(target->verdict));
}

/* In a map of networks and ranges every address is one of them, if of one host alone. */
static json_t *datum(enum ir_key key, const struct ir_value *value, bool has_ranges)
{
	if (has_ranges && value->kind == IR_PREFIX)
		return network(&value->prefix);
	return value_to_json(key, value);
}

static json_t *data_of(const struct ir_set *map, const struct ir_element *element, bool has_ranges)
{
	if (map->data_n == 0)
		return target_to_json(&element->target);
	if (map->data_n == 1)
		return datum(map->data[0], &element->data[0], has_ranges);
	json_t *list = json_array();
	for (uint32_t i = 0; i < map->data_n; i++)
		json_array_append_new(list, datum(map->data[i], &element->data[i], has_ranges));
	return json_pack("{s:o}", "concat", list);
}

json_t *elements_to_json(const struct ir_set *set)
{
	bool has_ranges = map_has_ranges(set);
	json_t *list = json_array();
	for (uint32_t i = 0; i < set->prefixes_n; i++)
		json_array_append_new(list, prefix_to_json(&set->prefixes[i]));
	for (uint32_t i = 0; i < set->elements.n; i++) {
		const struct ir_element *element = &set->elements.at[i];
		json_t *key = parts_to_json(element->parts, set->terms, set->terms_n);
		json_array_append_new(
			list, set->is_map
				      ? json_pack("[o, o]", key, data_of(set, element, has_ranges))
				      : key);
	}
	return list;
}

bool set_is_declared(const struct ir_set *set)
{
	return !set_needs_typeof(set) && set->data_n <= 1 && !map_has_ranges(set);
}

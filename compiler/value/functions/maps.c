#include <inttypes.h>

#include "base/arena.h"
#include "base/graphemes.h"
#include "value/functions/library.h"
#include "value/make.h"

static struct value run_hasindex(struct call *call)
{
	const struct value *collection = &call->arguments[0], *key = &call->arguments[1];
	int64_t index;
	if (collection->kind == VALUE_OBJECT && !collection->is_uniform)
		return argument_refuse(call, 0,
				       "a list or a map is wanted; tomap makes a map of an "
				       "object, and can tells whether it has a member");
	if (collection->kind == VALUE_OBJECT)
		return call_bool(call,
				 key->kind == VALUE_STRING && member_find(collection, key->string));
	if (collection->is_set)
		return argument_refuse(call, 0, "the elements of a set have no index");
	return call_bool(call, key->kind == VALUE_NUMBER && number_to_int64(key->number, &index) &&
				       index >= 0 && index < collection->count);
}

static struct value run_keys(struct call *call)
{
	const struct value *object = &call->arguments[0];
	struct member **members = members_in_order(call->scope, object);
	struct value *items = arena_array(call->scope->arena, object->count, sizeof *items);
	for (uint32_t i = 0; i < object->count; i++)
		items[i] = call_string(call, text_of(members[i]->name));
	return object->is_uniform ? call_list(call, items, object->count)
				  : make_tuple(call->at, items, object->count);
}

static struct value run_length(struct call *call)
{
	const struct value *value = &call->arguments[0];
	if (value->kind == VALUE_STRING)
		return call_integer(call, (int64_t)graphemes_count(value->string));
	if (value->kind == VALUE_TUPLE || value->kind == VALUE_OBJECT)
		return call_integer(call, value->count);
	return argument_refuse(call, 0, "a list, an object or a string is wanted, and this is %s",
			       value_kind_name(value->kind));
}

/* A default takes the type of a map's members. */
static struct value default_of(struct call *call)
{
	const struct value *map = &call->arguments[0];
	struct value pair[2] = { call->arguments[2] };
	if (!map->is_uniform || map->count == 0)
		return pair[0];
	pair[1] = map->members[0].value;
	struct value *unified = values_of_one_type(call->scope, pair, 2);
	if (!unified || unified[1].kind != pair[1].kind)
		return argument_refuse(call, 2, "the members of the map are %s, and this is %s",
				       value_kind_name(pair[1].kind),
				       value_kind_name(pair[0].kind));
	return unified[0];
}

static struct value run_lookup(struct call *call)
{
	struct text key = call->arguments[1].string;
	const struct value *found = member_find(&call->arguments[0], key);
	struct value value = call->n > 2 ? default_of(call) : make_null(call->at);
	if (value.kind == VALUE_POISON)
		return value;
	if (found)
		return *found;
	if (call->n > 2)
		return value;
	return argument_refuse(call, 1, "the object has no member \"%.*s\"", (int)key.n, key.s);
}

static struct value run_merge(struct call *call)
{
	uint64_t room = 0;
	bool are_maps = call->n > 0;
	for (uint32_t i = 0; i < call->n; i++) {
		room += call->arguments[i].kind == VALUE_NULL ? 0 : call->arguments[i].count;
		are_maps &= call->arguments[i].is_uniform;
	}
	if (!call_may_make(call, room))
		return call_poison(call);
	struct object_maker maker = object_start(call->scope, call->at, (uint32_t)room);
	for (uint32_t i = 0; i < call->n; i++)
		for (uint32_t k = 0;
		     call->arguments[i].kind == VALUE_OBJECT && k < call->arguments[i].count; k++)
			object_put(call->scope, &maker, call->arguments[i].members[k].name,
				   call->arguments[i].members[k].value);
	maker.object.is_uniform = are_maps;
	return maker.object;
}

static struct value run_values(struct call *call)
{
	const struct value *object = &call->arguments[0];
	struct member **members = members_in_order(call->scope, object);
	struct value *items = arena_array(call->scope->arena, object->count, sizeof *items);
	for (uint32_t i = 0; i < object->count; i++)
		items[i] = members[i]->value;
	return object->is_uniform ? call_list(call, items, object->count)
				  : make_tuple(call->at, items, object->count);
}

static struct value run_zipmap(struct call *call)
{
	const struct value *keys = &call->arguments[0], *values = &call->arguments[1];
	if (values->is_set)
		return argument_refuse(call, 1,
				       "the elements of a set have no places; make a list "
				       "of it by tolist");
	if (keys->count != values->count)
		return argument_refuse(call, 1, "there are %" PRIu32 " keys and %" PRIu32 " values",
				       keys->count, values->count);
	struct object_maker maker = object_start(call->scope, call->at, keys->count);
	for (uint32_t i = 0; i < keys->count; i++) {
		if (keys->items[i].kind == VALUE_NULL)
			return argument_refuse(call, 0, "the key %" PRIu32 " is null", i);
		object_put(call->scope, &maker, keys->items[i].string.s, values->items[i]);
	}
	maker.object.is_uniform = values->is_uniform;
	return maker.object;
}

static const struct function rows[] = {
	{ .name = "hasindex",
	  .run = run_hasindex,
	  .parameters = { { "collection", PARAMETER_COLLECTION }, { "key", PARAMETER_ANY } },
	  .doc = "Whether a list has an element of this index, or a map a member of this name.",
	  .example = "hasindex([22, 80], 2)",
	  .result = "false" },
	{ .name = "keys",
	  .run = run_keys,
	  .parameters = { { "object", PARAMETER_OBJECT } },
	  .doc = "The names of the members, sorted.",
	  .example = "keys({ wan = 1, lan = 2 })",
	  .result = "[\"lan\", \"wan\"]" },
	{ .name = "length",
	  .run = run_length,
	  .parameters = { { "value", PARAMETER_ANY } },
	  .doc = "How many elements, members or characters there are.",
	  .example = "length([22, 80, 443])",
	  .result = "3" },
	{ .name = "lookup",
	  .run = run_lookup,
	  .parameters = { { "object", PARAMETER_OBJECT },
			  { "key", PARAMETER_STRING },
			  { "default", PARAMETER_ANY, true } },
	  .optional = 1,
	  .doc = "The member of this name, or the default where there is none.",
	  .example = "lookup({ lan = \"eth0\" }, \"wan\", \"eth1\")",
	  .result = "\"eth1\"" },
	{ .name = "merge",
	  .run = run_merge,
	  .parameters = { { "objects", PARAMETER_OBJECT, true } },
	  .optional = 1,
	  .repeats = true,
	  .doc = "The members of all objects; of equal names the last one counts.",
	  .example = "merge({ a = 1, b = 2 }, { b = 3 })",
	  .result = "{ a = 1, b = 3 }" },
	{ .name = "values",
	  .run = run_values,
	  .parameters = { { "object", PARAMETER_OBJECT } },
	  .doc = "The values of the members, in the order of their names.",
	  .example = "values({ wan = 1, lan = 2 })",
	  .result = "[2, 1]" },
	{ .name = "zipmap",
	  .run = run_zipmap,
	  .parameters = { { "keys", PARAMETER_STRINGS }, { "values", PARAMETER_LIST } },
	  .doc = "An object of a list of names and a list of their values.",
	  .example = "zipmap([\"lan\", \"wan\"], [\"eth0\", \"eth1\"])",
	  .result = "{ lan = \"eth0\", wan = \"eth1\" }" },
};

const struct function_family map_functions = { "Objects", rows, countof(rows) };

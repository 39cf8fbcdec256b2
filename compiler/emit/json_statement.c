#include "emit/json.h"

#include "emit/words.h"

/* A set, or what it holds. */
static json_t *reference(const struct ir_set *set)
{
	if (!set_is_declared(set))
		return json_pack("{s:o}", "set", elements_to_json(set));
	return json_sprintf("@%s", set->name);
}

static json_t *match_values(const struct ir_match *match)
{
	if (match->set)
		return reference(match->set);
	if (match->values.n == 1 && match->terms_n == 1)
		return parts_to_json(match->values.at[0].parts, match->terms, 1);
	json_t *list = json_array();
	for (uint32_t i = 0; i < match->values.n; i++)
		json_array_append_new(list, parts_to_json(match->values.at[i].parts, match->terms,
							  match->terms_n));
	return match->bits ? list : json_pack("{s:o}", "set", list);
}

static bool tests_flags(const struct ir_match *match)
{
	return match->bits || match->terms[0].key == IR_CT_STATUS ||
	       (match->terms[0].key == IR_CT_STATE && !match->set && match->values.n == 1);
}

static json_t *match_of(const struct ir_match *match)
{
	const char *op = match->op == IR_NE ? "!=" : tests_flags(match) ? "in" : "==";
	return json_pack("{s:{s:s, s:o, s:o}}", "match", "op", op, "left",
			 terms_to_json(match->terms, match->terms_n), "right", match_values(match));
}

json_t *limit_to_json(const struct ir_limit *limit)
{
	return json_pack("{s:I, s:s, s:I, s:b}", "rate", (json_int_t)limit->count, "per",
			 word_time_unit(limit->seconds), "burst", (json_int_t)limit->burst, "inv",
			 (int)limit->over);
}

static json_t *limit_of(const struct ir_statement *statement)
{
	if (statement->limit.object)
		return json_pack("{s:s}", "limit", statement->limit.object->name);
	return json_pack("{s:o}", "limit", limit_to_json(&statement->limit.inlined));
}

static json_t *update_of(const struct ir_update *update)
{
	json_t *fields = json_pack("{s:s, s:o, s:o}", "op", update->refresh ? "update" : "add",
				   "elem", terms_to_json(update->terms, update->terms_n), "set",
				   reference(update->set));
	json_t *state = NULL;

	switch (update->kind) {
	case IR_UPDATE_COUNT:
		state = json_pack("{s:{s:I, s:b}}", "ct count", "val",
				  (json_int_t)update->connections, "inv", 1);
		break;
	case IR_UPDATE_LIMIT:
		state = json_pack("{s:o}", "limit", limit_to_json(&update->limit));
		break;
	case IR_UPDATE_TALLY:
		state = json_pack("{s:n}", "counter");
		break;
	case IR_UPDATE_ALONE:
		break;
	}
	if (state)
		json_object_set_new(fields, "stmt", json_pack("[o]", state));
	return json_pack("{s:o}", "set", fields);
}

static json_t *key_of(enum ir_key key)
{
	return json_loads(ir_key_rows[key].json, 0, NULL);
}

static json_t *mangle(json_t *key, json_t *value)
{
	return json_pack("{s:{s:o, s:o}}", "mangle", "key", key, "value", value);
}

static json_t *masked(enum ir_key key, uint32_t mask)
{
	if (mask == UINT32_MAX)
		return key_of(key);
	return json_pack("{s:[o, I]}", "&", key_of(key), (json_int_t)mask);
}

static json_t *mark_of(enum ir_key key, const struct ir_mark *mark)
{
	json_int_t set = mark->set;
	if (mark->keep == 0)
		return mangle(key_of(key), json_integer(set));
	json_t *kept = masked(key, mark->keep | mark->set);
	return mangle(key_of(key), set ? json_pack("{s:[o, I]}", "|", kept, set) : kept);
}

static json_t *copy_of(const struct ir_copy_mark *copy)
{
	if (copy->way == IR_CONNECTION_TO_PACKET)
		return mangle(key_of(IR_META_MARK), masked(IR_CT_MARK, copy->mask));
	return mangle(key_of(IR_CT_MARK), masked(IR_META_MARK, copy->mask));
}

static json_t *look_up(const struct ir_set *map, const struct ir_term *terms, uint32_t n)
{
	return json_pack("{s:{s:o, s:o}}", "map", "key", terms_to_json(terms, n), "data",
			 reference(map));
}

static json_t *vmap_of(const struct ir_vmap *vmap)
{
	return json_pack("{s:{s:o, s:o}}", "vmap", "key", terms_to_json(vmap->terms, vmap->terms_n),
			 "data", reference(vmap->map));
}

static json_t *events_of(const char *const *names)
{
	json_t *event = json_pack("{s:{s:s}}", "ct", "key", "event");
	if (!*names)
		return mangle(event, json_integer(0));
	json_t *list = json_array();
	for (; *names; names++)
		json_array_append_new(list, json_string(*names));
	return mangle(event, list);
}

static json_t *zone_of(const struct ir_zone_set *zone)
{
	return mangle(json_pack("{s:{s:s, s:s}}", "ct", "key", "zone", "dir", "original"),
		      json_integer(zone->id));
}

static json_t *nat_flags(const struct ir_translate *to)
{
	json_t *flags = json_array();
	if (to->random)
		json_array_append_new(flags, json_string("random"));
	if (to->fully_random)
		json_array_append_new(flags, json_string("fully-random"));
	if (to->persistent)
		json_array_append_new(flags, json_string("persistent"));
	/* What `prefix` stands for in the text form; without it, any address of the range is taken.
	 */
	if (to->is_prefix)
		json_array_append_new(flags, json_string("netmap"));
	return flags;
}

static json_t *translate_of(const struct ir_translate *to)
{
	json_t *fields = json_object(), *flags = nat_flags(to);
	if (to->family)
		json_object_set_new(fields, "family",
				    json_string(to->family == FAMILY_IPV4 ? "ip" : "ip6"));
	if (to->map)
		json_object_set_new(fields, to->is_port_map ? "port" : "addr",
				    look_up(to->map, to->terms, to->terms_n));
	if (to->low.family)
		json_object_set_new(
			fields, "addr",
			range_to_json(address_to_json(&to->low), address_to_json(&to->high)));
	if (to->port_low)
		json_object_set_new(
			fields, "port",
			range_to_json(json_integer(to->port_low), json_integer(to->port_high)));
	if (json_array_size(flags))
		json_object_set(fields, "flags", flags);
	json_decref(flags);
	if (to->is_prefix)
		json_object_set_new(fields, "type_flags", json_pack("[s]", "prefix"));
	if (json_object_size(fields))
		return json_pack("{s:o}", word_translation(to->kind), fields);
	json_decref(fields);
	return json_pack("{s:n}", word_translation(to->kind));
}

static json_t *synproxy_of(const struct ir_synproxy *synproxy)
{
	json_t *fields = json_object(), *flags = json_array();
	if (synproxy->mss)
		json_object_set_new(fields, "mss", json_integer(synproxy->mss));
	if (synproxy->wscale)
		json_object_set_new(fields, "wscale", json_integer(synproxy->wscale));
	if (synproxy->timestamp)
		json_array_append_new(flags, json_string("timestamp"));
	if (synproxy->sack)
		json_array_append_new(flags, json_string("sack-perm"));
	json_object_set_new(fields, "flags", flags);
	return json_pack("{s:o}", "synproxy", fields);
}

static json_t *mss_of(uint16_t mss)
{
	json_t *key = json_pack("{s:{s:s, s:s}}", "tcp option", "name", "maxseg", "field", "size");
	return mangle(key, mss ? json_integer(mss) : json_pack("{s:{s:s}}", "rt", "key", "mtu"));
}

static json_t *reject_of(enum ir_reject reject)
{
	switch (reject) {
	case IR_REJECT_PORT:
		return json_pack("{s:n}", "reject");
	case IR_REJECT_RESET:
		return json_pack("{s:{s:s}}", "reject", "type", "tcp reset");
	case IR_REJECT_PROHIBITED:
		return json_pack("{s:{s:s, s:s}}", "reject", "type", "icmpx", "expr",
				 "admin-prohibited");
	}
	return NULL;
}

json_t *statement_to_json(const struct ir_statement *s)
{
	switch (s->kind) {
	case IR_MATCH:
		return match_of(&s->match);
	case IR_VMAP:
		return vmap_of(&s->vmap);
	case IR_VERDICT:
		return target_to_json(&s->target);
	case IR_REJECT:
		return reject_of(s->reject);
	case IR_NOTRACK:
		return json_pack("{s:n}", "notrack");
	case IR_COUNT:
		return json_pack("{s:s}", "counter", s->object->name);
	case IR_LIMIT:
		return limit_of(s);
	case IR_LOG:
		return json_pack("{s:{s:s, s:i}}", "log", "prefix", s->log.prefix, "group",
				 (int)s->log.group);
	case IR_SET_MARK:
		return mark_of(IR_CT_MARK, &s->mark);
	case IR_SET_PACKET_MARK:
		return mark_of(IR_META_MARK, &s->mark);
	case IR_MAP_MARK:
		return mangle(key_of(IR_CT_MARK),
			      look_up(s->map_mark.map, s->map_mark.terms, s->map_mark.terms_n));
	case IR_COPY_MARK:
		return copy_of(&s->copy);
	case IR_SET_TIMEOUT:
		return json_pack("{s:s}", "ct timeout", s->object->name);
	case IR_SET_HELPER:
		return json_pack("{s:s}", "ct helper", s->object->name);
	case IR_SET_EVENT:
		return events_of(s->event.names);
	case IR_SET_ZONE:
		return zone_of(&s->zone);
	case IR_UPDATE:
		return update_of(&s->update);
	case IR_TRANSLATE:
		return translate_of(&s->translate);
	case IR_SYNPROXY:
		return synproxy_of(&s->synproxy);
	case IR_SET_MSS:
		return mss_of(s->mss);
	case IR_OFFLOAD:
		return json_pack("{s:{s:s, s:o}}", "flow", "op", "add", "flowtable",
				 json_sprintf("@%s", s->flowtable->name));
	}
	return NULL;
}

/* Statements in nft's language, spelled as nft lists them. */
#include "emit/nft.h"

#include "emit/value.h"
#include "emit/words.h"

static void put_target(FILE *out, const struct ir_target *target)
{
	fputs(word_verdict(target->verdict), out);
	if (target->chain)
		fprintf(out, " %s", target->chain->name);
}

/* A burst of 5 packets is the kernel's default, which nft leaves out. */
enum { BURST_DEFAULT = 5 };

void nft_put_rate(FILE *out, const struct ir_limit *limit)
{
	fprintf(out, "rate %s%u/%s", limit->over ? "over " : "", limit->count,
		word_time_unit(limit->seconds));
	if (limit->burst != BURST_DEFAULT)
		fprintf(out, " burst %u packets", limit->burst);
}

/* nft cannot list a set declared with `typeof jhash`: it crashes. The type is the same as that of
 * numgen. */
static void put_typeof(FILE *out, const struct ir_set *set)
{
	fputs("typeof ", out);
	for (uint32_t i = 0; i < set->terms_n; i++) {
		struct ir_term term = set->terms[i];
		if (term.key == IR_JHASH_IP_SADDR || term.key == IR_JHASH_IP6_SADDR)
			term.key = IR_NUMGEN_INC;
		fputs(i ? " . " : "", out);
		term_put(out, &term);
	}
}

static void put_data_type(FILE *out, const struct ir_set *map, bool is_typeof)
{
	fputs(" : ", out);
	if (map->data_n == 0)
		fputs("verdict", out);
	else if (map_has_ranges(map))
		fputs("interval ", out);
	for (uint32_t i = 0; i < map->data_n; i++) {
		const struct ir_key_row *row = &ir_key_rows[map->data[i]];
		fprintf(out, "%s%s", i ? " . " : "", is_typeof ? row->text : row->type);
	}
}

void nft_put_type(FILE *out, const struct ir_set *set)
{
	bool is_typeof = set_needs_typeof(set);
	if (is_typeof) {
		put_typeof(out, set);
	} else {
		fputs("type ", out);
		for (uint32_t i = 0; i < set->terms_n; i++)
			fprintf(out, "%s%s", i ? " . " : "", ir_key_rows[set->terms[i].key].type);
	}
	if (set->is_map)
		put_data_type(out, set, is_typeof);
}

/* In a map of networks and ranges every address is one of them, if of one host alone. */
static void put_data(FILE *out, const struct ir_set *map, const struct ir_element *element,
		     bool has_ranges)
{
	for (uint32_t i = 0; i < map->data_n; i++) {
		const struct ir_value *value = &element->data[i];
		fputs(i ? " . " : "", out);
		value_put(out, map->data[i], value);
		if (has_ranges && value->kind == IR_PREFIX && prefix_is_host(&value->prefix))
			fprintf(out, "/%u", value->prefix.length);
	}
}

void nft_put_element(FILE *out, const struct ir_set *set, uint32_t index, bool has_ranges)
{
	if (set->prefixes_n) {
		address_put(out, &set->prefixes[index]);
		return;
	}

	const struct ir_element *element = &set->elements.at[index];
	value_put_parts(out, element->parts, set->terms, set->terms_n);
	if (!set->is_map)
		return;
	fputs(" : ", out);
	if (set->data_n == 0)
		put_target(out, &element->target);
	else
		put_data(out, set, element, has_ranges);
}

static bool mask_is_prefix(uint32_t mask)
{
	return mask != 0 && (~mask & (~mask + 1)) == 0;
}

/* A mark's leading bits are listed as a network is. */
static void put_mark_prefix(FILE *out, const struct ir_match *match)
{
	uint32_t mask = match->terms[0].mask;
	fprintf(out, "%s %s0x%08x", ir_key_rows[match->terms[0].key].text,
		match->op == IR_NE ? "!= " : "", match->values.at[0].parts[0].number);
	if (mask != UINT32_MAX)
		fprintf(out, "/%d", __builtin_popcount(mask));
}

/* Without a mask nft takes `tcp flags syn` for "syn, among others", so == must stand there. */
static void put_flags_match(FILE *out, const struct ir_match *match)
{
	uint32_t flags = match->values.at[0].parts[0].number, mask = match->terms[0].mask;
	fputs("tcp flags ", out);
	if (!match->terms[0].masked) {
		fputs(match->op == IR_NE ? "!= " : "== ", out);
		if (__builtin_popcount(flags) == 1)
			value_put_flags(out, flags, "");
		else
			fprintf(out, "0x%x", flags);
		return;
	}
	if (flags == 0) {
		fputs(match->op == IR_NE ? "" : "! ", out);
		value_put_flags(out, mask, ",");
		return;
	}
	/* The short form takes no mask of one flag. */
	if (__builtin_popcount(mask) == 1) {
		fputs("& ", out);
		value_put_flags(out, mask, "");
		fputs(match->op == IR_NE ? " != " : " == ", out);
		value_put_flags(out, flags, "");
		return;
	}
	fputs(match->op == IR_NE ? "!= " : "", out);
	value_put_flags(out, flags, ",");
	fputs(" / ", out);
	value_put_flags(out, mask, ",");
}

/* What stands between the terms and the values: == after a mask, as nft lists it. */
static const char *operator_of(const struct ir_match *match)
{
	if (match->op == IR_NE)
		return " != ";
	return match->terms_n == 1 && match->terms[0].masked ? " == " : " ";
}

static void put_values(FILE *out, const struct ir_match *match)
{
	bool is_list = (match->values.n > 1 && !match->bits) || match->terms_n > 1;
	fputs(is_list ? "{ " : "", out);
	for (uint32_t i = 0; i < match->values.n; i++) {
		fputs(i == 0 ? "" : match->bits ? "," : ", ", out);
		value_put_parts(out, match->values.at[i].parts, match->terms, match->terms_n);
	}
	fputs(is_list ? " }" : "", out);
}

static void put_match(FILE *out, const struct ir_match *match)
{
	const struct ir_term *term = &match->terms[0];
	bool is_single = !match->set && match->terms_n == 1 && match->values.n == 1;
	bool is_mark = term->masked && !term->address_mask.family && mask_is_prefix(term->mask);

	if (is_single && term->key == IR_TCP_FLAGS) {
		put_flags_match(out, match);
		return;
	}
	if (is_single && is_mark) {
		put_mark_prefix(out, match);
		return;
	}
	terms_put(out, match->terms, match->terms_n);
	fputs(operator_of(match), out);
	if (match->set)
		fprintf(out, "@%s", match->set->name);
	else
		put_values(out, match);
}

static void put_update(FILE *out, const struct ir_update *update)
{
	fprintf(out, "%s @%s { ", update->refresh ? "update" : "add", update->set->name);
	terms_put(out, update->terms, update->terms_n);
	switch (update->kind) {
	case IR_UPDATE_COUNT:
		fprintf(out, " ct count over %u", update->connections);
		break;
	case IR_UPDATE_LIMIT:
		fputs(" limit ", out);
		nft_put_rate(out, &update->limit);
		break;
	case IR_UPDATE_TALLY:
		fputs(" counter", out);
		break;
	case IR_UPDATE_ALONE:
		break;
	}
	fputs(" }", out);
}

/* nft lists the mask with the bits that are set afterwards, and nothing that has no effect. */
static void put_mark(FILE *out, const char *key, const struct ir_mark *mark)
{
	uint32_t kept = mark->keep | mark->set;
	fprintf(out, "%s set ", key);
	if (mark->keep == 0) {
		fprintf(out, "0x%08x", mark->set);
		return;
	}
	fputs(key, out);
	if (kept != UINT32_MAX)
		fprintf(out, " & 0x%08x", kept);
	if (mark->set)
		fprintf(out, " | 0x%08x", mark->set);
}

static void put_copy(FILE *out, const struct ir_copy_mark *copy)
{
	fputs(copy->way == IR_CONNECTION_TO_PACKET ? "meta mark set ct mark"
						   : "ct mark set meta mark",
	      out);
	if (copy->mask != UINT32_MAX)
		fprintf(out, " & 0x%08x", copy->mask);
}

/* Quoted, as some of the names are reserved words. */
static void put_events(FILE *out, const char *const *names)
{
	fputs("ct event set ", out);
	if (!*names)
		fputs("0x0", out);
	for (const char *comma = ""; *names; names++, comma = ",")
		fprintf(out, "%s\"%s\"", comma, *names);
}

/* An IPv6 address stands in brackets where a port may follow. */
static void put_address(FILE *out, const struct prefix *address, bool in_brackets)
{
	fputs(in_brackets ? "[" : "", out);
	address_put(out, address);
	fputs(in_brackets ? "]" : "", out);
}

static void put_map(FILE *out, const struct ir_translate *to)
{
	terms_put(out, to->terms, to->terms_n);
	fprintf(out, " map @%s", to->map->name);
}

static void put_destination(FILE *out, const struct ir_translate *to)
{
	bool has_port = to->port_low || to->is_port_map;
	bool in_brackets = to->family == FAMILY_IPV6 && has_port;
	bool has_address = to->low.family != 0;
	struct range range = { to->low, to->high };
	struct prefix network;

	fputs(" to ", out);
	/* nft lists a range that is a network as one, though it reads none with a port. */
	if (has_address && !has_port && range_take(&range, &network) && range.is_empty) {
		address_put(out, &network);
		return;
	}
	if (has_address)
		put_address(out, &to->low, in_brackets);
	if (has_address && prefix_compare(&to->low, &to->high) != 0) {
		fputc('-', out);
		put_address(out, &to->high, in_brackets);
	}
	if (to->is_port_map) {
		fputc(':', out);
		put_map(out, to);
		return;
	}
	if (to->port_low)
		fprintf(out, ":%u", to->port_low);
	if (to->port_high > to->port_low)
		fprintf(out, "-%u", to->port_high);
}

static void put_nat_flags(FILE *out, const struct ir_translate *to)
{
	const struct {
		bool is_set;
		const char *word;
	} flags[] = {
		{ to->random, "random" },
		{ to->fully_random, "fully-random" },
		{ to->persistent, "persistent" },
	};
	const char *comma = " ";
	for (size_t i = 0; i < countof(flags); i++) {
		if (!flags[i].is_set)
			continue;
		fprintf(out, "%s%s", comma, flags[i].word);
		comma = ",";
	}
}

static void put_translate(FILE *out, const struct ir_translate *to)
{
	fputs(word_translation(to->kind), out);
	if (to->family)
		fputs(to->family == FAMILY_IPV4 ? " ip" : " ip6", out);
	if (to->is_prefix)
		fputs(" prefix", out);
	if (to->map && !to->is_port_map) {
		fputs(" to ", out);
		put_map(out, to);
	} else if (to->low.family || to->port_low || to->is_port_map) {
		put_destination(out, to);
	}
	put_nat_flags(out, to);
}

static void put_synproxy(FILE *out, const struct ir_synproxy *synproxy)
{
	fputs("synproxy", out);
	if (synproxy->mss)
		fprintf(out, " mss %u", synproxy->mss);
	if (synproxy->wscale)
		fprintf(out, " wscale %u", synproxy->wscale);
	fputs(synproxy->timestamp ? " timestamp" : "", out);
	fputs(synproxy->sack ? " sack-perm" : "", out);
}

static void put_reject(FILE *out, enum ir_reject reject)
{
	static const char *const texts[] = {
		[IR_REJECT_PORT] = "reject",
		[IR_REJECT_RESET] = "reject with tcp reset",
		[IR_REJECT_PROHIBITED] = "reject with icmpx admin-prohibited",
	};
	fputs(texts[reject], out);
}

static void put_limit(FILE *out, const struct ir_statement *statement)
{
	fputs("limit ", out);
	if (statement->limit.object)
		fprintf(out, "name \"%s\"", statement->limit.object->name);
	else
		nft_put_rate(out, &statement->limit.inlined);
}

static void put_mss(FILE *out, uint16_t mss)
{
	fputs("tcp option maxseg size set ", out);
	if (mss)
		fprintf(out, "%u", mss);
	else
		fputs("rt mtu", out);
}

void nft_put_statement(FILE *out, const struct ir_statement *statement)
{
	switch (statement->kind) {
	case IR_MATCH:
		put_match(out, &statement->match);
		return;
	case IR_VMAP:
		terms_put(out, statement->vmap.terms, statement->vmap.terms_n);
		fprintf(out, " vmap @%s", statement->vmap.map->name);
		return;
	case IR_VERDICT:
		put_target(out, &statement->target);
		return;
	case IR_REJECT:
		put_reject(out, statement->reject);
		return;
	case IR_NOTRACK:
		fputs("notrack", out);
		return;
	case IR_COUNT:
		fprintf(out, "counter name \"%s\"", statement->object->name);
		return;
	case IR_LIMIT:
		put_limit(out, statement);
		return;
	case IR_LOG:
		fprintf(out, "log prefix \"%s\" group %u", statement->log.prefix,
			statement->log.group);
		return;
	case IR_SET_MARK:
		put_mark(out, "ct mark", &statement->mark);
		return;
	case IR_SET_PACKET_MARK:
		put_mark(out, "meta mark", &statement->mark);
		return;
	case IR_MAP_MARK:
		fputs("ct mark set ", out);
		terms_put(out, statement->map_mark.terms, statement->map_mark.terms_n);
		fprintf(out, " map @%s", statement->map_mark.map->name);
		return;
	case IR_COPY_MARK:
		put_copy(out, &statement->copy);
		return;
	case IR_SET_TIMEOUT:
		fprintf(out, "ct timeout set \"%s\"", statement->object->name);
		return;
	case IR_SET_HELPER:
		fprintf(out, "ct helper set \"%s\"", statement->object->name);
		return;
	case IR_SET_EVENT:
		put_events(out, statement->event.names);
		return;
	case IR_SET_ZONE:
		fprintf(out, "ct original zone set %u", statement->zone.id);
		return;
	case IR_UPDATE:
		put_update(out, &statement->update);
		return;
	case IR_TRANSLATE:
		put_translate(out, &statement->translate);
		return;
	case IR_SYNPROXY:
		put_synproxy(out, &statement->synproxy);
		return;
	case IR_SET_MSS:
		put_mss(out, statement->mss);
		return;
	case IR_OFFLOAD:
		fprintf(out, "flow add @%s", statement->flowtable->name);
		return;
	}
}

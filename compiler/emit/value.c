#include "emit/value.h"

#include "catalog/protocols.h"
#include "emit/words.h"

void address_put(FILE *out, const struct prefix *address)
{
	char text[PREFIX_TEXT_MAX];
	prefix_format(address, text);
	fputs(text, out);
}

static void put_symbol(FILE *out, enum ir_key key, const char *name)
{
	const char *word = key == IR_L4PROTO ? protocol_word(name) : name;
	if (word)
		fputs(word, out);
	else
		fprintf(out, "%d", protocol_number(name));
}

/* Sets have so many numbers that printf would be a tenth of the whole compilation. */
static void put_digits(FILE *out, uint32_t number, uint32_t base, unsigned least)
{
	char digits[11];
	size_t first = sizeof digits;
	while (number > 0 || sizeof digits - first < least) {
		digits[--first] = "0123456789abcdef"[number % base];
		number /= base;
	}
	fwrite(digits + first, 1, sizeof digits - first, out);
}

static void put_number(FILE *out, enum ir_key key, uint32_t number)
{
	bool is_dscp = key == IR_IP_DSCP || key == IR_IP6_DSCP;
	const char *word = is_dscp ? word_dscp(number) : NULL;
	if (word)
		fputs(word, out);
	else if (is_dscp)
		fprintf(out, "0x%02x", number);
	else
		put_digits(out, number, 10, 1);
}

void value_put_flags(FILE *out, uint32_t flags, const char *between)
{
	const char *comma = "";
	for (unsigned bit = 0; bit < TCP_FLAGS_COUNT; bit++) {
		if (!(flags & 1u << bit))
			continue;
		fprintf(out, "%s%s", comma, word_tcp_flag(bit));
		comma = between;
	}
	if (flags == 0)
		fputs("0x0", out);
}

static void put_hour(FILE *out, uint32_t second)
{
	char text[HOUR_TEXT_MAX];
	hour_format(second, text);
	fprintf(out, "\"%s\"", text);
}

void value_put(FILE *out, enum ir_key key, const struct ir_value *value)
{
	switch (value->kind) {
	case IR_NUMBER:
		put_number(out, key, value->number);
		return;
	case IR_MARK:
		fputs("0x", out);
		put_digits(out, value->number, 16, 8);
		return;
	case IR_SYMBOL:
		put_symbol(out, key, value->text);
		return;
	case IR_MAC:
		fputs(value->text, out);
		return;
	case IR_STRING:
		fprintf(out, "\"%s\"", value->text);
		return;
	case IR_PREFIX:
		address_put(out, &value->prefix);
		return;
	case IR_RANGE:
		put_number(out, key, value->low);
		fputc('-', out);
		put_number(out, key, value->high);
		return;
	case IR_FLAGS:
		value_put_flags(out, value->number, " | ");
		return;
	case IR_HOURS:
		put_hour(out, value->low);
		if (value->high == value->low)
			return;
		fputc('-', out);
		put_hour(out, value->high);
		return;
	case IR_ADDRESS_RANGE:
		address_put(out, value->first);
		fputc('-', out);
		address_put(out, value->last);
		return;
	}
}

void value_put_parts(FILE *out, const struct ir_value *parts, const struct ir_term *terms,
		     uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		fputs(i ? " . " : "", out);
		value_put(out, terms[i].key, &parts[i]);
	}
}

static void put_mask(FILE *out, const struct ir_term *term)
{
	fputs(" & ", out);
	if (term->key == IR_TCP_FLAGS) {
		fputc('(', out);
		value_put_flags(out, term->mask, " | ");
		fputc(')', out);
	} else if (term->address_mask.family) {
		struct prefix mask = mask_address(&term->address_mask);
		address_put(out, &mask);
	} else {
		fprintf(out, "0x%08x", term->mask);
	}
}

void term_put(FILE *out, const struct ir_term *term)
{
	fputs(ir_key_rows[term->key].text, out);
	if (term->modulus)
		fprintf(out, " mod %u", term->modulus);
	if (term->key == IR_JHASH_IP_SADDR || term->key == IR_JHASH_IP6_SADDR)
		fputs(" seed 0x1", out);
	if (term->masked)
		put_mask(out, term);
}

void terms_put(FILE *out, const struct ir_term *terms, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		fputs(i ? " . " : "", out);
		term_put(out, &terms[i]);
	}
}

#include "values.h"

#include <jansson.h>

#include "base/diag.h"
#include "base/text.h"
#include "syntax/tree.h"
#include "value/value.h"

/* Written as it is met: jansson's numbers are doubles, and would lose digits. */
static void put_string(FILE *out, struct text text)
{
	json_t *string = json_stringn(text.s, text.n);
	json_dumpf(string, out, JSON_ENCODE_ANY);
	json_decref(string);
}

static void indent(FILE *out, unsigned depth)
{
	fprintf(out, "\n%*s", (int)depth * 2, "");
}

static void put_value(struct scope *scope, const struct value *value, FILE *out)
{
	switch (value->kind) {
	case VALUE_POISON:
	case VALUE_NULL:
		fputs("null", out);
		return;
	case VALUE_BOOL:
		fputs(value->truth ? "true" : "false", out);
		return;
	case VALUE_NUMBER:
		fputs(number_format(scope->arena, value->number), out);
		return;
	case VALUE_STRING:
		put_string(out, value->string);
		return;
	case VALUE_RANGE:
		fprintf(out, "\"%s-%s\"", number_format(scope->arena, value->items[0].number),
			number_format(scope->arena, value->items[1].number));
		return;
	case VALUE_TUPLE:
		fputc('[', out);
		for (uint32_t i = 0; i < value->count; i++) {
			fputs(i ? ", " : "", out);
			put_value(scope, &value->items[i], out);
		}
		fputc(']', out);
		return;
	case VALUE_OBJECT:
		fputc('{', out);
		for (uint32_t i = 0; i < value->count; i++) {
			fputs(i ? ", " : "", out);
			put_string(out, text_of(value->members[i].name));
			fputs(": ", out);
			put_value(scope, &value->members[i].value, out);
		}
		fputc('}', out);
		return;
	}
}

/* What holds a mistake has no value as a whole. */
void values_write_one(struct scope *scope, const struct expr *expr, FILE *out)
{
	uint32_t errors = scope->diags->errors;
	struct value value = evaluate(scope, expr);
	if (scope->diags->errors > errors)
		value.kind = VALUE_NULL;
	fputs("{\"value\": ", out);
	put_value(scope, &value, out);
	fputc('}', out);
}

static void put_body(struct scope *scope, const struct body *body, FILE *out, unsigned depth);

static void put_attributes(struct scope *scope, const struct body *body, FILE *out, unsigned depth)
{
	fputs("\"attributes\": {", out);
	for (uint32_t i = 0; i < body->attributes.n; i++) {
		const struct attribute *attribute = &body->attributes.at[i];
		fputs(i ? "," : "", out);
		indent(out, depth + 1);
		put_string(out, text_of(attribute->name));
		fputs(": ", out);
		values_write_one(scope, attribute->value, out);
	}
	if (body->attributes.n)
		indent(out, depth);
	fputc('}', out);
}

static void put_block(struct scope *scope, const struct block *block, FILE *out, unsigned depth)
{
	fputs("{\"type\": ", out);
	put_string(out, text_of(block->type));
	fputs(", \"labels\": [", out);
	for (uint32_t i = 0; i < block->labels.n; i++) {
		fputs(i ? ", " : "", out);
		put_string(out, text_of(block->labels.at[i].text));
	}
	fputs("], \"body\": ", out);
	put_body(scope, block->body, out, depth);
	fputc('}', out);
}

static void put_body(struct scope *scope, const struct body *body, FILE *out, unsigned depth)
{
	fputc('{', out);
	indent(out, depth + 1);
	put_attributes(scope, body, out, depth + 1);
	fputc(',', out);
	indent(out, depth + 1);
	fputs("\"blocks\": [", out);
	for (uint32_t i = 0; i < body->blocks.n; i++) {
		fputs(i ? "," : "", out);
		indent(out, depth + 2);
		put_block(scope, &body->blocks.at[i], out, depth + 2);
	}
	if (body->blocks.n)
		indent(out, depth + 1);
	fputc(']', out);
	indent(out, depth);
	fputc('}', out);
}

void values_write(struct scope *scope, const struct body *body, FILE *out)
{
	put_body(scope, body, out, 0);
	fputc('\n', out);
}

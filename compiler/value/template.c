#include "value/template.h"

#include <string.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/utf8.h"
#include "syntax/expr.h"
#include "syntax/literal.h"
#include "value/budget.h"
#include "value/loop.h"
#include "value/make.h"
#include "value/operators.h"

static bool is_space(uint32_t c)
{
	return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
	       c == 0x205f || c == 0x3000;
}

/* White space at the start of `text`: bytes in the result, characters in `*count`, at most `most`
 * of them. */
static size_t skip_spaces(struct text text, uint32_t most, uint32_t *count)
{
	size_t bytes = 0;
	*count = 0;
	while (*count < most && bytes < text.n && text.s[bytes] != '\n') {
		uint32_t c;
		int length = code_point_decode(text.s + bytes, text.n - bytes, &c);
		if (length < 1 || !is_space(c))
			break;
		bytes += (size_t)length;
		++*count;
	}
	return bytes;
}

static bool ends_line(struct text text)
{
	return text.n > 0 && text.s[text.n - 1] == '\n';
}

/* A heredoc's text comes a line at a time. Lines of white space alone neither count nor are cut. */
static bool is_blank(struct text text)
{
	uint32_t count;
	size_t bytes = skip_spaces(text, UINT32_MAX, &count);
	return ends_line(text) && bytes >= text.n - 1;
}

/* A template while its text is put together. */
struct writing {
	struct scope *scope;
	const struct expr_template *template;
	struct text *texts; /* of the literals among the parts: decoded, stripped, cut */
	VEC(char) out;
	bool is_whole;
};

static bool is_literal(const struct writing *w, uint32_t i)
{
	return i < w->template->parts.n && w->template->parts.at[i].kind == PART_LITERAL;
}

static void decode_literals(struct writing *w)
{
	const struct expr_template *template = w->template;
	char *out = arena_alloc(w->scope->arena, template->expr.at.end - template->expr.at.start);
	w->texts = arena_array(w->scope->arena, template->parts.n, sizeof *w->texts);
	for (uint32_t i = 0; i < template->parts.n; i++) {
		if (!is_literal(w, i))
			continue;
		struct text raw = source_text(w->scope->sources, template->parts.at[i].at);
		w->texts[i].s = out;
		w->texts[i].n = literal_decode(raw, !template->is_heredoc, out);
		out += w->texts[i].n;
	}
}

static void trim_start(struct text *text)
{
	uint32_t c;
	int bytes;
	while ((bytes = code_point_decode(text->s, text->n, &c)) > 0 && is_space(c)) {
		text->s += bytes;
		text->n -= (size_t)bytes;
	}
}

static void trim_end(struct text *text)
{
	uint32_t c;
	while (text->n > 0) {
		size_t last = text->n - 1;
		while (last > 0 && ((unsigned char)text->s[last] & 0xc0) == 0x80)
			last--;
		if (code_point_decode(text->s + last, text->n - last, &c) < 1 || !is_space(c))
			return;
		text->n = last;
	}
}

/* The ~ of a sequence takes white space off the literal beside it, in a heredoc up to the end of
 * the line. */
static void strip_before(struct writing *w, uint32_t i)
{
	bool is_heredoc = w->template->is_heredoc;
	while (i > 0 && is_literal(w, i - 1)) {
		trim_end(&w->texts[--i]);
		bool is_first = i > 0 && is_literal(w, i - 1) && ends_line(w->texts[i - 1]);
		if (w->texts[i].n > 0 || (is_heredoc && is_first))
			return;
	}
}

static void strip_after(struct writing *w, uint32_t i)
{
	while (is_literal(w, ++i)) {
		bool is_last = w->template->is_heredoc && ends_line(w->texts[i]);
		trim_start(&w->texts[i]);
		if (is_last || w->texts[i].n > 0)
			return;
	}
}

static void strip(struct writing *w)
{
	for (uint32_t i = 0; i < w->template->parts.n; i++) {
		const struct template_part *part = &w->template->parts.at[i];
		if (part->kind != PART_LITERAL && part->strips_before)
			strip_before(w, i);
		if (part->kind != PART_LITERAL && part->strips_after)
			strip_after(w, i);
	}
}

/* How many characters <<- cuts off at the start of each line: what all lines have. A sequence at
 * the start of a line leaves nothing to cut. */
static uint32_t common_indent(const struct writing *w)
{
	uint32_t least = UINT32_MAX, count;
	bool at_start = true;
	for (uint32_t i = 0; i < w->template->parts.n; i++) {
		struct text text = w->texts[i];
		if (at_start && !is_literal(w, i))
			return 0;
		if (at_start && !is_blank(text)) {
			skip_spaces(text, UINT32_MAX, &count);
			least = count < least ? count : least;
		}
		at_start = is_literal(w, i) && ends_line(text);
	}
	return least;
}

static void flush(struct writing *w)
{
	uint32_t indent = common_indent(w), count;
	bool at_start = true;
	for (uint32_t i = 0; i < w->template->parts.n && indent > 0; i++) {
		struct text *text = &w->texts[i];
		bool cuts = at_start && is_literal(w, i) && !is_blank(*text);
		at_start = is_literal(w, i) && ends_line(*text);
		if (!cuts)
			continue;
		size_t cut = skip_spaces(*text, indent, &count);
		text->s += cut;
		text->n -= cut;
	}
}

static void append(struct writing *w, struct text text)
{
	if (!budget_take_bytes(w->scope, w->template->expr.at, text.n)) {
		w->is_whole = false;
		return;
	}
	while (w->out.cap - w->out.n < text.n)
		w->out.at = arena_grow(w->scope->arena, w->out.at, &w->out.cap, sizeof *w->out.at);
	if (text.n > 0)
		memcpy(w->out.at + w->out.n, text.s, text.n);
	w->out.n += (uint32_t)text.n;
}

static void write_value(struct writing *w, const struct template_part *part)
{
	struct value value = evaluate(w->scope, part->expr);
	enum value_kind kind = value.kind;
	if (kind != VALUE_POISON && value_to_string(w->scope, &value)) {
		append(w, value.string);
		return;
	}
	w->is_whole = false;
	if (kind == VALUE_POISON)
		return;
	struct diag *d = diag_error(w->scope->diags, D_SEQUENCE, part->expr->at);
	diag_say(d, "%s cannot stand in a string", value_kind_name(kind));
	if (kind == VALUE_TUPLE)
		diag_help(d, "join(\", \", ...) makes one string of a list");
}

/* The part that ends the directive at `i`, and the else of an if, or the end again. Where the
 * parser found no end, that is behind the last part. */
static uint32_t directive_end(const struct expr_template *template, uint32_t i, uint32_t *middle)
{
	uint32_t depth = 0;
	*middle = 0;
	for (; i < template->parts.n; i++) {
		enum part_kind kind = template->parts.at[i].kind;
		depth += kind == PART_IF || kind == PART_FOR;
		if (kind == PART_ELSE && depth == 1)
			*middle = i;
		depth -= kind == PART_ENDIF || kind == PART_ENDFOR;
		if (depth == 0)
			break;
	}
	*middle = *middle ? *middle : i;
	return i;
}

static void write_parts(struct writing *w, uint32_t from, uint32_t end);

static void write_if(struct writing *w, uint32_t i, uint32_t middle, uint32_t end)
{
	const struct expr *condition = w->template->parts.at[i].expr;
	struct value value = evaluate(w->scope, condition);
	bool truth;
	if (value.kind != VALUE_POISON && value_to_bool(&value, &truth)) {
		write_parts(w, truth ? i + 1 : middle + (middle < end), truth ? middle : end);
		return;
	}
	w->is_whole = false;
	if (value.kind == VALUE_POISON)
		return;
	struct diag *d = diag_error(w->scope->diags, D_OPERAND, condition->at);
	diag_say(d, "a condition is a boolean, and this is %s", value_kind_name(value.kind));
}

static void write_for(struct writing *w, uint32_t i, uint32_t end)
{
	struct named_loop loop;
	if (!named_loop_start(w->scope, &loop, &w->template->parts.at[i].intro)) {
		w->is_whole = false;
		return;
	}
	while (w->is_whole && named_loop_next(w->scope, &loop) && !budget_is_spent(w->scope))
		if (budget_take_values(w->scope, w->template->parts.at[i].at, 1))
			write_parts(w, i + 1, end);
	named_loop_leave(w->scope, &loop);
}

/* Returns the next part. */
static uint32_t write_part(struct writing *w, uint32_t i)
{
	const struct template_part *part = &w->template->parts.at[i];
	uint32_t middle, end;
	switch (part->kind) {
	case PART_LITERAL:
		append(w, w->texts[i]);
		return i + 1;
	case PART_INTERPOLATION:
		write_value(w, part);
		return i + 1;
	case PART_IF:
		end = directive_end(w->template, i, &middle);
		w->is_whole &= end < w->template->parts.n;
		write_if(w, i, middle, end);
		return end + 1;
	case PART_FOR:
		end = directive_end(w->template, i, &middle);
		w->is_whole &= end < w->template->parts.n;
		write_for(w, i, end);
		return end + 1;
	case PART_ELSE:
	case PART_ENDIF:
	case PART_ENDFOR:
	case PART_BAD:
		w->is_whole = false;
	}
	return i + 1;
}

static void write_parts(struct writing *w, uint32_t from, uint32_t end)
{
	if (!budget_enter(w->scope, w->template->expr.at)) {
		w->is_whole = false;
		return;
	}
	while (from < end)
		from = write_part(w, from);
	budget_leave(w->scope);
}

struct value template_evaluate(struct scope *scope, const struct expr_template *template)
{
	struct writing w = { .scope = scope, .template = template, .is_whole = true };
	uint32_t n = template->parts.n;
	/* An interpolation by itself is the value, not its text. */
	if (n == 1 && template->parts.at[0].kind == PART_INTERPOLATION) {
		struct value value = evaluate(scope, template->parts.at[0].expr);
		value.at = template->expr.at;
		return value;
	}
	decode_literals(&w);
	strip(&w);
	if (template->is_flush)
		flush(&w);
	write_parts(&w, 0, n);
	if (!w.is_whole || budget_is_spent(scope))
		return make_poison(template->expr.at);
	return make_string(scope, template->expr.at, (struct text){ w.out.at, w.out.n });
}

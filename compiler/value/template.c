#include "value/template.h"

#include <string.h>

#include "base/diag.h"
#include "base/utf8.h"
#include "syntax/expr.h"
#include "syntax/literal.h"

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

/* How many characters <<- cuts off at the start of each line: what all lines have. */
static uint32_t common_indent(struct scope *scope, const struct expr_template *template)
{
	uint32_t least = UINT32_MAX, count;
	bool at_start = true;
	for (uint32_t i = 0; i < template->parts.n; i++) {
		struct text text = source_text(scope->sources, template->parts.at[i].at);
		if (at_start && !is_blank(text)) {
			skip_spaces(text, UINT32_MAX, &count);
			least = count < least ? count : least;
		}
		at_start = ends_line(text);
	}
	return least;
}

static bool report_sequence(struct scope *scope, const struct expr_template *template)
{
	for (uint32_t i = 0; i < template->parts.n; i++) {
		const struct template_part *part = &template->parts.at[i];
		if (part->kind == PART_LITERAL)
			continue;
		if (part->kind != PART_BAD) {
			struct diag *d = diag_error(scope->diags, D_SEQUENCE, part->at);
			diag_help(d, "write the value out; for the characters themselves write %s{",
				  source_text(scope->sources, part->at).s[0] == '$' ? "$$" : "%%");
		}
		return true;
	}
	return false;
}

struct value template_evaluate(struct scope *scope, const struct expr_template *template)
{
	struct value value = { .kind = VALUE_STRING, .at = template->expr.at };
	if (report_sequence(scope, template)) {
		value.kind = VALUE_POISON;
		return value;
	}
	uint32_t indent = template->is_flush ? common_indent(scope, template) : 0, count;
	bool at_start = true;
	size_t room = 1;
	for (uint32_t i = 0; i < template->parts.n; i++)
		room += template->parts.at[i].at.end - template->parts.at[i].at.start;
	char *out = arena_alloc(scope->arena, room);
	for (uint32_t i = 0; i < template->parts.n; i++) {
		struct text text = source_text(scope->sources, template->parts.at[i].at);
		size_t cut = 0;
		if (at_start && indent > 0 && !is_blank(text))
			cut = skip_spaces(text, indent, &count);
		at_start = ends_line(text);
		text.s += cut;
		text.n -= cut;
		value.string.n += literal_decode(text, !template->is_heredoc, out + value.string.n);
	}
	value.string.s = out;
	return value;
}

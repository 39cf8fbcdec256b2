/* What is said where the grammar does not take a token. */
#include "grammar/parser.h"

#include <string.h>

#include "hcl.tab.h"

/* What people write instead, told by the token that was refused and the one ahead of it. 0: any. */
static const struct slip {
	int before, found;
	bool in_body; /* only where an item of a body is being read */
	const char *message, *help;
} slips[] = {
	/* clang-format off */
	{ T_NAME,     T_EQUAL,    true,  "an attribute is set with one =", "write = instead of ==" },
	{ T_NAME,     ':',        true,  "an attribute is set with =", "write = instead of :" },
	{ T_NAME,     T_ARROW,    true,  "an attribute is set with =", "write = instead of =>" },
	{ T_LINE_END, T_STRING,   true,  "the name of an attribute stands without quotes", "remove the quotes" },
	{ '=',        T_LINE_END, true,  "the value is missing", "write a value behind =" },
	{ '=',        '=',        true,  "an attribute is set with one =", "remove one =" },
	{ T_NAME,     T_LINE_END, true,  "a name alone is nothing", "write name = value, or put the block's { on this line" },
	{ T_STRING,   T_LINE_END, true,  "a block's { stands on the line of its name", "move the { up to this line, or write { } here" },
	{ T_LINE_END, T_BODY,     true,  "a block's { stands on the line of its name", "move the { up" },
	{ 0,          T_ARROW,    false, "=> stands between the key and the value of an object's for", "write { for k, v in x : k => v }" },
	{ 0,          T_FOR,      false, "a for expression stands alone in its brackets", "put it in brackets of its own" },
	{ 0,          ',',        true,  "there is a comma too many", "attributes stand on lines of their own, without commas" },
	{ T_STRING,   T_STRING,   false, "a comma is missing between two elements", "write a comma between them" },
	{ T_NUMBER,   T_NUMBER,   false, "a comma is missing between two elements", "write a comma between them" },
	{ T_STRING,   T_NUMBER,   false, "a comma is missing between two elements", "write a comma between them" },
	{ T_NUMBER,   T_STRING,   false, "a comma is missing between two elements", "write a comma between them" },
	{ 0,          T_NAME,     true,  "an attribute ends with its line", "begin a new line here" },
	/* clang-format on */
};

static const struct slip *find_slip(const struct parser *p, int found)
{
	bool in_body = p->frames.at[p->frames.n - 1].kind == FRAME_BODY;
	for (size_t i = 0; i < countof(slips); i++)
		if (slips[i].found == found &&
		    (slips[i].before == 0 || slips[i].before == p->before_last) &&
		    (!slips[i].in_body || in_body || found == T_BODY))
			return &slips[i];
	return NULL;
}

/* "5m", "10MB", "0x10": a number with letters right behind it. */
static bool report_unit(struct parser *p, const struct syntax_error *error)
{
	uint32_t end = error->at.start - p->source->base, start = end;
	if (error->kind != T_NAME || p->before_last != T_NUMBER || p->text[end - 1] == ' ')
		return false;
	while (start > 0 && ((p->text[start - 1] >= '0' && p->text[start - 1] <= '9') ||
			     p->text[start - 1] == '.'))
		start--;
	if (start == end)
		return false;
	struct span whole = { p->source->base + start, error->at.end };
	int length = (int)(whole.end - whole.start);
	struct diag *d = diag_error(p->diags, D_SYNTAX, whole);
	diag_say(d, "%.*s is not a number", length, p->text + start);
	if (p->text[start] == '0' && (p->text[end] == 'x' || p->text[end] == 'X'))
		diag_help(d, "numbers are decimal here");
	else
		diag_help(d, "with a unit it is a string: \"%.*s\"", length, p->text + start);
	return true;
}

/* The same mistake seen from its other side: nothing but blanks lies between. */
static bool follows_error(const struct parser *p, const struct syntax_error *error)
{
	uint32_t at = error->at.start - p->source->base;
	if (p->error_end == 0 || p->error_end > at)
		return false;
	for (uint32_t i = p->error_end; i < at; i++)
		if (!strchr(" \t\r\n", p->text[i]))
			return false;
	return true;
}

/* The expected tokens as a list; an operator that could go on an expression is no news. */
static const char *join(struct parser *p, const struct syntax_error *error)
{
	const char *text = "";
	uint32_t n = 0;
	for (int i = 0; i < error->expected_n && n < 4; i++) {
		const char *name = error->expected[i];
		if (strcmp(name, "error") == 0)
			continue;
		text = arena_printf(p->scratch, "%s%s%s", text, n ? " or " : "", name);
		n++;
	}
	return text;
}

void syntax_error_report(struct parser *p, const struct syntax_error *error)
{
	bool is_again = error->kind == T_BODY && follows_error(p, error);
	p->error_end = error->at.end - p->source->base;
	if (is_again || report_unit(p, error))
		return;
	struct diag *d = diag_error(p->diags, D_SYNTAX, error->at);
	const struct slip *slip = find_slip(p, error->kind);
	if (slip) {
		diag_say(d, "%s", slip->message);
		if (slip->help)
			diag_help(d, "%s", slip->help);
		return;
	}
	const char *expected =
		error->expected_n > 0 && error->expected_n <= 4 ? join(p, error) : "";
	if (*expected)
		diag_say(d, "%s does not belong here: expected %s", error->found, expected);
	else
		diag_say(d, "%s does not belong here", error->found);
	diag_help(d, "look at what stands before it");
}

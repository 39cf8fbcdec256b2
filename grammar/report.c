/* What is said where the grammar does not take a token. */
#include "grammar/parser.h"

#include <string.h>

#include "hcl.tab.h"

/* What people write instead, told by the token that was refused and the one ahead of it. 0: any. */
static const struct slip {
	int before, found;
	const char *message, *help;
} slips[] = {
	{ T_NAME, T_EQUAL, "an attribute is set with one =", "write = instead of ==" },
	{ T_NAME, ':', "an attribute is set with =", "write = instead of :" },
	{ T_NAME, T_ARROW, "an attribute is set with =", "write = instead of =>" },
	{ T_STRING, '=', "the name of an attribute stands without quotes", "remove the quotes" },
	{ '=', T_LINE_END, "the value is missing", "write a value behind =" },
	{ '=', '=', "an attribute is set with one =", "remove one =" },
	{ T_NAME, T_LINE_END, "a name alone is nothing",
	  "write name = value, or put the block's { on this line" },
	{ T_STRING, T_LINE_END, "a block's { stands on the line of its name",
	  "move the { up to this line" },
	{ 0, T_ARROW, "=> belongs to a for expression alone", NULL },
	{ 0, T_FOR, "a for expression stands alone in its brackets",
	  "put it in brackets of its own" },
	{ 0, ',', "there is a comma too many",
	  "attributes stand on lines of their own, without commas" },
	{ T_STRING, T_STRING, "a comma is missing between two elements",
	  "write a comma between them" },
	{ T_NUMBER, T_NUMBER, "a comma is missing between two elements",
	  "write a comma between them" },
	{ T_STRING, T_NUMBER, "a comma is missing between two elements",
	  "write a comma between them" },
	{ T_NUMBER, T_STRING, "a comma is missing between two elements",
	  "write a comma between them" },
	{ T_NUMBER, T_NAME, "a unit does not belong to a number",
	  "write it as a string: \"5m\", \"10s\"" },
};

static const struct slip *find_slip(const struct parser *p, int found)
{
	for (size_t i = 0; i < countof(slips); i++)
		if (slips[i].found == found &&
		    (slips[i].before == 0 || slips[i].before == p->before_last))
			return &slips[i];
	return NULL;
}

/* The expected tokens as a list; an operator that could go on an expression is no news. */
static const char *join(struct parser *p, const struct syntax_error *error)
{
	char *text = "";
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

/* What is said where the grammar does not take a token. */
#include "grammar/parser.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "hcl.tab.h"

/* Where a token stands. */
enum {
	START = 1,	  /* of an item */
	HEADER = 2,	  /* of an item, ahead of = or { */
	VALUE = 4,	  /* of an attribute */
	OBJECT = 8,	  /* { } of a value */
	LIST = 16,	  /* [ ] */
	PARENTHESES = 32, /* of an expression or a call */
	FOR = 64,	  /* { for } */
	SEQUENCE = 128,	  /* ${ } */
	DIRECTIVE = 256,  /* %{ } */
	ONE_LINE = 512,	  /* besides another place: a block on one line */
	ANYWHERE = 511,
};

/* What the grammar waits for. */
enum state {
	ANY_STATE,
	BEGIN, /* a value */
	END,   /* whatever goes on with a value or ends it */
	NAMED, /* the = of an object's member */
	COLON, /* the : of a conditional */
};

/* Kinds of tokens taken together. */
enum { ANY, OPERATOR = -1, VALUE_START = -2 };

/* What people write instead. The first row that fits is taken. */
static const struct slip {
	uint16_t places;
	uint8_t state;
	int16_t before, found, next; /* kinds: the last token, the refused one, the one behind it */
	const char *message, *help;
	bool is_of_item; /* the message stands at the whole beginning of the item */
} slips[] = {
	/* clang-format off */
	{ START, 0, 0, '=', 0, "the name of the attribute is missing", "write name = value" },
	{ START, 0, 0, T_STRING, '=', "the name of an attribute stands without quotes", "remove the quotes" },
	{ START, 0, 0, T_STRING, ':', "the name of an attribute stands without quotes", "write name = value" },
	{ START, 0, 0, 0, 0, "a line begins with a name", "an attribute is written name = value, a block name { ... }" },

	{ HEADER, 0, T_NAME, T_EQUAL, 0, "an attribute is set with one =", "write = instead of ==" },
	{ HEADER, 0, T_NAME, ':', '=', "an attribute is set with =", "write = instead of :=" },
	{ HEADER, 0, T_NAME, ':', 0, "an attribute is set with =", "write = instead of :" },
	{ HEADER, 0, T_NAME, T_ARROW, 0, "an attribute is set with =", "write = instead of =>" },
	{ HEADER, 0, 0, OPERATOR, '=', "an attribute is set with = alone", "write the whole value behind it" },
	{ HEADER, 0, 0, '.', 0, "a name has no dots here", "a label with dots stands in quotes; an attribute within another stands in braces" },
	{ HEADER, 0, 0, '[', 0, "an element cannot be set alone", "write the whole list: name = [ ... ]" },
	{ HEADER, 0, 0, '=', 0, "only one name stands ahead of =", "remove the other word" },
	{ HEADER, 0, 0, ',', 0, "there are no commas between labels", "separate them by blanks" },
	{ HEADER, 0, 0, '(', 0, "a label is a name, or a string in quotes", NULL },
	{ HEADER, 0, 0, T_NUMBER, 0, "= is missing between the name and its value", "write name = value" },
	{ HEADER, 0, T_STRING, T_LINE_END, 0, "this is neither an attribute nor a block", "write name = value, or end the line with the block's {" },
	{ HEADER, 0, 0, T_LINE_END, 0, "= or { is missing", "write name = value, or end the line with the block's {" },
	{ HEADER | ONE_LINE, 0, 0, T_BODY, 0, "a block on one line holds no other block", "put what is in it on lines of its own", true },
	{ HEADER | ONE_LINE, 0, 0, '}', 0, "= is missing", "write name = value" },

	{ VALUE, BEGIN, '=', T_LINE_END, 0, "the value is missing", "write a value behind =" },
	{ VALUE, BEGIN, '=', '=', 0, "an attribute is set with one =", "remove one =" },
	{ VALUE | ONE_LINE, END, 0, T_LINE_END, 0, "a block that begins on one line ends there too", "put the attribute on a line of its own" },
	{ VALUE | ONE_LINE, END, 0, ',', 0, "a block on one line holds one attribute", "put each attribute on a line of its own, without commas" },
	{ VALUE | ONE_LINE, END, 0, VALUE_START, 0, "a block on one line holds one attribute", "put each attribute on a line of its own" },
	{ VALUE, COLON, 0, T_LINE_END, 0, "the other result is missing", "a conditional is written condition ? result : other" },
	{ VALUE, END, 0, ',', 0, "there is a comma too many", "attributes stand on lines of their own; several values stand in a list: [a, b]" },
	{ VALUE, END, 0, T_NAME, '=', "an attribute ends with its line", "begin a new line here" },
	{ VALUE, END, 0, VALUE_START, 0, "the attribute has its value already", "several values stand in a list: [a, b]" },
	{ VALUE, END, 0, '=', 0, "= stands once in an attribute", "write == to compare" },
	{ VALUE, BEGIN, 0, T_LINE_END, 0, "the expression is not complete", "an expression ends with its line, but for one in parentheses" },

	{ ANYWHERE, BEGIN, T_EQUAL, '=', 0, "there is no operator ===", "write ==" },
	{ ANYWHERE, BEGIN, T_NOT_EQUAL, '=', 0, "there is no operator !==", "write !=" },
	{ ANYWHERE, BEGIN, '<', '>', 0, "there is no operator <>", "write !=" },
	{ ANYWHERE, BEGIN, '<', '<', 0, "there is no heredoc of this form", "write <<WORD with nothing behind the word, and end it with a line that holds only WORD" },
	{ ANYWHERE, BEGIN, 0, '<', '<', "there is no heredoc of this form", "write <<WORD with nothing behind the word, and end it with a line that holds only WORD" },
	{ ANYWHERE, BEGIN, '*', '*', 0, "there is no operator **", NULL },
	{ ANYWHERE, BEGIN, 0, '+', 0, "there is no sign +", "leave it out" },
	{ ANYWHERE, BEGIN, 0, '.', T_NUMBER, "a number begins with a digit", "write 0 ahead of the point" },

	{ LIST, BEGIN, 0, ',', 0, "an element is missing", "remove one of the commas" },
	{ LIST, BEGIN, ':', 0, 0, "the range has no end", "a range has two: 10000:20000" },
	{ LIST, BEGIN, 0, ':', 0, "the range has no start", "a range has two ends: 10000:20000" },
	{ LIST, END, 0, T_FOR, 0, "a for expression stands alone in its brackets", "put it in brackets of its own" },
	{ LIST, END, 0, VALUE_START, 0, "a comma is missing between two elements", "write a comma ahead of this" },
	{ LIST, END, 0, '=', 0, "an element has no name", "names and values stand in braces: { name = value }" },

	{ PARENTHESES, BEGIN, 0, ',', 0, "an argument is missing", "remove one of the commas" },
	{ PARENTHESES, END, 0, VALUE_START, 0, "an operator or a comma is missing", NULL },

	{ OBJECT, NAMED, 0, T_ARROW, 0, "a member is set with =", "write = instead of =>" },
	{ OBJECT, NAMED, 0, T_EQUAL, 0, "a member is set with one =", "write = instead of ==" },
	{ OBJECT, NAMED, 0, VALUE_START, 0, "= is missing between the name and its value", "write name = value" },
	{ OBJECT, NAMED, 0, 0, 0, "a member has a name and a value", "write name = value; values alone stand in a list: [a, b]" },
	{ OBJECT, BEGIN, 0, ',', 0, "there is a comma too many", "remove it" },
	{ OBJECT, BEGIN, 0, T_NEWLINE, 0, "the value is missing", "write a value on this line" },
	{ OBJECT, END, 0, VALUE_START, 0, "a comma is missing between two members", "write a comma ahead of this, or begin a new line" },

	{ SEQUENCE, BEGIN, T_INTERPOLATION, T_SEQUENCE_END, 0, "the sequence is empty", "write a value in it; for the characters themselves write $${" },
	{ SEQUENCE, 0, 0, ':', 0, "sequences have no default values", "what is meant for a shell is written $${...}" },

	{ DIRECTIVE, 0, T_ELSE, T_IF, 0, "there is no else if", "write %{ else }%{ if ... }, and end both" },
	{ DIRECTIVE, 0, T_DIRECTIVE, 0, 0, "this is no directive", "the directives are if, else, endif, for and endfor; for the characters themselves write %%{" },

	{ FOR, END, 0, '=', 0, "=> stands between a key and its value here", "write => instead of =" },
	{ ANYWHERE, 0, 0, T_ARROW, 0, "=> stands between the key and the value of an object's for", "write { for k, v in x : k => v }" },
	/* clang-format on */
};

static bool is_operator(int kind)
{
	return (kind < 128 && kind > 0 && strchr("+-*/%<>?.:", kind)) || kind == T_EQUAL ||
	       kind == T_NOT_EQUAL || kind == T_AT_LEAST || kind == T_AT_MOST || kind == T_AND ||
	       kind == T_OR;
}

bool token_starts_value(int kind)
{
	return token_is_name(kind) || kind == T_NUMBER || kind == T_STRING || kind == T_QUOTE ||
	       kind == T_HEREDOC || kind == '[' || kind == '{' || kind == '(' ||
	       kind == T_BRACE_FOR;
}

static unsigned place_of(const struct parser *p)
{
	const struct frame *inside = &p->inside;
	if (inside->kind == FRAME_BODY) {
		bool is_start = p->before_last == T_LINE_END || p->before_last == T_BODY;
		unsigned place = inside->in_value ? VALUE : is_start ? START : HEADER;
		return inside->is_one_line ? place | ONE_LINE : place;
	}
	switch (inside->opener) {
	case '{':
		return OBJECT;
	case '[':
		return LIST;
	case '(':
		return PARENTHESES;
	case T_BRACE_FOR:
		return FOR;
	case T_INTERPOLATION:
		return SEQUENCE;
	default:
		return DIRECTIVE;
	}
}

static bool kind_fits(int wanted, int kind)
{
	switch (wanted) {
	case ANY:
		return true;
	case OPERATOR:
		return is_operator(kind);
	case VALUE_START:
		return token_starts_value(kind);
	default:
		return wanted == kind;
	}
}

static bool state_fits(enum state state, const struct syntax_error *error)
{
	switch (state) {
	case ANY_STATE:
		return true;
	case BEGIN:
		return error->wants_value;
	case END:
		return error->ends_value;
	case NAMED:
		return error->ends_value && error->wants_equal;
	case COLON:
		return error->ends_value && error->wants_colon;
	}
	return false;
}

static const struct slip *find_slip(const struct parser *p, const struct syntax_error *error)
{
	unsigned place = place_of(p);
	int next = parser_peek(p);
	for (size_t i = 0; i < countof(slips); i++) {
		const struct slip *slip = &slips[i];
		if ((slip->places & place & ANYWHERE) &&
		    (!(slip->places & ONE_LINE) || (place & ONE_LINE)) &&
		    state_fits((enum state)slip->state, error) &&
		    kind_fits(slip->before, p->before_last) &&
		    kind_fits(slip->found, error->kind) && kind_fits(slip->next, next))
			return slip;
	}
	return NULL;
}

/* "0x10" and "1_000" are numbers elsewhere; all others with letters have a unit. */
static void help_number(struct diag *d, struct text word)
{
	enum { HEX_MAX = 18 };
	char plain[32];
	size_t n = 0;
	for (size_t i = 0; i < word.n && n + 1 < sizeof plain; i++)
		if (word.s[i] != '_')
			plain[n++] = word.s[i];
	plain[n] = '\0';
	char *end;
	unsigned long long number = strtoull(plain, &end, 16);
	if (word.n > 2 && word.n <= HEX_MAX && word.s[0] == '0' &&
	    (word.s[1] == 'x' || word.s[1] == 'X') && !*end)
		diag_help(d, "numbers are decimal here: write %llu", number);
	else if (strspn(plain, "0123456789.") == n && word.n < sizeof plain)
		diag_help(d, "write %s", plain);
	else
		diag_help(d, "with a unit it is a string: write \"%.*s\"", (int)word.n, word.s);
}

/* Addresses, paths, times: what HCL takes apart into names, numbers and operators. */
static bool report_word(struct parser *p, const struct syntax_error *error)
{
	uint32_t at = error->at.start - p->source->base;
	struct text word = parser_word(p, at);
	uint32_t start = (uint32_t)(word.s - p->text);
	bool is_taken_apart = start + word.n > at && word.n > error->at.end - error->at.start;
	bool has_digit = false, is_number = word.n > 0 && isdigit((unsigned char)word.s[0]);
	for (size_t i = 0; i < word.n; i++) {
		has_digit |= isdigit((unsigned char)word.s[i]) || strchr("/.", word.s[i]);
		is_number &= isalnum((unsigned char)word.s[i]) || strchr("._", word.s[i]);
	}
	if (!is_taken_apart || !has_digit || (place_of(p) & (START | HEADER | SEQUENCE)) ||
	    !(isalnum((unsigned char)word.s[0]) || word.s[0] == '/' ||
	      strncmp(word.s, "::", 2) == 0))
		return false;
	struct diag *d = parser_error(p, D_SYNTAX, start, (uint32_t)word.n);
	if (is_number) {
		diag_say(d, "%.*s is not a number", (int)word.n, word.s);
		help_number(d, word);
	} else {
		diag_say(d, "%.*s needs quotes", (int)word.n, word.s);
		diag_help(d, "write \"%.*s\"", (int)word.n, word.s);
	}
	return true;
}

/* "x and y", "not x": the words of other languages for HCL's operators. */
static bool report_operator_word(struct parser *p, const struct syntax_error *error)
{
	static const struct {
		const char *word, *help;
	} words[] = { { "and", "write &&" }, { "or", "write ||" }, { "not", "write !" },
		      { "is", "write ==" },  { "eq", "write ==" }, { "ne", "write !=" } };

	if (!error->ends_value || p->next < 2)
		return false;
	for (uint32_t i = p->next - 2; i < p->next; i++) {
		const struct token *token = &p->tokens.at[i];
		struct text text = { p->text + token->start, token->length };
		for (size_t k = 0; k < countof(words); k++) {
			if (!text_is(text, words[k].word))
				continue;
			struct diag *d = parser_error(p, D_SYNTAX, token->start, token->length);
			diag_say(d, "%s is no operator of HCL", words[k].word);
			diag_help(d, "%s", words[k].help);
			return true;
		}
	}
	return false;
}

/* A file that begins with a brace is JSON: nothing in it is worth a message of its own. */
static bool report_json(struct parser *p, const struct syntax_error *error)
{
	if (error->kind != T_BODY || p->before_last != T_LINE_END || p->frames.n != 2)
		return false;
	for (const char *s = p->text; s < p->text + (error->at.start - p->source->base); s++)
		if (!isspace((unsigned char)*s))
			return false;
	struct diag *d = diag_error(p->diags, D_SYNTAX, error->at);
	p->has_given_up = true;
	diag_say(d, "a file does not begin with a brace");
	diag_help(d, "JSON is written as HCL so: name = value, without braces around the file");
	return true;
}

/* A token's name as bison has it, in quotes where it stands for itself. */
static const char *quote_name(struct parser *p, const char *name)
{
	if (name[0] == '\'')
		return arena_printf(p->scratch, "\"%c\"", name[1]);
	bool is_description = strncmp(name, "a ", 2) == 0 || strncmp(name, "the ", 4) == 0 ||
			      strcmp(name, "text") == 0;
	return is_description ? name : arena_printf(p->scratch, "\"%s\"", name);
}

static const char *join_expected(struct parser *p, const struct syntax_error *error)
{
	if (error->wants_value)
		return "a value";
	const char *text = "";
	for (int i = 0; i < error->expected_n; i++)
		text = arena_printf(p->scratch, "%s%s%s", text, i ? " or " : "",
				    quote_name(p, error->expected[i]));
	return text;
}

static const char *describe(struct parser *p, const struct syntax_error *error)
{
	enum { LONGEST = 40 };
	struct text text = { p->text + (error->at.start - p->source->base),
			     error->at.end - error->at.start };
	if ((error->kind == T_NAME || error->kind == T_NUMBER) && text.n <= LONGEST)
		return arena_printf(p->scratch, "\"%.*s\"", (int)text.n, text.s);
	return quote_name(p, error->found);
}

/* What follows a mistake on its line is more often made by it than a mistake of its own. */
static bool follows_error(struct parser *p, uint32_t at)
{
	uint32_t line = parser_line_start(p, at) + 1;
	bool is_same = p->error_line == line;
	p->error_line = line;
	return is_same;
}

/* From the first word of a block in a block to the token that is refused. */
static struct span item_beginning(const struct parser *p, const struct syntax_error *error)
{
	uint32_t start = error->at.start - p->source->base, i = p->next;
	while (i > 0 && p->tokens.at[i - 1].start >= start)
		i--;
	for (; i > 0 && p->tokens.at[i - 1].kind != '{'; i--)
		start = p->tokens.at[i - 1].start;
	return (struct span){ p->source->base + start, error->at.end };
}

void syntax_error_report(struct parser *p, const struct syntax_error *error)
{
	enum { EXPECTED_MAX = 4 };
	uint32_t at = error->at.start - p->source->base;
	bool is_told = p->is_made_up || p->was_made_up || at < p->word_end ||
		       parser_is_faulty(p, at) || follows_error(p, at);
	if (is_told || report_json(p, error) || report_word(p, error) ||
	    report_operator_word(p, error))
		return;
	const struct slip *slip = find_slip(p, error);
	bool is_of_item = slip && slip->is_of_item;
	struct diag *d =
		diag_error(p->diags, D_SYNTAX, is_of_item ? item_beginning(p, error) : error->at);
	if (slip) {
		diag_say(d, "%s", slip->message);
		if (slip->help)
			diag_help(d, "%s", slip->help);
	} else if (error->wants_value || error->expected_n <= EXPECTED_MAX) {
		diag_say(d, "expected %s, found %s", join_expected(p, error), describe(p, error));
	} else {
		diag_say(d, "%s does not belong here", describe(p, error));
	}
}

/* Whether "name =", "name {" or "name label" stands at token `i`. */
static bool is_item(const struct parser *p, uint32_t i)
{
	if (i + 1 >= p->tokens.n || !token_is_name(p->tokens.at[i].kind))
		return false;
	int behind = p->tokens.at[i + 1].kind;
	return behind == '=' || behind == '{' || behind == T_STRING || token_is_name(behind);
}

/* Whether the item goes on with token `i`, on another line. */
static bool goes_on(const struct parser *p, uint32_t i)
{
	int kind = p->tokens.at[i].kind;
	int behind = i + 1 < p->tokens.n ? p->tokens.at[i + 1].kind : T_NEWLINE;
	if (is_operator(kind))
		return i == p->next && !is_item(p, i + 1) && token_starts_value(behind);
	if (p->last != '=' && !is_operator(p->last))
		return false;
	if (kind == T_STRING)
		return behind != '=' && behind != '{';
	if (token_is_name(kind))
		return behind == T_NEWLINE || behind == '.' || behind == '(' || behind == '[';
	return token_starts_value(kind) || kind == '!';
}

static bool ends_header(int kind)
{
	return token_is_name(kind) || kind == T_STRING || kind == T_QUOTE_END;
}

bool line_break_report(struct parser *p, struct span at)
{
	uint32_t next = p->next;
	while (next < p->tokens.n && p->tokens.at[next].kind == T_NEWLINE)
		next++;
	if (next == p->tokens.n || p->inside.is_one_line || p->is_made_up)
		return false;
	const struct token *token = &p->tokens.at[next];
	if (!p->inside.in_value) {
		if (token->kind != '{' || !ends_header(p->last))
			return false;
		struct diag *d = parser_error(p, D_SYNTAX, token->start, token->length);
		diag_say(d, "a block's { stands on the line of its name");
		diag_note(d, at, "that line ends here");
		diag_help(d, "move it up");
		p->next = next;
		return true;
	}
	if (!goes_on(p, next))
		return false;
	p->next = next;
	struct diag *d = diag_error(p->diags, D_SYNTAX, at);
	diag_note(d, token_span(p, token), "it goes on here");
	if (p->last == '=') {
		diag_say(d, "a value begins on the line of its =");
		diag_help(d, "move it up");
	} else {
		diag_say(d, "an expression ends with its line");
		diag_help(d, "put it in parentheses to go on over several lines");
	}
	return true;
}

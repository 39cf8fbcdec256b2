/* The bracket pass: afterwards every opener has its closer, so the grammar never sees a mismatch.
 */
#include "grammar/parser.h"

#include <string.h>

#include "hcl.tab.h"

static int closer_of(int opener)
{
	switch (opener) {
	case '{':
		return '}';
	case '[':
		return ']';
	case '(':
		return ')';
	case T_QUOTE:
		return T_QUOTE_END;
	case T_HEREDOC:
		return T_HEREDOC_END;
	case T_INTERPOLATION:
	case T_DIRECTIVE:
		return T_SEQUENCE_END;
	default:
		return 0;
	}
}

static bool ends_template(int kind)
{
	return kind == T_QUOTE_END || kind == T_HEREDOC_END || kind == T_SEQUENCE_END;
}

static bool is_closer(int kind)
{
	return kind == '}' || kind == ']' || kind == ')' || ends_template(kind);
}

bool token_is_name(int kind)
{
	return kind == T_NAME || kind == T_FOR || kind == T_IN || kind == T_IF || kind == T_ELSE ||
	       kind == T_ENDIF || kind == T_ENDFOR;
}

struct tokens {
	const struct token *at;
	uint32_t n;
};

struct opener {
	struct token token;
	uint32_t line, indent; /* where its line starts, and the blanks there */
};

struct matcher {
	struct parser *p;
	const struct tokens *from;
	VEC(struct opener) open;
};

enum balance { BALANCED, UNBALANCED, TOO_DEEP };

static void report_depth(struct parser *p, const struct token *token)
{
	struct diag *d = parser_error(p, D_TOO_DEEP, token->start, token->length);
	diag_say(d, "brackets and blocks are nested more than %d deep", NESTING_MAX);
}

static enum balance balance(struct parser *p)
{
	uint16_t open[NESTING_MAX];
	uint32_t n = 0;
	for (uint32_t i = 0; i < p->tokens.n; i++) {
		const struct token *token = &p->tokens.at[i];
		int closer = closer_of(token->kind);
		if (closer && n == NESTING_MAX) {
			report_depth(p, token);
			return TOO_DEEP;
		}
		if (closer)
			open[n++] = (uint16_t)closer;
		else if (is_closer(token->kind) && (n == 0 || open[--n] != token->kind))
			return UNBALANCED;
	}
	return n == 0 ? BALANCED : UNBALANCED;
}

/* Blanks ahead of the line that the byte stands in. */
static uint32_t indent_of(struct parser *p, uint32_t byte)
{
	uint32_t start = parser_line_start(p, byte), end = start;
	while (p->text[end] == ' ' || p->text[end] == '\t')
		end++;
	return end - start;
}

/* Whether "name =" or "name labels {" stands at token i. */
static bool starts_item(const struct tokens *from, uint32_t i)
{
	if (i >= from->n || !token_is_name(from->at[i].kind))
		return false;
	if (i + 1 < from->n && from->at[i + 1].kind == '=')
		return true;
	for (i++; i < from->n; i++) {
		int kind = from->at[i].kind;
		if (kind == '{')
			return true;
		if (!token_is_name(kind) && kind != T_STRING)
			return false;
	}
	return false;
}

static void open_push(struct matcher *m, struct token token)
{
	uint32_t line = parser_line_start(m->p, token.start);
	*push(m->p->scratch, &m->open) =
		(struct opener){ token, line, indent_of(m->p, token.start) };
}

static void add(struct matcher *m, int kind, uint32_t start)
{
	token_add(m->p, kind, start, 0)->is_made_up = true;
}

/* Closes the innermost opener at `start`. */
static void end_top(struct matcher *m, uint32_t start)
{
	const struct opener *top = &m->open.at[m->open.n - 1];
	/* A block's brace stands on a line of its own. */
	if (top->token.kind == '{')
		add(m, T_NEWLINE, start);
	add(m, closer_of(top->token.kind), start);
	m->open.n--;
}

/* The same for one that nothing closes, which was seen at `seen`. */
static void close_top(struct matcher *m, uint32_t start, uint32_t seen, const char *noticed)
{
	const struct opener *top = &m->open.at[m->open.n - 1];
	struct diag *d =
		parser_fault(m->p, D_UNCLOSED_BRACKET, top->token.start, top->token.length);
	diag_say(d, "this %.*s is never closed", (int)top->token.length,
		 m->p->text + top->token.start);
	diag_note(d, parser_span(m->p, seen, 0), "%s", noticed);
	diag_help(d, "add %c", closer_of(top->token.kind) < 128 ? closer_of(top->token.kind) : '}');
	end_top(m, start);
}

/* At the end of a line, layout tells what was forgotten: an item closes round and square brackets,
 * and braces too where it stands no further in than the line that opened them. */
static void close_by_layout(struct matcher *m, uint32_t i)
{
	uint32_t next = i + 1;
	while (next < m->from->n && m->from->at[next].kind == T_NEWLINE)
		next++;
	if (!starts_item(m->from, next))
		return;
	uint32_t indent = indent_of(m->p, m->from->at[next].start);
	while (m->open.n > 0) {
		const struct opener *top = &m->open.at[m->open.n - 1];
		int kind = top->token.kind;
		if (kind != '(' && kind != '[' && (kind != '{' || indent > top->indent))
			return;
		close_top(m, m->from->at[i].start, m->from->at[next].start,
			  "this begins something new");
	}
}

/* Index + 1 of the opener that this closer ends, 0 where there is none. */
static uint32_t find_opener(const struct matcher *m, int closer)
{
	for (uint32_t k = m->open.n; k > 0; k--) {
		int wanted = closer_of(m->open.at[k - 1].token.kind);
		if (wanted == closer)
			return k;
		/* What is open outside of a template is not closed from its inside. */
		if (!ends_template(closer) && ends_template(wanted))
			return 0;
	}
	return 0;
}

/* Whether something new follows token `i` on its line. */
static bool goes_on_behind(const struct matcher *m, uint32_t i)
{
	int next = i + 1 < m->from->n ? m->from->at[i + 1].kind : T_NEWLINE;
	int behind = i + 2 < m->from->n ? m->from->at[i + 2].kind : T_NEWLINE;
	return next == '=' ||
	       (token_starts_value(next) && (closer_of(next) == 0 || behind != T_NEWLINE));
}

/* Whether the closer that is token `i` stands in the middle of something: a brace that the line
 * goes on behind, or a closer with that of the innermost bracket behind it. */
static bool is_stray(const struct matcher *m, uint32_t i)
{
	enum { LOOK_AHEAD = 64 };
	const struct opener *top = m->open.n ? &m->open.at[m->open.n - 1] : NULL;
	int kind = m->from->at[i].kind, wanted = top ? closer_of(top->token.kind) : 0;
	uint32_t next = i + 1;
	if (!top || ends_template(kind) || ends_template(wanted))
		return false;
	if (kind == wanted)
		return kind == '}' && (goes_on_behind(m, i) || m->from->at[i - 1].kind == '=') &&
		       top->line != parser_line_start(m->p, m->from->at[i].start);
	uint32_t end = i + LOOK_AHEAD < m->from->n ? i + LOOK_AHEAD : m->from->n;
	for (int depth = 0; next < end && m->from->at[next].kind != T_NEWLINE; next++) {
		int behind = m->from->at[next].kind;
		if (depth == 0 && behind == wanted)
			return true;
		depth += closer_of(behind) != 0;
		depth -= is_closer(behind);
	}
	return false;
}

/* Whether the line that token `i` ends needs a brace: it holds the header of a block, or ends with
 * =, and an item stands further in behind it. */
static bool lacks_brace(const struct matcher *m, uint32_t i)
{
	uint32_t first = i, next = i + 1;
	if (m->open.n > 0 && m->open.at[m->open.n - 1].token.kind != '{')
		return false;
	while (first > 0 && m->from->at[first - 1].kind != T_NEWLINE)
		first--;
	if (first == i || !token_is_name(m->from->at[first].kind) || !starts_item(m->from, next))
		return false;
	uint32_t last = m->from->at[i - 1].kind == '=' ? i - 1 : i;
	for (uint32_t k = first; k < last; k++)
		if (!token_is_name(m->from->at[k].kind) && m->from->at[k].kind != T_STRING)
			return false;
	return indent_of(m->p, m->from->at[next].start) > indent_of(m->p, m->from->at[first].start);
}

static void add_brace(struct matcher *m, uint32_t i)
{
	const struct token *before = &m->from->at[i - 1];
	uint32_t end = before->start + before->length;
	struct diag *d = parser_fault(m->p, D_SYNTAX, end, 0);
	diag_say(d, "a { is missing");
	diag_help(d, "what stands further in belongs to a block: add {");
	add(m, '{', end);
	open_push(m, (struct token){ .start = end, .kind = '{' });
}

/* Whether a brace begins a line although nothing waits for one. */
static bool is_stray_opener(const struct matcher *m, uint32_t i)
{
	if (m->from->at[i].kind != '{' || i < 2 || m->from->at[i - 1].kind != T_NEWLINE ||
	    (m->open.n > 0 && m->open.at[m->open.n - 1].token.kind != '{'))
		return false;
	while (i > 0 && m->from->at[i - 1].kind == T_NEWLINE)
		i--;
	int before = i > 0 ? m->from->at[i - 1].kind : '{';
	return before == T_NUMBER || before == T_HEREDOC_END || before == '{' || before == '}' ||
	       before == ']' || before == ')';
}

static void report_stray_opener(struct matcher *m, const struct token *token)
{
	struct diag *d = parser_fault(m->p, D_UNCLOSED_BRACKET, token->start, token->length);
	diag_say(d, "this { begins nothing");
	diag_help(d, "remove it, or write the name of a block ahead of it");
}

/* Whether the closer that is token `i` is to be kept. */
static bool take_closer(struct matcher *m, uint32_t i)
{
	const struct token *token = &m->from->at[i];
	uint32_t found = is_stray(m, i) ? 0 : find_opener(m, token->kind);
	if (found == 0) {
		struct diag *d =
			parser_fault(m->p, D_UNOPENED_BRACKET, token->start, token->length);
		diag_say(d, "this %.*s closes nothing", (int)token->length,
			 m->p->text + token->start);
		diag_help(d, "remove it, or look for a bracket that was closed too early");
		return false;
	}
	while (m->open.n > found)
		close_top(m, token->start, token->start, "something around it ends here");
	m->open.n--;
	return true;
}

/* The token as the grammar is to see it. */
static struct token take(struct matcher *m, uint32_t i)
{
	struct token token = m->from->at[i];
	if (token.kind == T_NEWLINE)
		close_by_layout(m, i);
	if (token.kind == T_NEWLINE && lacks_brace(m, i))
		add_brace(m, i);
	if (is_stray_opener(m, i)) {
		report_stray_opener(m, &token);
		token.kind = T_INVALID;
	} else if (closer_of(token.kind)) {
		open_push(m, token);
	} else if (is_closer(token.kind) && !take_closer(m, i)) {
		token.kind = T_INVALID;
	}
	return token;
}

bool brackets_match(struct parser *p)
{
	enum balance found = balance(p);
	if (found != UNBALANCED)
		return found == BALANCED;

	/* Not before something is wrong: in a correct file layout means nothing. */
	struct tokens from = { p->tokens.at, p->tokens.n };
	struct matcher m = { .p = p, .from = &from };
	p->tokens.at = NULL;
	p->tokens.n = p->tokens.cap = 0;
	for (uint32_t i = 0; i < from.n; i++) {
		struct token token = take(&m, i);
		*push(p->scratch, &p->tokens) = token;
		if (m.open.n > NESTING_MAX) {
			report_depth(p, &token);
			return false;
		}
	}
	while (m.open.n > 0 && p->is_swallowed)
		end_top(&m, p->size);
	while (m.open.n > 0)
		close_top(&m, p->size, p->size, "the file ends here");
	return true;
}

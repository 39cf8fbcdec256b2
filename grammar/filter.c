/* The filter between the tokens and the grammar: what a newline and a brace mean depends on where
 * they stand, which a stack of frames knows without asking the parser. */
#include "grammar/filter.h"

#include "grammar/parser.h"

int parser_peek(const struct parser *p)
{
	uint32_t next = p->next;
	while (next < p->tokens.n && p->tokens.at[next].kind == T_NEWLINE)
		next++;
	return next < p->tokens.n ? p->tokens.at[next].kind : 0;
}

static int enter(struct parser *p, enum frame_kind kind, int opener)
{
	*push(p->scratch, &p->frames) = (struct frame){ .kind = kind, .opener = (uint16_t)opener };
	return opener;
}

static int newline(struct parser *p, struct frame *top, struct span at)
{
	switch (top->kind) {
	case FRAME_QUIET:
		return 0;
	case FRAME_BODY:
		if (p->last == T_LINE_END || (!p->is_recovering && line_break_report(p, at)))
			return 0;
		top->in_value = false;
		return T_LINE_END;
	case FRAME_OBJECT:
	case FRAME_TEMPLATE:
		return p->last == T_NEWLINE ? 0 : T_NEWLINE;
	}
	return 0;
}

/* A brace ahead of the = of its item begins a block's body; behind it, an object or a for. */
static int brace(struct parser *p, const struct frame *top)
{
	if (top->kind == FRAME_BODY && !top->in_value) {
		bool is_one_line = p->next < p->tokens.n && p->tokens.at[p->next].kind != T_NEWLINE;
		enter(p, FRAME_BODY, T_BODY);
		p->frames.at[p->frames.n - 1].is_one_line = is_one_line;
		return T_BODY;
	}
	if (parser_peek(p) != T_FOR)
		return enter(p, FRAME_OBJECT, '{');
	while (p->tokens.at[p->next].kind == T_NEWLINE)
		p->next++;
	p->next++;
	return enter(p, FRAME_QUIET, T_BRACE_FOR);
}

/* Newlines mean nothing in brackets, but for those of the splat [*]: it is one word, in which
 * newlines mean what they mean around it. */
static int bracket(struct parser *p, const struct frame *top)
{
	struct frame around = *top;
	if (parser_peek(p) != '*')
		return enter(p, FRAME_QUIET, '[');
	*push(p->scratch, &p->frames) = around;
	return '[';
}

static int leave(struct parser *p, int closer)
{
	p->frames.n -= p->frames.n > 1;
	p->depth = p->frames.n;
	return closer;
}

/* What the grammar sees of a token; 0: nothing. */
static int translate(struct parser *p, const struct token *token)
{
	struct frame *top = &p->frames.at[p->frames.n - 1];
	p->depth = p->frames.n;
	switch (token->kind) {
	case T_NEWLINE:
		return newline(p, top, token_span(p, token));
	case '{':
		return brace(p, top);
	case '[':
		return bracket(p, top);
	case '(':
	case T_INTERPOLATION:
	case T_DIRECTIVE:
		return enter(p, FRAME_QUIET, token->kind);
	case T_QUOTE:
	case T_HEREDOC:
		return enter(p, FRAME_TEMPLATE, token->kind);
	case '}':
	case ']':
	case ')':
	case T_QUOTE_END:
	case T_HEREDOC_END:
	case T_SEQUENCE_END:
		return leave(p, token->kind);
	case '=':
		top->in_value |= top->kind == FRAME_BODY;
		return token->kind;
	default:
		return token->kind;
	}
}

static bool closes(int kind)
{
	return kind == '}' || kind == ']' || kind == ')' || kind == T_QUOTE_END ||
	       kind == T_HEREDOC_END || kind == T_SEQUENCE_END;
}

/* The } of a block over several lines stands on a line of its own. */
static bool is_crowded(const struct parser *p, const struct token *token)
{
	const struct frame *inside = &p->frames.at[p->frames.n - 1];
	return token->kind == '}' && inside->kind == FRAME_BODY && !inside->is_one_line &&
	       p->last != T_LINE_END;
}

/* The end of the line that is missing ahead of the brace. */
static int crowded_line_end(struct parser *p, const struct token *token, struct span *at)
{
	if (!p->is_recovering && !token->is_made_up) {
		struct diag *d = parser_error(p, D_SYNTAX, token->start, token->length);
		diag_say(d, "the } of this block stands on a line of its own");
		diag_help(d, "begin a new line ahead of it");
	}
	*at = parser_span(p, token->start, 0);
	p->before_last = p->last;
	p->was_made_up = p->is_made_up;
	p->is_made_up = true;
	return p->last = T_LINE_END;
}

/* Whole groups of brackets are skipped while recovering: what is in them cannot be what the parser
 * waits for. A group's opener stands outside, and may be just that. */
static bool is_skipped(const struct parser *p, int kind)
{
	return p->is_recovering &&
	       (p->depth > p->error_depth || (p->depth == p->error_depth && closes(kind)));
}

static int file_end(struct parser *p, struct span *at)
{
	*at = parser_span(p, p->size, 0);
	p->depth = 0;
	if (p->last == T_LINE_END || p->last == 0)
		return 0;
	/* The last line needs no newline of its own. */
	p->last = T_LINE_END;
	return T_LINE_END;
}

int hcl_lex(HCL_STYPE *value, struct span *at, struct parser *p)
{
	(void)value;
	while (p->next < p->tokens.n) {
		const struct token *token = &p->tokens.at[p->next];
		p->inside = p->frames.at[p->frames.n - 1];
		if (is_crowded(p, token))
			return crowded_line_end(p, token, at);
		p->next++;
		int kind = translate(p, token);
		if (kind == 0 || is_skipped(p, kind))
			continue;
		*at = token_span(p, token);
		p->before_last = p->last;
		p->last = (uint16_t)kind;
		p->was_made_up = p->is_made_up;
		p->is_made_up = token->is_made_up;
		return kind;
	}
	return file_end(p, at);
}

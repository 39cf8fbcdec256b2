/* The filter between the tokens and the grammar: what a newline and a brace mean depends on where
 * they stand, which a stack of frames knows without asking the parser. */
#include "grammar/filter.h"

#include "grammar/parser.h"

static void enter(struct parser *p, enum frame_kind kind)
{
	*push(p->scratch, &p->frames) = (struct frame){ .kind = kind };
}

static int newline(struct parser *p, struct frame *top)
{
	switch (top->kind) {
	case FRAME_QUIET:
		return 0;
	case FRAME_BODY:
		top->in_value = false;
		return p->last == T_LINE_END ? 0 : T_LINE_END;
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
		enter(p, FRAME_BODY);
		return T_BODY;
	}
	uint32_t next = p->next;
	while (next < p->tokens.n && p->tokens.at[next].kind == T_NEWLINE)
		next++;
	if (next < p->tokens.n && p->tokens.at[next].kind == T_FOR) {
		p->next = next + 1;
		enter(p, FRAME_QUIET);
		return T_BRACE_FOR;
	}
	enter(p, FRAME_OBJECT);
	return '{';
}

/* Newlines mean nothing in brackets, but for those of the splat [*]: it is one word, in which
 * newlines mean what they mean around it. */
static int bracket(struct parser *p, const struct frame *top)
{
	uint32_t next = p->next;
	while (next < p->tokens.n && p->tokens.at[next].kind == T_NEWLINE)
		next++;
	bool is_splat = next < p->tokens.n && p->tokens.at[next].kind == '*';
	struct frame frame = is_splat ? *top : (struct frame){ .kind = FRAME_QUIET };
	*push(p->scratch, &p->frames) = frame;
	return '[';
}

/* What the grammar sees of a token; 0: nothing. */
static int translate(struct parser *p, const struct token *token)
{
	struct frame *top = &p->frames.at[p->frames.n - 1];
	p->depth = p->frames.n;
	switch (token->kind) {
	case T_NEWLINE:
		return newline(p, top);
	case '{':
		return brace(p, top);
	case '[':
		return bracket(p, top);
	case '(':
	case T_INTERPOLATION:
	case T_DIRECTIVE:
		enter(p, FRAME_QUIET);
		return token->kind;
	case T_QUOTE:
	case T_HEREDOC:
		enter(p, FRAME_TEMPLATE);
		return token->kind;
	case '}':
	case ']':
	case ')':
	case T_QUOTE_END:
	case T_HEREDOC_END:
	case T_SEQUENCE_END:
		p->frames.n -= p->frames.n > 1;
		p->depth = p->frames.n;
		return token->kind;
	case '=':
		top->in_value |= top->kind == FRAME_BODY;
		return token->kind;
	default:
		return token->kind;
	}
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
		const struct token *token = &p->tokens.at[p->next++];
		int kind = translate(p, token);
		/* Whole bracket groups are skipped while recovering: what is in them cannot be what
		 * the parser waits for. */
		if (kind == 0 || (p->is_recovering && p->depth > p->error_depth))
			continue;
		*at = token_span(p, token);
		p->before_last = p->last;
		p->last = (uint16_t)kind;
		return kind;
	}
	return file_end(p, at);
}

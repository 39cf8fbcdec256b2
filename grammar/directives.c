/* Whether the directives of each template are nested well. Their tokens tell; the grammar leaves
 * them flat. */
#include "grammar/parser.h"

#include "hcl.tab.h"

struct directive {
	int kind; /* T_IF or T_FOR */
	bool has_else;
	struct token token;
};

struct checker {
	struct parser *p;
	VEC(uint32_t) templates; /* how many directives were open where each began */
	VEC(struct directive) open;
};

/* `end` is where the template ends. */
static void report_open(struct checker *c, const struct directive *directive, uint32_t end)
{
	bool is_if = directive->kind == T_IF;
	struct diag *d = parser_fault(c->p, D_UNCLOSED_DIRECTIVE, directive->token.start,
				      directive->token.length);
	diag_say(d, "this %%{ %s } is never ended", is_if ? "if" : "for");
	diag_note(d, parser_span(c->p, end, 0), "the text ends here");
	diag_help(d, "end it with %%{ %s }", is_if ? "endif" : "endfor");
}

static void leave_template(struct checker *c, uint32_t end)
{
	if (c->templates.n == 0)
		return;
	uint32_t base = c->templates.at[--c->templates.n];
	while (c->open.n > base)
		report_open(c, &c->open.at[--c->open.n], end);
}

static void take_else(struct checker *c, const struct token *token, uint32_t base)
{
	struct directive *top = c->open.n > base ? &c->open.at[c->open.n - 1] : NULL;
	if (top && top->kind == T_IF && !top->has_else) {
		top->has_else = true;
		return;
	}
	struct diag *d = parser_fault(c->p, D_BAD_DIRECTIVE, token->start, token->length);
	diag_say(d, !top		 ? "there is no if that this else could belong to"
		    : top->kind == T_FOR ? "a for has no else"
					 : "this if has an else already");
}

static void take_end(struct checker *c, const struct token *token, uint32_t base, int kind)
{
	if (c->open.n == base) {
		struct diag *d = parser_fault(c->p, D_BAD_DIRECTIVE, token->start, token->length);
		diag_say(d, "there is nothing that this %s could end",
			 kind == T_IF ? "endif" : "endfor");
		return;
	}
	const struct directive *top = &c->open.at[--c->open.n];
	if (top->kind == kind)
		return;
	struct diag *d = parser_fault(c->p, D_BAD_DIRECTIVE, token->start, token->length);
	diag_say(d, "this %s ends a directive that is not its own",
		 kind == T_IF ? "endif" : "endfor");
	diag_note(d, token_span(c->p, &top->token), "%s began here",
		  top->kind == T_IF ? "an if" : "a for");
}

static void take_directive(struct checker *c, uint32_t i)
{
	const struct parser *p = c->p;
	const struct token *token = &p->tokens.at[i];
	uint32_t base = c->templates.n ? c->templates.at[c->templates.n - 1] : 0;
	for (i++; i < p->tokens.n && p->tokens.at[i].kind == T_NEWLINE; i++)
		continue;
	int kind = i < p->tokens.n ? p->tokens.at[i].kind : 0;
	if (kind == T_IF || kind == T_FOR)
		*push(p->scratch, &c->open) = (struct directive){ .kind = kind, .token = *token };
	else if (kind == T_ELSE)
		take_else(c, token, base);
	else if (kind == T_ENDIF || kind == T_ENDFOR)
		take_end(c, token, base, kind == T_ENDIF ? T_IF : T_FOR);
}

void directives_check(struct parser *p)
{
	struct checker c = { .p = p };
	for (uint32_t i = 0; i < p->tokens.n; i++) {
		switch (p->tokens.at[i].kind) {
		case T_QUOTE:
		case T_HEREDOC:
			*push(p->scratch, &c.templates) = c.open.n;
			break;
		case T_QUOTE_END:
		case T_HEREDOC_END:
			leave_template(&c, p->tokens.at[i].start);
			break;
		case T_DIRECTIVE:
			take_directive(&c, i);
			break;
		default:
			break;
		}
	}
}

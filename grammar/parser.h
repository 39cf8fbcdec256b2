/* What the passes of the front-end share. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/source.h"
#include "base/text.h"
#include "grammar/build.h"
#include "syntax/expr.h"
#include "syntax/tree.h"

/* A token: its kind (from hcl.tab.h) and where it stands in the file. */
struct token {
	uint32_t start, length;
	uint16_t kind;
	bool is_made_up; /* closes what the source left open */
};

/* What the scanner is inside of. */
enum mode_kind { MODE_MAIN, MODE_QUOTED, MODE_HEREDOC };

struct mode {
	enum mode_kind kind;
	uint32_t braces;    /* open ones, of a MODE_MAIN */
	uint32_t opener;    /* index of the token that began it */
	struct text marker; /* of a heredoc */
};

/* What the filter is inside of: it decides what a newline means. */
enum frame_kind { FRAME_BODY, FRAME_OBJECT, FRAME_QUIET, FRAME_TEMPLATE };

struct frame {
	enum frame_kind kind;
	bool in_value;	  /* of a FRAME_BODY: behind the = of an attribute */
	bool is_one_line; /* of a FRAME_BODY: { and } stand on one line */
	uint16_t opener;  /* the kind of the token that began it; 0: the file itself */
};

/* How deep brackets, blocks and templates may be nested. */
#define NESTING_MAX 500

struct parser {
	struct arena *arena;   /* the tree's */
	struct arena *scratch; /* gone when parsing ends */
	struct names *names;
	struct diags *diags;
	const struct source *source;
	const char *text;
	uint32_t size;
	bool is_template; /* the file is text with sequences in it, as a heredoc is */

	uint32_t position; /* of the scanner */
	VEC(struct token) tokens;
	bool has_directives;
	bool is_swallowed; /* a heredoc without an end took the rest of the file, brackets and all
			    */
	VEC(struct mode) modes;

	uint32_t searches; /* for the ends of broken heredocs, in vain */

	uint32_t line_start, line_end; /* of the line that was asked for last */
	VEC(uint32_t) faults; /* bytes that the passes before the grammar found fault with */

	uint32_t next; /* token of the filter */
	VEC(struct frame) frames;
	uint16_t last, before_last; /* kinds that the filter handed out */
	uint32_t error_line;	    /* of the last syntax error: where it starts, + 1 */
	uint32_t word_end;	    /* of the last word that was refused as a number */
	struct frame inside;	    /* where the current token stands */
	bool is_recovering, has_given_up;
	bool is_made_up, was_made_up; /* the current token, the one ahead of it */
	uint32_t depth, error_depth;  /* of the current token, of the last error's */

	VEC(struct attribute) attributes; /* of the bodies that are being read */
	VEC(struct block) blocks;
	struct item item;	   /* the one that the grammar is at */
	struct template_part part; /* likewise */
	struct body *result;
};

static inline struct span parser_span(const struct parser *p, uint32_t start, uint32_t length)
{
	return (struct span){ p->source->base + start, p->source->base + start + length };
}

static inline struct span token_span(const struct parser *p, const struct token *token)
{
	return parser_span(p, token->start, token->length);
}

struct token *token_add(struct parser *p, int kind, uint32_t start, uint32_t length);

/* An error at a stretch of the file. */
struct diag *parser_error(struct parser *p, enum diag_code code, uint32_t start, uint32_t length);

/* The same, said before the grammar comes: it is silent about that line then. */
struct diag *parser_fault(struct parser *p, enum diag_code code, uint32_t start, uint32_t length);

/* Where the line of a byte begins. Quick where the bytes asked for go up. */
uint32_t parser_line_start(struct parser *p, uint32_t at);

/* Whether the line of a byte has a fault already. */
bool parser_is_faulty(struct parser *p, uint32_t at);

/* The passes, in order. */
void scan(struct parser *p);

/* False where nesting is too deep to go on. */
bool brackets_match(struct parser *p);
void directives_check(struct parser *p);

/* Bytes of the longest identifier that `s` begins with. */
uint32_t identifier_length(const char *s, size_t n);

bool token_is_name(int kind);

/* The characters around a byte that are one word to a human: an address, a path, a time. */
struct text parser_word(const struct parser *p, uint32_t at);

/* Whether a value may begin with a token. */
bool token_starts_value(int kind);

/* The kind of the next token that is no newline, 0 at the end. */
int parser_peek(const struct parser *p);

/* A token that the grammar does not take. */
struct syntax_error {
	int kind;
	struct span at;
	/* What the grammar would take: a value, whatever goes on with one or ends it, = and : */
	bool wants_value, ends_value, wants_equal, wants_colon;
	const char *found; /* bison's names */
	const char *const *expected;
	int expected_n;
};
void syntax_error_report(struct parser *p, const struct syntax_error *error);

/* An item that goes on after the end of its line `at`: true where that is said, and the newline is
 * to be taken for a blank. */
bool line_break_report(struct parser *p, struct span at);

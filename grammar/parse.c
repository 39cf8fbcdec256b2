#include "grammar/parse.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "grammar/filter.h"
#include "grammar/parser.h"

struct token *token_add(struct parser *p, int kind, uint32_t start, uint32_t length)
{
	struct token *token = push(p->scratch, &p->tokens);
	*token = (struct token){ start, length, (uint16_t)kind, false };
	return token;
}

struct diag *parser_error(struct parser *p, enum diag_code code, uint32_t start, uint32_t length)
{
	return diag_error(p->diags, code, parser_span(p, start, length));
}

struct diag *parser_fault(struct parser *p, enum diag_code code, uint32_t start, uint32_t length)
{
	*push(p->scratch, &p->faults) = start;
	if (p->position > start && p->position < p->size)
		*push(p->scratch, &p->faults) = p->position;
	return parser_error(p, code, start, length);
}

static int by_position(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

uint32_t parser_line_start(struct parser *p, uint32_t at)
{
	if (p->line_start <= at && at < p->line_end)
		return p->line_start;
	uint32_t start = at;
	while (start > 0 && p->text[start - 1] != '\n')
		start--;
	const char *end = memchr(p->text + at, '\n', p->size - at);
	p->line_start = start;
	p->line_end = end ? (uint32_t)(end + 1 - p->text) : p->size + 1;
	return start;
}

bool parser_is_faulty(struct parser *p, uint32_t at)
{
	uint32_t start = parser_line_start(p, at), low = 0, high = p->faults.n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (p->faults.at[middle] < start)
			low = middle + 1;
		else
			high = middle;
	}
	return low < p->faults.n && p->faults.at[low] < p->line_end;
}

uint32_t identifier_length(const char *s, size_t n)
{
	uint32_t length = 0, c;
	while (length < n) {
		int bytes = code_point_decode(s + length, n - length, &c);
		if (bytes < 1)
			break;
		if (length == 0 ? !(code_point_starts_name(c) || c == '_')
				: !(code_point_continues_name(c) || c == '-'))
			break;
		length += (uint32_t)bytes;
	}
	return length;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("_.:/-%@", c));
}

struct text parser_word(const struct parser *p, uint32_t at)
{
	/* Nothing that somebody means as a word is longer, and messages are to be read. */
	enum { WORD_MAX = 64 };
	uint32_t start = at, end = at;
	while (start > 0 && at - start < WORD_MAX && is_word(p->text[start - 1]))
		start--;
	while (end < p->size && end - start < WORD_MAX && is_word(p->text[end]))
		end++;
	while (end > start && strchr(".:", p->text[end - 1]))
		end--;
	return (struct text){ p->text + start, end - start };
}

/* A run of bytes that are not text, reported once. */
static uint32_t report_run(struct parser *p, uint32_t start)
{
	uint32_t end = start, c;
	bool is_nul = p->text[start] == '\0';
	while (end < p->size) {
		int bytes = code_point_decode(p->text + end, p->size - end, &c);
		if (is_nul ? p->text[end] != '\0' : bytes > 0)
			break;
		end++;
	}
	struct diag *d = parser_error(p, is_nul ? D_NUL_BYTE : D_NOT_UTF8, start, end - start);
	if (is_nul)
		diag_help(d, "remove it; a configuration is text");
	else
		diag_help(d, "save the file as UTF-8");
	return end;
}

static bool is_utf16(const struct parser *p)
{
	return p->size >= 2 &&
	       (memcmp(p->text, "\xff\xfe", 2) == 0 || memcmp(p->text, "\xfe\xff", 2) == 0);
}

/* Where the characters from `at` on end that are neither NUL nor beyond ASCII; at that place, or up
 * to seven bytes ahead of it. */
static uint32_t skip_plain(const struct parser *p, uint32_t at)
{
	static const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
	uint64_t bytes;
	for (; p->size - at >= sizeof bytes; at += sizeof bytes) {
		memcpy(&bytes, p->text + at, sizeof bytes);
		/* Less one, only a NUL among bytes of ASCII gets its highest bit. */
		if ((bytes | (bytes - ones)) & highs)
			break;
	}
	return at;
}

/* Whether the file is text at all. Where it is not, there is no use in reading on: the bytes in
 * question would be reported again as whatever they are taken for. */
static bool check_encoding(struct parser *p)
{
	if (is_utf16(p)) {
		struct diag *d = parser_error(p, D_NOT_UTF8, 0, 2);
		diag_say(d, "the file is in UTF-16");
		diag_help(d, "save it as UTF-8");
		return false;
	}
	bool is_text = true;
	for (uint32_t i = skip_plain(p, 0); i < p->size;) {
		uint32_t c;
		if ((unsigned char)p->text[i] < 0x80 && p->text[i] != '\0') {
			i = skip_plain(p, i + 1);
			continue;
		}
		int bytes = p->text[i] ? code_point_decode(p->text + i, p->size - i, &c) : -1;
		is_text &= bytes > 0;
		i = bytes > 0 ? i + (uint32_t)bytes : report_run(p, i);
	}
	return is_text;
}

static struct body *parse_as(struct arena *arena, struct names *names, struct diags *diags,
			     struct source *source, bool is_template)
{
	struct parser p = { .arena = arena,
			    .scratch = arena_new(),
			    .names = names,
			    .diags = diags,
			    .source = source,
			    .text = source->text,
			    .size = source->size,
			    .is_template = is_template,
			    .last = T_LINE_END };
	if (p.size >= 3 && memcmp(p.text, "\xef\xbb\xbf", 3) == 0)
		p.position = 3;
	if (check_encoding(&p))
		scan(&p);
	if (p.tokens.n > 0 && !p.has_given_up && brackets_match(&p)) {
		if (p.has_directives)
			directives_check(&p);
		if (p.faults.n > 0)
			qsort(p.faults.at, p.faults.n, sizeof *p.faults.at, by_position);
		*push(p.scratch, &p.frames) = (struct frame){ .kind = FRAME_BODY };
		hcl_parse(&p);
	}
	struct body *result = p.result ? p.result : arena_alloc(arena, sizeof *result);
	arena_free(p.scratch);
	return result;
}

struct body *parse(struct arena *arena, struct names *names, struct diags *diags,
		   struct source *source)
{
	return parse_as(arena, names, diags, source, false);
}

struct expr *parse_template(struct arena *arena, struct names *names, struct diags *diags,
			    struct source *source)
{
	uint32_t before = diags->errors;
	struct body *body = parse_as(arena, names, diags, source, true);
	if (diags->errors > before || body->attributes.n == 0)
		return NULL;
	return body->attributes.at[0].value;
}

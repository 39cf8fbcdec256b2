/* How messages look. */
#include "base/diag.h"

#include <string.h>

#include "base/utf8.h"

enum { TAB = 8, LINE_MAX_SHOWN = 160 };

struct look {
	FILE *out;
	bool colour;
};

static const char *paint(const struct look *look, const char *escape)
{
	return look->colour ? escape : "";
}

/* Control characters, and those that turn the direction of writing. */
static bool is_unsafe(uint32_t code_point)
{
	return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0) ||
	       (code_point >= 0x202a && code_point <= 0x202e) ||
	       (code_point >= 0x2066 && code_point <= 0x2069);
}

/* How one code point of the user's is shown, so that a terminal takes nothing in it for a command.
 */
static struct text show(const char *s, int bytes, uint32_t code_point, uint32_t column,
			char room[16])
{
	if (bytes < 1)
		return TEXT("\xef\xbf\xbd");
	if (code_point == '\t')
		return (struct text){ "        ", TAB - column % TAB };
	if (is_unsafe(code_point))
		return (struct text){ room, (size_t)snprintf(room, 16, "\\x%02x", code_point) };
	return (struct text){ s, (size_t)bytes };
}

/* Writes `text`, or only measures it where `out` is NULL; returns the terminal columns that it
 * takes. */
static uint32_t put_text(FILE *out, struct text text, uint32_t column)
{
	uint32_t start = column;
	while (text.n > 0) {
		uint32_t code_point = 0;
		char room[16];
		int bytes = code_point_decode(text.s, text.n, &code_point);
		struct text shown = show(text.s, bytes, code_point, column, room);
		if (out)
			fwrite(shown.s, 1, shown.n, out);
		bool is_itself = shown.s == text.s;
		column += is_itself   ? (uint32_t)code_point_width(code_point)
			  : bytes < 1 ? 1
				      : (uint32_t)shown.n;
		size_t step = bytes < 1 ? 1 : (size_t)bytes;
		text.s += step;
		text.n -= step;
	}
	return column - start;
}

/* A part of a long line that holds the place: messages must stay readable when a line has
 * megabytes. */
static struct text clip(struct text line, size_t at, size_t *cut)
{
	*cut = 0;
	if (line.n <= LINE_MAX_SHOWN)
		return line;
	if (at > LINE_MAX_SHOWN / 2)
		*cut = at - LINE_MAX_SHOWN / 2;
	while (*cut > 0 && ((unsigned char)line.s[*cut] & 0xc0) == 0x80)
		--*cut;
	size_t rest = line.n - *cut;
	return (struct text){ line.s + *cut, rest < LINE_MAX_SHOWN ? rest : LINE_MAX_SHOWN };
}

static void put_excerpt(const struct look *look, struct sources *sources, struct span at)
{
	struct place place = source_place(sources, at.start);
	size_t offset = (size_t)(place.source->text + place.byte - place.content.s), cut;
	if (place.source->text + place.byte < place.content.s)
		offset = 0;
	struct text shown = clip(place.content, offset, &cut);
	size_t before = offset - cut > shown.n ? shown.n : offset - cut;
	size_t marked = at.end - at.start;
	if (marked > shown.n - before)
		marked = shown.n - before;

	fprintf(look->out, "%s%5u | %s", paint(look, "\033[34m"), place.line,
		paint(look, "\033[0m"));
	put_text(look->out, shown, 0);
	uint32_t indent = put_text(NULL, (struct text){ shown.s, before }, 0);
	uint32_t width = put_text(NULL, (struct text){ shown.s + before, marked }, indent);
	fprintf(look->out, "\n%s      | %*s%s", paint(look, "\033[34m"), (int)indent, "",
		paint(look, "\033[1;31m"));
	for (uint32_t i = 0; i < (width ? width : 1); i++)
		fputc('^', look->out);
	fprintf(look->out, "%s\n", paint(look, "\033[0m"));
}

static void put_place(const struct look *look, struct sources *sources, struct span at)
{
	if (!span_is_set(at))
		return;
	struct place place = source_place(sources, at.start);
	put_text(look->out, text_of(place.source->name), 0);
	fprintf(look->out, ":%u:%u: ", place.line, place.column);
}

static void put_diag(const struct look *look, struct sources *sources, const struct diag *diag)
{
	static const char *const words[] = { "error", "warning", "note" };
	static const char *const paints[] = { "\033[1;31m", "\033[1;33m", "\033[1;36m" };

	put_place(look, sources, diag->at);
	fprintf(look->out, "%s%s:%s ", paint(look, paints[diag->severity]), words[diag->severity],
		paint(look, "\033[0m"));
	put_text(look->out, text_of(diag->message), 0);
	fprintf(look->out, " [%s]\n", diag_code_name(diag->code));
	if (span_is_set(diag->at))
		put_excerpt(look, sources, diag->at);
	for (uint32_t i = 0; i < diag->notes.n; i++) {
		const struct diag_note *note = &diag->notes.at[i];
		fputs("  note: ", look->out);
		put_place(look, sources, note->at);
		put_text(look->out, text_of(note->message), 0);
		fputc('\n', look->out);
	}
	if (diag->help) {
		fputs("  help: ", look->out);
		put_text(look->out, text_of(diag->help), 0);
		fputc('\n', look->out);
	}
}

void diags_render(struct diags *diags, struct sources *sources, FILE *out, uint32_t limit,
		  bool colour)
{
	struct look look = { out, colour };
	uint32_t errors = 0, more = 0;
	diags_sort(diags);
	for (uint32_t i = 0; i < diags->all.n; i++) {
		const struct diag *diag = diags->all.at[i];
		if (diag->severity == SEVERITY_ERROR && limit && errors == limit) {
			more++;
			continue;
		}
		errors += diag->severity == SEVERITY_ERROR;
		put_diag(&look, sources, diag);
	}
	if (more)
		fprintf(out, "and %u more error%s\n", more, more == 1 ? "" : "s");
}

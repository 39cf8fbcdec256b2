#include "value/functions/encoding.h"

#include <nettle/base64.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "value/functions/library.h"

struct value text_refuse(const struct call *call, struct text text, size_t at, const char *why)
{
	size_t line = 1, column = 1;
	for (size_t i = 0; i < at && i < text.n; i++) {
		bool is_end = text.s[i] == '\n';
		line += is_end;
		/* Bytes that continue a character are no columns. */
		column = is_end ? 1 : column + (((unsigned char)text.s[i] & 0xc0) != 0x80);
	}
	return argument_refuse(call, 0, "line %zu, column %zu of the text: %s", line, column, why);
}

static struct value run_base64encode(struct call *call)
{
	struct text text = call->arguments[0].string;
	size_t n = BASE64_ENCODE_RAW_LENGTH(text.n);
	if (!call_may_write(call, n))
		return call_poison(call);
	char *out = arena_alloc(call->scope->arena, n + 1);
	base64_encode_raw(out, text.n, (const uint8_t *)text.s);
	return call_string(call, (struct text){ out, n });
}

static bool is_utf8(struct text text)
{
	uint32_t c;
	for (int size; text.n > 0; text.s += size, text.n -= (size_t)size)
		if ((size = code_point_decode(text.s, text.n, &c)) < 1)
			return false;
	return true;
}

/* Line ends may stand in it, other white space not. */
static struct text without_lines(struct arena *arena, struct text text)
{
	char *out = arena_alloc(arena, text.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++)
		if (text.s[i] != '\n' && text.s[i] != '\r')
			out[n++] = text.s[i];
	return (struct text){ out, n };
}

static bool is_alphabet(struct text text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.s[i] == ' ' || text.s[i] == '\t' || text.s[i] == '\v' || text.s[i] == '\f')
			return false;
	return text.n % 4 == 0;
}

static struct value run_base64decode(struct call *call)
{
	struct arena *arena = call->scope->arena;
	struct text text = without_lines(arena, call->arguments[0].string);
	struct base64_decode_ctx context;
	size_t n = BASE64_DECODE_LENGTH(text.n);
	uint8_t *out = arena_alloc(arena, n + 1);
	base64_decode_init(&context);
	if (!is_alphabet(text) || !base64_decode_update(&context, &n, out, text.n, text.s) ||
	    !base64_decode_final(&context))
		return argument_refuse(call, 0, "this is not base64");
	struct text decoded = { (const char *)out, n };
	if (!is_utf8(decoded))
		return argument_refuse(call, 0, "what it encodes is not UTF-8, and strings are");
	return call_string(call, decoded);
}

static const struct function rows[] = {
	{ .name = "base64decode",
	  .run = run_base64decode,
	  .parameters = { { "string", PARAMETER_STRING } },
	  .doc = "The text that base64 encodes.",
	  .example = "base64decode(\"bGFu\")",
	  .result = "\"lan\"" },
	{ .name = "base64encode",
	  .run = run_base64encode,
	  .parameters = { { "string", PARAMETER_STRING } },
	  .doc = "The string as base64.",
	  .example = "base64encode(\"lan\")",
	  .result = "\"bGFu\"" },
	{ .name = "csvdecode",
	  .run = run_csvdecode,
	  .parameters = { { "text", PARAMETER_STRING } },
	  .doc = "A list of objects, one for each row of comma-separated values; the first row "
		 "names the "
		 "members.",
	  .example = "csvdecode(\"host,port\\nweb,443\\n\")",
	  .result = "[{ host = \"web\", port = \"443\" }]" },
	{ .name = "jsondecode",
	  .run = run_jsondecode,
	  .parameters = { { "text", PARAMETER_STRING } },
	  .doc = "The value that a JSON text is.",
	  .example = "jsondecode(\"{\\\"ports\\\": [22, 443]}\")",
	  .result = "{ ports = [22, 443] }" },
	{ .name = "jsonencode",
	  .run = run_jsonencode,
	  .parameters = { { "value", PARAMETER_ANY, true } },
	  .doc = "A value as JSON, in one line.",
	  .example = "jsonencode({ ports = [22, 443] })",
	  .result = "\"{\\\"ports\\\":[22,443]}\"" },
	{ .name = "yamldecode",
	  .run = run_yamldecode,
	  .parameters = { { "text", PARAMETER_STRING } },
	  .doc = "The value that a YAML text of one document is.",
	  .example = "yamldecode(\"ports:\\n- 22\\n- 443\\n\")",
	  .result = "{ ports = [22, 443] }" },
	{ .name = "yamlencode",
	  .run = run_yamlencode,
	  .parameters = { { "value", PARAMETER_ANY, true } },
	  .doc = "A value as YAML.",
	  .example = "yamlencode({ ports = [22, 443] })",
	  .result = "\"\\\"ports\\\":\\n- 22\\n- 443\\n\"" },
};

const struct function_family encoding_functions = { "Formats", rows, countof(rows) };

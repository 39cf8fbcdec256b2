#include <nettle/md5.h>
#include <nettle/sha2.h>

#include "base/arena.h"
#include "value/functions/library.h"

static struct value hexadecimal(const struct call *call, const uint8_t *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char text[2 * SHA256_DIGEST_SIZE];
	for (size_t i = 0; i < n; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	return call_string(call, (struct text){ text, 2 * n });
}

static struct value run_md5(struct call *call)
{
	struct md5_ctx context;
	uint8_t digest[MD5_DIGEST_SIZE];
	struct text text = call->arguments[0].string;
	md5_init(&context);
	md5_update(&context, text.n, (const uint8_t *)text.s);
	md5_digest(&context, sizeof digest, digest);
	return hexadecimal(call, digest, sizeof digest);
}

static struct value run_sha256(struct call *call)
{
	struct sha256_ctx context;
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct text text = call->arguments[0].string;
	sha256_init(&context);
	sha256_update(&context, text.n, (const uint8_t *)text.s);
	sha256_digest(&context, sizeof digest, digest);
	return hexadecimal(call, digest, sizeof digest);
}

static const struct function rows[] = {
	{ .name = "md5",
	  .run = run_md5,
	  .parameters = { { "string", PARAMETER_STRING } },
	  .doc = "The MD5 digest in hexadecimal: good for names, not for secrets.",
	  .example = "md5(\"lan\")",
	  .result = "\"73f50c9f17291ce93ee52e50b73f6f63\"" },
	{ .name = "sha256",
	  .run = run_sha256,
	  .parameters = { { "string", PARAMETER_STRING } },
	  .doc = "The SHA-256 digest in hexadecimal.",
	  .example = "substr(sha256(\"lan\"), 0, 16)",
	  .result = "\"094a367b026246fb\"" },
};

const struct function_family hash_functions = { "Digests", rows, countof(rows) };

#include "runtime/digest.h"

#include <stdint.h>

#include <nettle/base16.h>
#include <nettle/sha2.h>

void digest_text(const void *bytes, size_t size, char out[DIGEST_TEXT_SIZE])
{
	struct sha256_ctx context;
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_init(&context);
	sha256_update(&context, size, bytes);
	sha256_digest(&context, sizeof digest, digest);
	base16_encode_update(out, sizeof digest, digest);
	out[DIGEST_TEXT_SIZE - 1] = '\0';
}

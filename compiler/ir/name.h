/* Names and texts that are safe to stand in a ruleset. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct arena;

/* nft takes identifiers of letters, digits, `_`, `-`, `.` and `/` that begin with a letter; we stay
 * well below the kernel's 255 bytes (NFT_NAME_MAXLEN). */
#define NAME_MAX_LENGTH 127

/* "<prefix>_<word>". The prefix keeps the name clear of nft's reserved words; whatever nft does not
 * allow in `word` becomes `-xx` in hexadecimal, so that different words never meet in one name. */
const char *name_make(struct arena *arena, const char *prefix, const char *word);

/* "<base>_<hash>", for things whose name must change with their content. */
const char *name_hashed(struct arena *arena, const char *base, uint32_t hash);

/* Whether nft takes `name` as an identifier. */
bool name_is_valid(const char *name);

/* Whether `text` may stand between nft's quotes, where there are no escapes: printable ASCII
 * without quotes and backslashes, at most `most` bytes. */
bool string_is_safe(const char *text, unsigned most);

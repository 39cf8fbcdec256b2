/* The state directory: what was loaded, generation by generation, and which of them boots.
 *
 *     DIR/lock                  held by whoever changes anything
 *     DIR/generations/N/        a configuration as it was loaded, never written again:
 *         ruleset.nft settings.json routing.json names.json management.json
 *         origins               what of the configuration each line of the ruleset came from
 *         config/               the sources that it came from
 *         meta.json             when, who, and the digests of all the files above
 *         confirmed             there once somebody has kept it; boot loads no other
 *     DIR/generations/0/        the host without flywall
 *     DIR/current, DIR/confirmed    links to generations/N
 *     DIR/pending.json          while a confirmation is awaited
 *     DIR/before.json           host settings as they were before flywall
 *     DIR/before.json.damaged   one that could not be read, for people to look at
 *     DIR/loaded.json           what the kernel held after the last change
 *     DIR/begun.json            while a change is being made: where it leads to
 *     DIR/timeouts.json         timeout objects that wait for their last connections
 *     DIR/management.json       how the host is reached, should no generation be readable
 *
 * Whatever is written is written beside, synced and renamed, so that a reader sees the old or the
 * new, whatever happens in between. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "runtime/scope.h"

#define STORE_DEFAULT "/var/lib/flywall"

/* As many generations are kept, beside those in use. */
enum { GENERATIONS_KEPT = 10 };

/* No generation. */
#define GENERATION_NONE UINT32_MAX

struct store {
	int fd;		  /* DIR */
	const char *path; /* as the user wrote it */
};

#define STORE_NONE                                                                                 \
	{                                                                                          \
		.fd = -1                                                                           \
	}

/* Opens the directory; where `makes`, it is made if it is not there, with generation 0. 0, or
 * -errno. */
must_check int store_open(const char *path, bool makes, struct store *out);
void store_close(struct store *store);

#define autostore __attribute__((cleanup(store_close)))

/* The parts of a generation; an empty one has no file. */
enum generation_part {
	PART_RULESET,
	PART_SETTINGS,
	PART_ROUTING,
	PART_NAMES,
	PART_MANAGEMENT,
	PART_ORIGINS, /* two generations that differ in this alone hold the same */
	GENERATION_PARTS,
};

/* The file of a part: "ruleset.nft". */
extern const char *const part_names[GENERATION_PARTS];

/* A file of the configuration. */
struct generation_source {
	const char *name;
	struct text text;
};

struct generation {
	uint32_t number;
	int64_t time; /* seconds since 1970 */
	const char *user, *terminal, *version;
	const char *digest; /* of the ruleset */
	const char *whole;  /* of everything */
	const char *flaw;   /* why it cannot be used; NULL: it is sound */
	bool is_confirmed;
	struct text parts[GENERATION_PARTS];   /* only of one that was read */
	VEC(struct generation_source) sources; /* without their text where it was read */
};

/* Keeps a generation under the next free number, with the time and who runs this program: on the
 * disk when it returns. Its parts and sources are given; the rest of `*generation` is filled in. 0,
 * or -errno: then there is nothing new. */
must_check int generation_add(struct arena *arena, const struct store *store,
			      struct generation *generation);

/* Reads a generation and compares its digests. One that is torn, half-written or not there has a
 * flaw and no parts. */
void generation_read(struct arena *arena, const struct store *store, uint32_t number,
		     struct generation *out);

/* The same without its parts. */
void generation_look(struct arena *arena, const struct store *store, uint32_t number,
		     struct generation *out);

/* Whether two hold the same. */
bool generation_equal(const struct generation *a, const struct generation *b);

/* Takes one away that was never loaded. */
void generation_remove(const struct store *store, uint32_t number);

/* Notes that somebody has kept it. 0, or -errno. */
must_check int generation_confirm(const struct store *store, uint32_t number);

/* The same, and makes it the one that boots, with the ways in that stay open where none can be
 * loaded. 0, or -errno. */
must_check int generation_keep(const struct store *store, uint32_t number);

struct generation_numbers {
	VEC(uint32_t) all;
};

/* All numbers, also of the unsound, from the smallest. 0, or -errno. */
must_check int generation_numbers(struct arena *arena, const struct store *store,
				  struct generation_numbers *out);

/* The sound, confirmed one before `number`; GENERATION_NONE where there is none. Generation 0 is
 * never meant. */
uint32_t generation_before(struct arena *arena, const struct store *store, uint32_t number);

/* Takes away the oldest beyond GENERATIONS_KEPT; what a link or `keep` names stays. */
void generations_prune(struct arena *arena, const struct store *store, uint32_t keep);

/* DIR/current and DIR/confirmed. */
enum store_link { LINK_CURRENT, LINK_CONFIRMED };

/* The number that a link names; GENERATION_NONE where it is not there. */
uint32_t store_follow(const struct store *store, enum store_link link);

/* Points it elsewhere. 0, or -errno. */
must_check int store_point(const struct store *store, enum store_link link, uint32_t number);

/* A small file of DIR as a whole. Reading gives an empty text where there is none; both return 0 or
 * -errno. */
must_check int store_read(struct arena *arena, const struct store *store, const char *name,
			  struct text *out);
must_check int store_write(const struct store *store, const char *name, struct text text);
must_check int store_remove(const struct store *store, const char *name);

/* Gives one a second name, in the place of what had that, so that writing it anew leaves the old
 * one there. 0, or -errno. */
must_check int store_link(const struct store *store, const char *name, const char *second);

bool store_has(const struct store *store, const char *name);

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "flywall/flywall.h"
#include "runtime/store/file.h"
#include "runtime/store/meta.h"
#include "runtime/store/store.h"

const char *const part_names[GENERATION_PARTS] = {
	[PART_RULESET] = "ruleset.nft",	       [PART_SETTINGS] = "settings.json",
	[PART_ROUTING] = "routing.json",       [PART_NAMES] = "names.json",
	[PART_MANAGEMENT] = "management.json", [PART_ORIGINS] = "origins",
};

static const char meta_name[] = "meta.json", confirmed_name[] = "confirmed";

/* What a killed program has left half-written; never read. */
static const char draft_name[] = ".draft";

enum { NUMBER_SIZE = 16 };

static int generations_open(const struct store *store, bool makes)
{
	return folder_at(store->fd, "generations", makes);
}

static int generation_open(const struct store *store, uint32_t number)
{
	char name[NUMBER_SIZE];
	autoclose int all = generations_open(store, false);
	if (all < 0)
		return all;
	snprintf(name, sizeof name, "%u", number);
	return folder_at(all, name, false);
}

/* Writing */

static const char *terminal_name(void)
{
	const char *name = ttyname(STDERR_FILENO);
	return name ? name : "";
}

static const char *user_name(struct arena *arena)
{
	const char *before = getenv("SUDO_USER");
	const struct passwd *user = getpwuid(getuid());
	const char *name = user ? user->pw_name : arena_printf(arena, "uid %u", (unsigned)getuid());
	return before && *before ? arena_printf(arena, "%s as %s", before, name)
				 : arena_printf(arena, "%s", name);
}

static void generation_describe(struct arena *arena, struct generation *generation)
{
	char digest[DIGEST_TEXT_SIZE];
	struct text ruleset = generation->parts[PART_RULESET];
	digest_text(ruleset.s, ruleset.n, digest);
	generation->digest = arena_printf(arena, "%s", digest);
	generation->time = (int64_t)time(NULL);
	generation->user = user_name(arena);
	generation->terminal = terminal_name();
	generation->version = flywall_version();
}

static int write_parts(struct arena *arena, int folder, const struct generation *generation,
		       struct meta_files *files)
{
	for (int i = 0; i < GENERATION_PARTS; i++) {
		struct text text = generation->parts[i];
		if (text.n == 0)
			continue;
		meta_add(arena, files, part_names[i], text);
		int error = file_create(folder, part_names[i], text);
		if (error)
			return error;
	}
	return 0;
}

/* Two files may have the same name in different folders, so each gets its number. */
static int write_sources(struct arena *arena, int folder, const struct generation *generation,
			 struct meta_files *files)
{
	autoclose int config = folder_at(folder, "config", true);
	if (config < 0)
		return config;
	for (uint32_t i = 0; i < generation->sources.n; i++) {
		const struct generation_source *source = &generation->sources.at[i];
		const char *name = arena_printf(arena, "%03u-%.200s", i, basename(source->name));
		meta_add(arena, files, arena_printf(arena, "config/%s", name), source->text);
		int error = file_create(config, name, source->text);
		if (error)
			return error;
	}
	return folder_sync(config);
}

static int write_draft(struct arena *arena, int folder, struct generation *generation)
{
	struct meta_files files = { 0 };
	int error = write_parts(arena, folder, generation, &files);
	if (!error)
		error = write_sources(arena, folder, generation, &files);
	if (!error)
		error = file_create(folder, meta_name, meta_write(arena, &files, generation));
	return error ? error : folder_sync(folder);
}

static int draft_write(struct arena *arena, int all, struct generation *generation)
{
	char name[NUMBER_SIZE];
	autoclose int draft = folder_at(all, draft_name, true);
	if (draft < 0)
		return draft;
	int error = write_draft(arena, draft, generation);
	if (error)
		return error;
	snprintf(name, sizeof name, "%u", generation->number);
	if (renameat(all, draft_name, all, name) < 0)
		return -errno;
	return folder_sync(all);
}

static int draft_clear(int all)
{
	int error = folder_remove(all, draft_name);
	return error == -ENOENT ? 0 : error;
}

static int generation_number(struct arena *arena, const struct store *store, uint32_t *number)
{
	struct generation_numbers numbers = { 0 };
	int error = generation_numbers(arena, store, &numbers);
	if (!error)
		*number = numbers.all.n ? numbers.all.at[numbers.all.n - 1] + 1 : 0;
	return error;
}

int generation_add(struct arena *arena, const struct store *store, struct generation *generation)
{
	autoclose int all = generations_open(store, true);
	if (all < 0)
		return all;
	int error = draft_clear(all);
	if (!error)
		error = generation_number(arena, store, &generation->number);
	if (error)
		return error;
	generation_describe(arena, generation);
	error = draft_write(arena, all, generation);
	if (error)
		(void)draft_clear(all);
	return error;
}

void generation_remove(const struct store *store, uint32_t number)
{
	char name[NUMBER_SIZE];
	autoclose int all = generations_open(store, false);
	/* Renamed first: what is half removed is none. */
	snprintf(name, sizeof name, "%u", number);
	if (all >= 0 && draft_clear(all) == 0 && renameat(all, name, all, draft_name) == 0)
		(void)draft_clear(all);
}

int generation_confirm(const struct store *store, uint32_t number)
{
	autoclose int folder = generation_open(store, number);
	if (folder < 0)
		return folder;
	int error = file_create(folder, confirmed_name, (struct text){ "", 0 });
	if (error == -EEXIST)
		return 0;
	return error ? error : folder_sync(folder);
}

/* Reading */

/* Keeps the text of those files that are parts. */
static const char *read_file(struct arena *arena, int folder, const struct meta_file *file,
			     struct generation *generation)
{
	char digest[DIGEST_TEXT_SIZE];
	struct text text;
	int error = file_read(arena, folder, file->name, &text);
	if (error)
		return arena_printf(arena, "%s: %s", file->name, strerror(-error));
	digest_text(text.s, text.n, digest);
	if (strcmp(digest, file->digest) != 0)
		return arena_printf(arena, "%s is not what was written", file->name);
	for (int i = 0; i < GENERATION_PARTS; i++)
		if (strcmp(file->name, part_names[i]) == 0)
			generation->parts[i] = text;
	return NULL;
}

static const char *read_open(struct arena *arena, int folder, struct generation *generation)
{
	struct meta_files files = { 0 };
	struct text meta;
	int error = file_read(arena, folder, meta_name, &meta);
	if (error)
		return arena_printf(arena, "%s: %s", meta_name, strerror(-error));
	const char *flaw = meta_read(arena, meta, generation, &files);
	/* The sources, and what came from where, are there to be read by people: nothing that is
	 * loaded depends on them. */
	for (uint32_t i = 0; !flaw && i < files.all.n; i++) {
		const struct meta_file *one = &files.all.at[i];
		if (strcmp(one->name, part_names[PART_ORIGINS]) == 0)
			(void)read_file(arena, folder, one, generation);
		else if (!strchr(one->name, '/'))
			flaw = read_file(arena, folder, one, generation);
	}
	return flaw;
}

void generation_read(struct arena *arena, const struct store *store, uint32_t number,
		     struct generation *out)
{
	struct generation generation = { .number = number };
	autoclose int folder = generation_open(store, number);
	if (folder < 0) {
		generation.flaw = strerror(-folder);
	} else {
		generation.flaw = read_open(arena, folder, &generation);
		generation.is_confirmed = faccessat(folder, confirmed_name, F_OK, 0) == 0;
	}
	if (generation.flaw)
		memset(generation.parts, 0, sizeof generation.parts);
	*out = generation;
}

void generation_look(struct arena *arena, const struct store *store, uint32_t number,
		     struct generation *out)
{
	autoarena struct arena *own = arena_new();
	struct generation generation;
	generation_read(own, store, number, &generation);
	*out = (struct generation){ .number = number,
				    .time = generation.time,
				    .is_confirmed = generation.is_confirmed };
	const char *const from[] = { generation.user,	generation.terminal, generation.version,
				     generation.digest, generation.whole,    generation.flaw };
	const char **const to[] = { &out->user,	  &out->terminal, &out->version,
				    &out->digest, &out->whole,	  &out->flaw };
	for (size_t i = 0; i < countof(from); i++)
		*to[i] = from[i] ? arena_printf(arena, "%s", from[i]) : NULL;
	for (uint32_t i = 0; i < generation.sources.n; i++)
		push(arena, &out->sources)->name =
			arena_printf(arena, "%s", generation.sources.at[i].name);
}

bool generation_equal(const struct generation *a, const struct generation *b)
{
	for (int i = 0; i < GENERATION_PARTS; i++)
		if (i != PART_ORIGINS && !text_equal(a->parts[i], b->parts[i]))
			return false;
	return true;
}

/* What is damaged keeps the ways in that the directory knows. */
static int management_note(const struct store *store, uint32_t number)
{
	autoarena struct arena *arena = arena_new();
	struct generation generation;
	generation_read(arena, store, number, &generation);
	struct text ways = generation.parts[PART_MANAGEMENT];
	return ways.n > 0 ? store_write(store, part_names[PART_MANAGEMENT], ways) : 0;
}

int generation_keep(const struct store *store, uint32_t number)
{
	int error = generation_confirm(store, number);
	if (!error)
		error = management_note(store, number);
	return error ? error : store_point(store, LINK_CONFIRMED, number);
}

/* All of them */

static void close_listing(DIR **listing)
{
	if (*listing)
		closedir(*listing);
}

static bool is_number(const char *name, uint32_t *number)
{
	char *end, again[NUMBER_SIZE];
	unsigned long value = strtoul(name, &end, 10);
	if (*end || value >= GENERATION_NONE)
		return false;
	snprintf(again, sizeof again, "%lu", value);
	*number = (uint32_t)value;
	return strcmp(again, name) == 0;
}

static int compare_numbers(const void *a, const void *b)
{
	const uint32_t *one = a, *other = b;
	return (*one > *other) - (*one < *other);
}

int generation_numbers(struct arena *arena, const struct store *store,
		       struct generation_numbers *out)
{
	int all = generations_open(store, false);
	if (all < 0)
		return all == -ENOENT ? 0 : all;
	__attribute__((cleanup(close_listing))) DIR *listing = fdopendir(all);
	const struct dirent *entry;
	uint32_t number;

	if (!listing) {
		close(all);
		return -ENOMEM;
	}
	while ((entry = readdir(listing)))
		if (is_number(entry->d_name, &number))
			*push(arena, &out->all) = number;
	if (out->all.n)
		qsort(out->all.at, out->all.n, sizeof number, compare_numbers);
	return 0;
}

uint32_t generation_before(struct arena *arena, const struct store *store, uint32_t number)
{
	struct generation_numbers numbers = { 0 };
	if (generation_numbers(arena, store, &numbers) != 0)
		return GENERATION_NONE;
	for (uint32_t i = numbers.all.n; i-- > 0;) {
		struct generation generation;
		uint32_t one = numbers.all.at[i];
		if (one == 0 || one >= number)
			continue;
		generation_look(arena, store, one, &generation);
		if (!generation.flaw && generation.is_confirmed)
			return one;
	}
	return GENERATION_NONE;
}

void generations_prune(struct arena *arena, const struct store *store, uint32_t keep)
{
	struct generation_numbers numbers = { 0 };
	uint32_t current = store_follow(store, LINK_CURRENT),
		 confirmed = store_follow(store, LINK_CONFIRMED);
	if (generation_numbers(arena, store, &numbers) != 0)
		return;
	for (uint32_t i = 0; i + GENERATIONS_KEPT < numbers.all.n; i++) {
		uint32_t one = numbers.all.at[i];
		if (one != 0 && one != keep && one != current && one != confirmed)
			generation_remove(store, one);
	}
}

#include "runtime/history.h"

#include <string.h>
#include <time.h>

#include "runtime/guard.h"
#include "runtime/pending.h"
#include "runtime/program.h"
#include "runtime/state/writer.h"
#include "runtime/transition.h"

enum { DIGEST_SHOWN = 12, TIME_SIZE = 32 };

/* Going back */

static bool number_parse(const char *word, uint32_t *number)
{
	char *end;
	unsigned long value = strtoul(word, &end, 10);
	if (*word < '0' || *word > '9' || *end || value >= GENERATION_NONE)
		return false;
	*number = (uint32_t)value;
	return true;
}

static int choose(const struct hold *hold, const char *word, const struct pending *pending,
		  uint32_t *number)
{
	autoarena struct arena *arena = arena_new();
	uint32_t current = store_follow(&hold->store, LINK_CURRENT);

	if (word)
		return number_parse(word, number)
			       ? STATUS_DONE
			       : program_fail(STATUS_USAGE, "%s is no number of a generation",
					      word);
	*number = pending ? pending->previous : generation_before(arena, &hold->store, current);
	if (*number != GENERATION_NONE)
		return STATUS_DONE;
	program_fail(STATUS_NO, "there is no generation before this one to go back to");
	fputs("  help: flywall-apply rollback 0 takes flywall's table and settings away\n", stderr);
	return STATUS_NO;
}

int rollback_run(const struct request *request, char *const operands[])
{
	autohold struct hold hold = HOLD_NONE;
	struct pending pending;
	bool awaits;
	uint32_t number = GENERATION_NONE;

	int status = hold_take(request, HOLD_WRITE, &hold);
	if (status == STATUS_DONE)
		status = pending_settle(&hold, &pending, &awaits);
	if (status == STATUS_DONE)
		status = choose(&hold, operands[0], awaits ? &pending : NULL, &number);
	if (status == STATUS_DONE)
		status = transition_restore(&hold, number, false);
	if (status != STATUS_DONE)
		return status;
	int error = awaits ? pending_remove(&hold.store) : 0;
	if (error)
		return program_fail(STATUS_SYSTEM, "cannot write to %s: %s", hold.store.path,
				    strerror(-error));
	if (awaits)
		guard_end(&pending);
	program_say("generation %u is in force", number);
	return STATUS_DONE;
}

/* Listing */

struct listing {
	const struct store *store;
	uint32_t current, confirmed, pending;
};

static const char *state_of(const struct listing *listing, const struct generation *generation)
{
	if (generation->flaw)
		return "damaged";
	if (generation->number == listing->pending)
		return "pending";
	if (generation->number == listing->current)
		return "current";
	return generation->is_confirmed ? "confirmed" : "not confirmed";
}

static void time_text(int64_t seconds, char text[TIME_SIZE])
{
	time_t when = (time_t)seconds;
	struct tm parts;
	if (!localtime_r(&when, &parts) || !strftime(text, TIME_SIZE, "%Y-%m-%d %H:%M:%S", &parts))
		snprintf(text, TIME_SIZE, "?");
}

static void print_text(const struct listing *listing, const struct generation *generation)
{
	char when[TIME_SIZE];
	time_text(generation->time, when);
	printf("%c %4u  %-13s  %s  %.*s  %s", generation->number == listing->confirmed ? '*' : ' ',
	       generation->number, state_of(listing, generation), when, DIGEST_SHOWN,
	       generation->digest ? generation->digest : "------------",
	       generation->user ? generation->user : "?");
	for (uint32_t i = 0; i < generation->sources.n; i++)
		printf("%s%s", i ? " " : "  ", generation->sources.at[i].name);
	if (generation->number == 0)
		printf("  (without flywall)");
	if (generation->flaw)
		printf("  %s", generation->flaw);
	putchar('\n');
}

static void write_text_pair(struct writer *writer, const char *key, const char *text)
{
	if (text)
		writer_pair_text(writer, key, text);
}

static void print_object(struct writer *writer, const struct listing *listing,
			 const struct generation *generation)
{
	writer_begin_map(writer);
	writer_pair_number(writer, "number", generation->number);
	writer_pair_text(writer, "state", state_of(listing, generation));
	writer_key(writer, "boots");
	writer_bool(writer, generation->number == listing->confirmed);
	writer_pair_number(writer, "time", (uint64_t)generation->time);
	write_text_pair(writer, "user", generation->user);
	write_text_pair(writer, "terminal", generation->terminal);
	write_text_pair(writer, "version", generation->version);
	write_text_pair(writer, "digest", generation->digest);
	write_text_pair(writer, "whole", generation->whole);
	write_text_pair(writer, "flaw", generation->flaw);
	writer_key(writer, "sources");
	writer_begin_list(writer);
	for (uint32_t i = 0; i < generation->sources.n; i++)
		writer_text(writer, generation->sources.at[i].name);
	writer_end_list(writer);
	writer_end_map(writer);
}

static void print_all(struct arena *arena, const struct listing *listing,
		      const struct generation_numbers *numbers, enum format format)
{
	struct writer *writer = format == FORMAT_TEXT ? NULL : writer_new(stdout, format);
	if (writer) {
		writer_begin_map(writer);
		writer_key(writer, "generations");
		writer_begin_list(writer);
	}
	for (uint32_t i = 0; i < numbers->all.n; i++) {
		struct generation generation;
		generation_look(arena, listing->store, numbers->all.at[i], &generation);
		if (writer)
			print_object(writer, listing, &generation);
		else
			print_text(listing, &generation);
	}
	if (writer) {
		writer_end_list(writer);
		writer_end_map(writer);
		writer_close(writer);
	}
}

int generations_run(const struct request *request, char *const operands[])
{
	autoarena struct arena *arena = arena_new();
	autohold struct hold hold = HOLD_NONE;
	struct generation_numbers numbers = { 0 };
	struct pending pending = { .generation = GENERATION_NONE };
	bool awaits;

	(void)operands;
	int status = hold_take(request, HOLD_READ, &hold);
	if (status == STATUS_DONE)
		status = pending_settle(&hold, &pending, &awaits);
	if (status != STATUS_DONE)
		return status;
	int error = hold.store.fd < 0 ? 0 : generation_numbers(arena, &hold.store, &numbers);
	if (error)
		return program_fail(STATUS_SYSTEM, "cannot read %s: %s", hold.store.path,
				    strerror(-error));
	struct listing listing = {
		.store = &hold.store,
		.current = store_follow(&hold.store, LINK_CURRENT),
		.confirmed = store_follow(&hold.store, LINK_CONFIRMED),
		.pending = awaits ? pending.generation : GENERATION_NONE,
	};
	print_all(arena, &listing, &numbers, request->format);
	return program_finish();
}

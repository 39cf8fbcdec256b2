#include "runtime/change/change.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "runtime/change/batch.h"
#include "runtime/change/change_state.h"
#include "runtime/change/gate.h"
#include "runtime/change/outcome.h"
#include "runtime/change/removal.h"
#include "runtime/change/steady.h"
#include "runtime/memory.h"

static bool load_text(struct change *change, struct text text, const char **messages)
{
	automemory struct memory memory = MEMORY_NONE;
	autofree char *said = NULL;

	int error = memory_new(&memory);
	if (!error && write(memory.fd, text.s, text.n) != (ssize_t)text.n)
		error = -ENOSPC;
	if (error) {
		*messages = arena_printf(change->arena, "%s\n", strerror(-error));
		return false;
	}
	connection_close(&change->nftables);
	if (ruleset_commit_fd(memory.fd, &change->nftables, &said))
		return true;
	*messages = text_copy(change->arena, text_of(said));
	return false;
}

/* What the table is, in a form that can be loaded; empty where there is none. */
static int snapshot(struct change *change, struct text *out)
{
	autofree char *listing = NULL;
	const char *table = change->request.table;

	if (change->here.view.things.n == 0)
		return 0;
	if (!nftables_run(arena_printf(change->arena, "list table inet %s", table), &listing))
		return -EIO;
	const char *text = arena_printf(change->arena, "delete table inet %s\n%s", table, listing);
	*out = text_of(text);
	return 0;
}

/* Things that go in a transaction of their own. */
struct leaving {
	VEC(const struct view_thing *) things;
};

static bool load_ahead(struct change *change, struct leaving *ahead, const char **messages)
{
	if (change->ahead.n == 0)
		return true;
	if (!load_text(change, change->ahead, messages)) {
		*messages = draft_translate(&change->ahead_draft, *messages);
		return false;
	}
	change->here.generation++;
	for (uint32_t i = 0; i < change->difference.deltas.n; i++) {
		const struct delta *delta = &change->difference.deltas.at[i];
		if (!delta->is_ahead)
			continue;
		struct view_thing *thing = arena_alloc(change->arena, sizeof *thing);
		thing->kind = delta->wanted->kind;
		thing->type = delta->wanted->type;
		thing->name = delta->wanted->name;
		*push(change->arena, &ahead->things) = thing;
	}
	return true;
}

/* At once: it keeps connections from beginning. */
static void open_gate(struct change *change)
{
	const struct view_thing *things[GATE_THINGS];

	if (!change->has_gate)
		return;
	for (int i = 0; i < GATE_THINGS; i++)
		things[i] = &gate_things[i];
	if (removal_run(change->arena, change->request.table, things, GATE_THINGS) == 0)
		change->here.generation++;
}

/* Adds to `ahead` what is there even where the rest is refused. */
static bool load(struct change *change, struct leaving *ahead, const char **messages)
{
	if (!load_ahead(change, ahead, messages))
		return false;
	if (change->batch.n == 0 || load_text(change, change->batch, messages)) {
		open_gate(change);
		return true;
	}
	*messages = draft_translate(&change->draft, *messages);
	return false;
}

static int remove_rest(struct change *change, uint32_t *generation)
{
	struct leaving rest = { 0 };

	for (uint32_t i = 0; i < change->difference.gone.n; i++) {
		const struct view_thing *gone = change->difference.gone.at[i];
		bool is_gate = change->has_gate && gate_has(gone);
		if (!is_gate && !batch_removes(&change->difference, gone))
			*push(change->arena, &rest.things) = gone;
	}
	*generation += rest.things.n > 0;
	return removal_run(change->arena, change->request.table, rest.things.at, rest.things.n);
}

static bool put_back_once(struct change *change, const struct change_request *request)
{
	struct leaving ahead = { 0 };
	uint32_t generation = 0;
	struct change *back;
	const char *why;

	if (change_plan(change->arena, request, &back, &why) < 0)
		return false;
	bool done = change_is_empty(back) ||
		    (load(back, &ahead, &why) && remove_rest(back, &generation) == 0);
	connection_close(&back->nftables);
	return done;
}

static bool put_back(struct change *change, struct text listing)
{
	struct change_request request = change->request;
	bool done = false;
	const char *why;

	if (listing.n > 0)
		return load_text(change, listing, &why);
	request.wanted = change->request.known;
	request.known = request.token = (struct text){ 0 };
	request.stale = NULL;
	for (int i = 0; i < PLAN_TRIES && !done; i++)
		done = put_back_once(change, &request);
	return done;
}

/* Whether nobody else has changed anything, when our own changes have led to that generation. */
static bool is_at(struct change *change, uint32_t generation)
{
	uint32_t now;
	return kernel_generation(&change->kernel, &now) == 0 && now == generation;
}

/* What the kernel makes of the table, compared with what was meant. */
static int look_again(struct change *change, struct outcome *outcome, bool is_alone,
		      const char **wrong)
{
	int error = change_rehearsed(change);
	if (error)
		return error;
	if (change->is_blind)
		return outcome_count(outcome, &change->kernel, wrong);
	outcome_expect(outcome);
	if (change->is_excerpt && is_alone) {
		error = outcome_compare_changed(outcome, &change->kernel, wrong);
		if (!change->kernel.is_torn)
			return error;
	}
	return outcome_compare_all(outcome, &change->kernel, wrong);
}

/* The view was read in that generation. */
static int keep_token(struct change *change, const struct view *view, uint32_t generation)
{
	struct token token = change->here;

	token.view = *view;
	token.generation = generation;
	change->token = token_write(change->arena, &token);
	return change->token.n > 0 ? 0 : -ENOMEM;
}

/* A change while it is being made, in however many transactions that takes. */
struct attempt {
	struct timeout_objects made;
	struct leaving ahead;
	struct text listing; /* of what stood; empty where the request says what that was */
	bool is_loaded;	     /* what stood is no longer in force */
	bool is_crossed;     /* somebody else has changed something meanwhile */
};

static void finish(struct change *change, const struct view *view, const char **why)
{
	uint32_t generation = change->here.generation + (change->batch.n > 0);
	int error = remove_rest(change, &generation);

	*why = error ? arena_printf(change->arena,
				    "what is wanted no more could not be removed: %s\n",
				    strerror(-error))
		     : NULL;
	/* Where others have come between, the table is compared with the token next time, and
	 * without one it is looked at in full. */
	if (!is_at(change, generation))
		generation = 0;
	if (error || keep_token(change, view, generation) < 0)
		change->token = (struct text){ 0 };
}

/* False, and `*why`, where the kernel has something else than was meant. */
static bool settle(struct change *change, struct attempt *attempt, const char **why)
{
	struct outcome outcome = {
		.arena = change->arena,
		.table = change->request.table,
		.wanted = &change->wanted,
		.difference = &change->difference,
		.rehearsal = &change->rehearsal,
		.is_excerpt = change->is_excerpt,
		.before = &change->here.view,
	};
	const char *wrong = NULL;
	bool is_alone = is_at(change, change->here.generation + (change->batch.n > 0));
	int error = look_again(change, &outcome, is_alone, &wrong);

	attempt->is_crossed = !is_alone;
	if (error)
		*why = arena_printf(change->arena, "what stands now cannot be read: %s\n",
				    steady_error(error));
	else if (wrong)
		*why = arena_printf(change->arena, "%s is not in the kernel as it was meant%s\n",
				    wrong,
				    is_alone ? "" : ": another program changes it meanwhile");
	else
		finish(change, &outcome.expected, why);
	return !error && !wrong;
}

static bool try_once(struct change *change, struct attempt *attempt, const char **why)
{
	if (!change->difference.is_empty) {
		if (!load(change, &attempt->ahead, why)) {
			attempt->is_crossed = !is_at(change, change->here.generation);
			if (attempt->is_loaded)
				*why = "another program changes the table meanwhile\n";
			return false;
		}
		attempt->is_loaded = true;
		attempt->ahead = (struct leaving){ 0 };
	}
	if (change->request.wanted.n > 0)
		return settle(change, attempt, why);
	change->token = (struct text){ 0 };
	*why = NULL;
	return true;
}

/* Where somebody else's change in between may be why it failed, what stands then is looked at anew.
 */
static bool plan_again(struct change *change)
{
	const char *why;
	struct change *again;

	if (change_rehearsed(change) == -ENOMEM)
		return false;
	if (change_plan(change->arena, &change->request, &again, &why) < 0)
		return false;
	struct kernel kernel = change->kernel;
	connection_close(&change->nftables);
	*change = *again;
	change->kernel = kernel;
	return true;
}

/* Objects that text cannot declare have to be there before it refers to them. Nothing uses them
 * until then. */
static bool make_objects(struct change *change, struct timeout_objects *made, const char **why)
{
	struct timeout_objects now = { 0 };

	if (timeouts_make(change->arena, &change->objects, &now, why) < 0)
		return false;
	for (uint32_t i = 0; i < now.n; i++)
		*push(change->arena, made) = now.at[i];
	*why = now.n > 0 && !plan_again(change) ? "the table cannot be read again\n" : NULL;
	return !*why;
}

static enum change_result commit_batch(struct change *change, struct attempt *attempt,
				       const char **why)
{
	for (int i = 0;; i++) {
		const char *failure;
		if (try_once(change, attempt, &failure)) {
			*why = failure;
			return CHANGE_DONE;
		}
		if (attempt->is_crossed && i < PLAN_TRIES && plan_again(change) &&
		    make_objects(change, &attempt->made, why))
			continue;
		*why = failure;
		if (!attempt->is_loaded)
			return CHANGE_REFUSED;
		return put_back(change, attempt->listing) ? CHANGE_UNDONE : CHANGE_BROKEN;
	}
}

static enum change_result commit(struct change *change, const char **why)
{
	struct attempt attempt = { 0 };

	if (change->request.known.n == 0 && snapshot(change, &attempt.listing) < 0) {
		*why = "what stands in the kernel cannot be listed\n";
		return CHANGE_REFUSED;
	}
	enum change_result result = CHANGE_REFUSED;
	if (make_objects(change, &attempt.made, why))
		result = commit_batch(change, &attempt, why);
	if (result == CHANGE_REFUSED &&
	    removal_run(change->arena, change->request.table, attempt.ahead.things.at,
			attempt.ahead.things.n) < 0)
		*why = arena_printf(change->arena, "%sunused sets are left\n", *why);
	if (result != CHANGE_DONE && timeouts_unmake(change->arena, &attempt.made) < 0)
		*why = arena_printf(change->arena, "%sunused ct timeout objects are left\n", *why);
	return result;
}

static bool wake(struct change *change, const char **why)
{
	if (!change->is_dormant || change->request.wanted.n == 0)
		return true;
	change->here.generation++;
	return load_text(change, text_of(change_wake_command(change)), why);
}

enum change_result change_commit(struct change *change, const char **why)
{
	*why = NULL;
	if (change_is_none(change)) {
		change->token = change->request.token;
		return CHANGE_DONE;
	}
	int error = kernel_open(&change->kernel);
	if (error) {
		*why = arena_printf(change->arena, "%s\n", strerror(-error));
		return CHANGE_REFUSED;
	}
	enum change_result result = CHANGE_DONE;
	if (!wake(change, why))
		result = CHANGE_REFUSED;
	else if (!change->difference.is_empty)
		result = commit(change, why);
	else if (keep_token(change, &change->here.view, change->here.generation) < 0)
		change->token = (struct text){ 0 };
	kernel_close(&change->kernel);
	connection_close(&change->nftables);
	return result;
}

struct text change_token(const struct change *change)
{
	return change->token;
}

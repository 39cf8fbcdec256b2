#include "runtime/change/change.h"

#include <errno.h>
#include <string.h>

#include <linux/netfilter/nf_tables.h>

#include "runtime/change/batch.h"
#include "runtime/change/change_state.h"
#include "runtime/change/excerpt.h"
#include "runtime/change/gate.h"
#include "runtime/change/steady.h"
#include "runtime/change/step.h"
#include "runtime/digest.h"

static struct text copy_text(struct arena *arena, char *text, size_t size)
{
	struct text copy = { text_copy(arena, (struct text){ text, size }), size };
	free(text);
	return copy;
}

/* Reading */

/* An empty chain that names the ruleset: others tell by it which one is loaded. */
static void add_marker(struct arena *arena, struct text name, struct model *model)
{
	struct model_thing *marker = push(arena, &model->things);

	*marker = (struct model_thing){ .kind = MODEL_CHAIN, .word = TEXT("chain"), .name = name };
	*lookup_at(arena, &model->by_name, model_key(arena, MODEL_CHAIN, 0, name)) =
		model->things.n;
}

static struct text marker_name(struct arena *arena, struct text ruleset)
{
	char digest[DIGEST_TEXT_SIZE];
	digest_text(ruleset.s, ruleset.n, digest);
	return text_of(arena_printf(arena, BATCH_MARKER "%.16s", digest));
}

static int read_wanted(struct change *change)
{
	struct text wanted = change->request.wanted;
	uint32_t line = model_parse(change->arena, wanted, &change->wanted);
	if (!line)
		line = timeouts_read(change->arena, wanted, &change->objects);
	if (line) {
		change->why =
			arena_printf(change->arena,
				     "line %u of the ruleset is none that flywall writes\n", line);
		return -EINVAL;
	}
	if (wanted.n > 0)
		add_marker(change->arena, marker_name(change->arena, wanted), &change->wanted);
	return 0;
}

/* Of what an older version wrote nothing is known. */
static void read_known(struct change *change)
{
	if (change->then.view.things.n == 0)
		return;
	if (model_parse(change->arena, change->request.known, &change->former)) {
		change->former = (struct model){ 0 };
		return;
	}
	add_marker(change->arena, change->known_marker, &change->former);
}

/* The token may be that of another ruleset, where whoever noted both was interrupted. */
static bool read_token(struct change *change)
{
	const struct change_request *request = &change->request;
	struct token then = { 0 };

	if (request->known.n == 0 || !token_parse(change->arena, request->token, &then))
		return false;
	change->known_marker = marker_name(change->arena, request->known);
	if (!view_find(&then.view, model_key(change->arena, MODEL_CHAIN, 0, change->known_marker)))
		return false;
	change->then = then;
	return true;
}

/* The table as it stands, and the generation that it stands in. */
static int read_table(struct change *change)
{
	struct token *here = &change->here;
	int error = steady_view(&change->kernel, change->arena, change->request.table, &here->view,
				&here->generation);
	return error ? error
		     : kernel_is_dormant(&change->kernel, change->request.table,
					 &change->is_dormant);
}

static int read_kernel(struct change *change)
{
	struct token *here = &change->here, *then = &change->then;
	bool has_token = read_token(change);
	int error = token_here(here);
	if (!error)
		error = kernel_generation(&change->kernel, &here->generation);
	if (error)
		return error;
	change->is_trusted = has_token && token_is_same_place(here, then) &&
			     here->generation == then->generation;
	if (!change->is_trusted)
		return read_table(change);
	here->view = then->view;
	return 0;
}

/* Comparing */

static struct standing standing_of(const struct change *change)
{
	return (struct standing){
		.former = &change->former,
		.then = &change->then.view,
		.live = &change->here.view,
		.rehearsed = change->is_rehearsed ? &change->rehearsal.view : NULL,
		.stale = change->request.stale,
	};
}

/* Whether something that is wanted is there already without anybody knowing what it is. */
static bool has_unknown(const struct change *change)
{
	struct standing standing = standing_of(change);
	for (uint32_t i = 0; i < change->wanted.things.n; i++) {
		const struct model_thing *thing = &change->wanted.things.at[i];
		struct text key = model_key(change->arena, thing->kind, thing->type, thing->name);
		if (view_find(&change->here.view, key) && !standing_knows(&standing, key))
			return true;
	}
	return false;
}

static int start_rehearsal(struct change *change, struct rehearsal_request request)
{
	request.table = change->request.table;
	request.objects = &change->objects;
	change->rehearsed = request;
	int error = rehearsal_start(&change->rehearsed, &change->rehearsing);
	change->is_rehearsing = !error;
	return error;
}

int change_rehearsed(struct change *change)
{
	if (!change->is_rehearsing)
		return 0;
	change->is_rehearsing = false;
	int error = rehearsal_finish(change->arena, &change->rehearsing, &change->rehearsal);
	change->why = change->rehearsal.messages;
	if (error == -EINVAL && change->why && change->is_excerpt)
		change->why = draft_translate(&change->excerpt, change->why);
	change->is_rehearsed = !error;
	change->is_blind = error == -ENOSYS;
	return change->is_blind ? 0 : error;
}

static int rehearse_all(struct change *change)
{
	const struct model_thing *marker = &change->wanted.things.at[change->wanted.things.n - 1];
	const char *declared =
		arena_printf(change->arena, "table inet %s {\n\tchain %s {\n\t}\n}\n",
			     change->request.table, marker->name.s);
	int error = start_rehearsal(change, (struct rehearsal_request){
						    .text = change->request.wanted,
						    .marker = text_of(declared),
					    });
	return error ? error : change_rehearsed(change);
}

static int draft_open(struct change *change, struct draft *draft, char **text, size_t *size)
{
	*draft = (struct draft){ .arena = change->arena, .table = change->request.table };
	draft->out = open_memstream(text, size);
	return draft->out ? 0 : -ENOMEM;
}

static int draft_close(struct change *change, struct draft *draft, char *const *text,
		       const size_t *size, struct text *out)
{
	if (fclose(draft->out) != 0)
		return -ENOMEM;
	*out = copy_text(change->arena, *text, *size);
	return 0;
}

static void list_partial(struct change *change, struct rehearsal_request *out)
{
	VEC(struct rehearsed) sets = { 0 };
	for (uint32_t i = 0; i < change->difference.deltas.n; i++) {
		const struct delta *delta = &change->difference.deltas.at[i];
		if (!excerpt_is_partial(delta))
			continue;
		struct text name = delta->wanted->name;
		*push(change->arena, &sets) =
			(struct rehearsed){ .table = text_of(change->request.table), .set = name };
		*push(change->arena, &sets) =
			(struct rehearsed){ .table = TEXT(EXCERPT_FORMER), .set = name };
	}
	out->sets = sets.at;
	out->sets_n = sets.n;
}

/* It goes on while the change is committed, and is needed when the kernel is read again. */
static int rehearse_excerpt(struct change *change)
{
	struct rehearsal_request request = { 0 };
	char *text = NULL;
	size_t size = 0;
	int error = draft_open(change, &change->excerpt, &text, &size);
	if (error)
		return error;
	excerpt_write(&change->excerpt, &change->wanted, &change->former, &change->difference);
	error = draft_close(change, &change->excerpt, &text, &size, &request.text);
	if (error)
		return error;
	list_partial(change, &request);
	change->is_excerpt = true;
	return start_rehearsal(change, request);
}

/* Handles are needed where single rules change. A chain that has more or fewer rules than it is
 * known to have is written anew. */
static int read_handles(struct change *change)
{
	for (uint32_t i = 0; i < change->difference.deltas.n; i++) {
		struct delta *delta = &change->difference.deltas.at[i];
		if (delta->kind != DELTA_EDIT || delta->wanted->kind != MODEL_CHAIN)
			continue;
		struct text key = model_key(change->arena, MODEL_CHAIN, 0, delta->wanted->name);
		struct view_thing *chain = view_find(&change->here.view, key);
		int error = kernel_rules(&change->kernel, change->arena, change->request.table,
					 &change->here.view, chain);
		if (error)
			return error;
		if (chain->rules.n != delta->former->lines.n)
			delta->kind = DELTA_REWRITE;
	}
	return 0;
}

static int write_ahead(struct change *change)
{
	char *text = NULL;
	size_t size = 0;
	int error = draft_open(change, &change->ahead_draft, &text, &size);
	if (error)
		return error;
	batch_write_ahead(&change->ahead_draft, &change->difference);
	return draft_close(change, &change->ahead_draft, &text, &size, &change->ahead);
}

static int write_batch(struct change *change)
{
	char *text = NULL;
	size_t size = 0;
	int error = draft_open(change, &change->draft, &text, &size);
	if (error)
		return error;
	if (change->request.wanted.n == 0)
		fprintf(change->draft.out, "delete table inet %s\n", change->request.table);
	else
		batch_write(&change->draft, &change->difference, &change->here.view);
	if (change->has_gate)
		gate_write(&change->draft);
	return draft_close(change, &change->draft, &text, &size, &change->batch);
}

bool change_is_none(const struct change *change)
{
	return change->is_trusted && !change->request.stale &&
	       text_equal(change->request.wanted, change->request.known);
}

static int compare(struct change *change)
{
	if (change_is_none(change)) {
		change->difference.is_empty = true;
		return 0;
	}
	int error = read_wanted(change);
	if (error)
		return error;
	read_known(change);
	if (change->request.wanted.n > 0 && has_unknown(change))
		error = rehearse_all(change);
	if (error)
		return error;
	struct standing standing = standing_of(change);
	difference_find(change->arena, &change->wanted, &standing, &change->difference);
	if (change->difference.is_empty)
		return 0;
	change->has_gate = change->request.renumbers && change->request.wanted.n > 0 &&
			   change->here.view.things.n > 0;
	error = read_handles(change);
	if (!error && !change->is_rehearsed && change->request.wanted.n > 0)
		error = rehearse_excerpt(change);
	if (!error)
		error = write_ahead(change);
	return error ? error : write_batch(change);
}

int change_plan(struct arena *arena, const struct change_request *request, struct change **out,
		const char **why)
{
	struct change *change = arena_alloc(arena, sizeof *change);

	change->arena = arena;
	change->request = *request;
	int error = kernel_open(&change->kernel);
	if (!error)
		error = read_kernel(change);
	if (!error)
		error = compare(change);
	kernel_close(&change->kernel);
	if (error) {
		*why = change->why ? change->why : arena_printf(arena, "%s\n", steady_error(error));
		return error;
	}
	*out = change;
	return 0;
}

int change_check(struct change *change, const char **why)
{
	int error = change_rehearsed(change);
	if (error)
		*why = change->why ? change->why
				   : arena_printf(change->arena, "%s\n", strerror(-error));
	return error;
}

bool change_is_empty(const struct change *change)
{
	return change->difference.is_empty && !change->is_dormant;
}

/* What stands in the table is in force again. The kernel takes no new base chains in the same
 * transaction. */
const char *change_wake_command(const struct change *change)
{
	return arena_printf(change->arena, "add table inet %s\n", change->request.table);
}

size_t change_drifts(struct change *change, const struct change_drift **drifts)
{
	struct text begun = change->request.begun;
	struct text marker = begun.n > 0 ? marker_name(change->arena, begun) : begun;
	struct text key = model_key(change->arena, MODEL_CHAIN, 0, marker);
	const struct drift_request request = {
		.arena = change->arena,
		.table = change->request.table,
		.former = &change->former,
		.then = &change->then.view,
		.live = &change->here.view,
		.begun = begun,
		.is_begun_done = begun.n > 0 && view_find(&change->here.view, key),
	};
	if (change->then.view.things.n > 0 && !change->is_trusted && change->drifts.all.n == 0)
		drifts_find(&request, change->is_dormant, &change->drifts);
	*drifts = change->drifts.all.at;
	return change->drifts.all.n;
}

size_t change_steps(const struct change *change, const struct change_step **steps)
{
	struct steps found = { 0 };
	steps_list(change->arena, &change->difference, &change->former, &found);
	*steps = found.all.at;
	return found.all.n;
}

/* What is made ahead of the transaction, as the ruleset has it. */
static void print_objects(const struct change *change, FILE *out)
{
	for (uint32_t i = 0; i < change->objects.n; i++) {
		const struct timeout_object *object = &change->objects.at[i];
		struct text key = model_key(change->arena, MODEL_OBJECT, NFT_OBJECT_CT_TIMEOUT,
					    text_of(object->name));
		if (view_find(&change->here.view, key))
			continue;
		fwrite(object->text.s, 1, object->text.n, out);
		fputc('\n', out);
	}
}

void change_print(const struct change *change, FILE *out)
{
	if (change->is_dormant)
		fputs(change_wake_command(change), out);
	if (change->difference.is_empty)
		return;
	print_objects(change, out);
	fwrite(change->ahead.s, 1, change->ahead.n, out);
	fwrite(change->batch.s, 1, change->batch.n, out);
	if (change->request.wanted.n > 0)
		batch_print_removals(change->arena, change->request.table, &change->difference,
				     out);
	if (change->has_gate)
		gate_print_removal(change->request.table, out);
}

#include "runtime/change/rehearsal.h"

#include <errno.h>
#include <sched.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/load.h"
#include "runtime/memory.h"
#include "runtime/timeouts.h"

/* An element in the file of elements; its attributes stand behind it. */
struct element_record {
	uint64_t digest, key;
	uint32_t size, is_last;
};

/* The process */

/* A flow table of no devices is one that the kernel takes. */
static void write_text(struct text text, FILE *file)
{
	static const char devices[] = "\t\tdevices = { ";

	while (text.n > 0) {
		const char *end = memchr(text.s, '\n', text.n);
		size_t n = end ? (size_t)(end + 1 - text.s) : text.n;
		if (n < sizeof devices || memcmp(text.s, devices, sizeof devices - 1) != 0)
			fwrite(text.s, 1, n, file);
		text = (struct text){ text.s + n, text.n - n };
	}
}

static int write_request(const struct rehearsal_request *request, struct memory *out)
{
	int error = memory_new(out);
	if (error)
		return error;
	FILE *file = fdopen(dup(out->fd), "w");
	if (!file)
		return -errno;
	write_text(request->text, file);
	write_text(request->marker, file);
	return fclose(file) == 0 ? 0 : -errno;
}

static bool make_objects(const struct timeout_objects *objects, char **messages)
{
	autoarena struct arena *arena = arena_new();
	struct timeout_objects made = { 0 };
	const char *why;

	if (timeouts_make(arena, objects, &made, &why) == 0)
		return true;
	*messages = strdup(why);
	return false;
}

static int load(const struct rehearsal_request *request, char **messages)
{
	automemory struct memory memory = MEMORY_NONE;

	/* In a user namespace of its own the kernel would not take batches of any size. */
	if (unshare(CLONE_NEWNET) < 0)
		return -ENOSYS;
	if (!make_objects(request->objects, messages))
		return -EOPNOTSUPP;
	int error = write_request(request, &memory);
	if (error)
		return error;
	/* The end of this process closes it. */
	struct nft_ctx *connection;
	return ruleset_commit_fd(memory.fd, &connection, messages) ? 0 : -EINVAL;
}

static void write_elements(const struct kernel_elements *elements, FILE *out)
{
	fwrite(&elements->list.n, sizeof elements->list.n, 1, out);
	for (uint32_t i = 0; i < elements->list.n; i++) {
		const struct kernel_element *element = &elements->list.at[i];
		struct element_record record = { element->digest, element->key, element->size,
						 element->is_last };
		fwrite(&record, sizeof record, 1, out);
		fwrite(element->attributes, 1, element->size, out);
	}
}

static void look(const struct rehearsal_request *request, FILE *said, FILE *elements)
{
	autokernel struct kernel kernel = { 0 };
	struct arena *arena = arena_new();
	struct view view;
	int error = kernel_open(&kernel);
	if (!error)
		error = kernel_view(&kernel, arena, request->table, &view);
	for (uint32_t i = 0; !error && i < request->sets_n; i++) {
		struct view_thing set = { .kind = MODEL_SET, .name = request->sets[i].set };
		struct kernel_elements list = { 0 };
		const char *table = text_copy(arena, request->sets[i].table);
		error = kernel_elements(&kernel, arena, table, &set, &list);
		write_elements(&list, elements);
	}
	fprintf(said, "%d\n", -error);
	if (!error)
		view_write(&view, said);
	fflush(elements);
}

/* Says what came of it, then ends; connections to nf_tables take their time to close, and nobody
 * waits for that. */
static void play(const struct rehearsing *rehearsing, int end)
{
	char *messages = NULL;
	FILE *said = fdopen(rehearsing->said, "w"), *elements = fdopen(rehearsing->elements, "w");

	if (!said || !elements)
		_exit(1);
	int error = load(rehearsing->request, &messages);
	if (error)
		fprintf(said, "%d\n%s", -error, messages ? messages : "");
	else
		look(rehearsing->request, said, elements);
	fflush(said);
	close(end);
	_exit(0);
}

/* Its beginning and its end */

static void close_files(const struct rehearsing *rehearsing)
{
	scope_close(&rehearsing->done);
	scope_close(&rehearsing->said);
	scope_close(&rehearsing->elements);
}

static int open_files(struct rehearsing *out, int *end)
{
	struct memory said = MEMORY_NONE, elements = MEMORY_NONE;
	int ends[2];

	int error = memory_new(&said);
	if (!error)
		error = memory_new(&elements);
	out->said = said.fd;
	out->elements = elements.fd;
	if (error)
		return error;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	out->done = ends[0];
	*end = ends[1];
	return 0;
}

int rehearsal_start(const struct rehearsal_request *request, struct rehearsing *out)
{
	struct rehearsing rehearsing = { request, 0, -1, -1, -1 };
	autoclose int end = -1;
	int error = open_files(&rehearsing, &end);
	if (!error) {
		rehearsing.process = fork();
		if (rehearsing.process == 0)
			play(&rehearsing, end);
		error = rehearsing.process < 0 ? -errno : 0;
	}
	if (error)
		close_files(&rehearsing);
	else
		*out = rehearsing;
	return error;
}

static int read_elements(struct arena *arena, const struct rehearsing *rehearsing,
			 struct rehearsal *out)
{
	autofile FILE *in = fdopen(dup(rehearsing->elements), "r");
	if (!in)
		return -errno;
	rewind(in);
	for (uint32_t i = 0; i < rehearsing->request->sets_n; i++) {
		struct rehearsed *set = push(arena, &out->sets);
		uint32_t n = 0;
		*set = rehearsing->request->sets[i];
		if (fread(&n, sizeof n, 1, in) != 1)
			return -EIO;
		for (uint32_t j = 0; j < n; j++) {
			struct element_record record;
			if (fread(&record, sizeof record, 1, in) != 1)
				return -EIO;
			char *attributes = arena_alloc(arena, record.size);
			if (fread(attributes, 1, record.size, in) != record.size)
				return -EIO;
			*push(arena, &set->elements.list) =
				(struct kernel_element){ record.digest, record.key, attributes,
							 record.size, record.is_last };
		}
	}
	return 0;
}

static int read_said(struct arena *arena, const struct rehearsing *rehearsing,
		     struct rehearsal *out)
{
	automemory struct memory memory = { .fd = dup(rehearsing->said) };
	if (memory.fd < 0)
		return -errno;
	int error = memory_map(&memory);
	if (error)
		return error;
	/* Whoever says nothing has been ended. */
	const char *end = memory.text ? memchr(memory.text, '\n', memory.size) : NULL;
	if (!end)
		return -EIO;
	error = -atoi(memory.text);
	struct text rest = { end + 1, (size_t)(memory.text + memory.size - end - 1) };
	rest.s = text_copy(arena, rest);
	if (error) {
		out->messages = rest.n > 0 ? rest.s : NULL;
		return error;
	}
	return view_parse(arena, rest, &out->view) ? 0 : -EIO;
}

int rehearsal_finish(struct arena *arena, struct rehearsing *rehearsing, struct rehearsal *out)
{
	struct rehearsal rehearsal = { 0 };
	char none;

	while (read(rehearsing->done, &none, 1) < 0 && errno == EINTR)
		;
	int error = read_said(arena, rehearsing, &rehearsal);
	if (!error)
		error = read_elements(arena, rehearsing, &rehearsal);
	close_files(rehearsing);
	while (waitpid(rehearsing->process, NULL, WNOHANG) < 0 && errno == EINTR)
		;
	*out = rehearsal;
	return error;
}

#include "runtime/change/rehearsal.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "runtime/load.h"
#include "runtime/memory.h"

/* The thread that has the namespace, while the one that started it waits. */
struct stage {
	struct arena *arena;
	const struct rehearsal_request *request;
	struct rehearsal *out;
	int error;
};

static int look(struct stage *stage)
{
	autokernel struct kernel kernel = { 0 };
	const struct rehearsal_request *request = stage->request;
	int error = kernel_open(&kernel);
	if (!error)
		error = kernel_view(&kernel, stage->arena, request->table, &stage->out->view);
	for (uint32_t i = 0; !error && i < request->sets_n; i++) {
		struct rehearsed *set = push(stage->arena, &stage->out->sets);
		*set = request->sets[i];
		struct view_thing thing = { .kind = MODEL_SET, .name = set->set };
		const char *table = text_copy(stage->arena, set->table);
		error = kernel_elements(&kernel, stage->arena, table, &thing, &set->elements);
	}
	return error;
}

/* A flow table of no devices is one that the kernel takes. */
static void write_text(struct text text, FILE *file)
{
	while (text.n > 0) {
		const char *end = memchr(text.s, '\n', text.n);
		size_t n = end ? (size_t)(end + 1 - text.s) : text.n;
		static const char devices[] = "\t\tdevices = { ";
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

static void *play(void *data)
{
	struct stage *stage = data;
	automemory struct memory memory = MEMORY_NONE;
	autofree char *messages = NULL;

	if (unshare(CLONE_NEWNET) < 0) {
		stage->error = -errno;
		return NULL;
	}
	if (stage->request->prepare)
		stage->error = stage->request->prepare(stage->request->prepare_data);
	if (!stage->error)
		stage->error = write_request(stage->request, &memory);
	if (stage->error)
		return NULL;
	if (!ruleset_load_fd(memory.fd, LOAD_COMMIT, &messages)) {
		stage->out->messages = text_copy(stage->arena, text_of(messages));
		stage->error = -EINVAL;
		return NULL;
	}
	stage->error = look(stage);
	return NULL;
}

int rehearse(struct arena *arena, const struct rehearsal_request *request, struct rehearsal *out)
{
	struct rehearsal rehearsal = { 0 };
	struct stage stage = { arena, request, &rehearsal, 0 };
	pthread_t thread;

	int error = pthread_create(&thread, NULL, play, &stage);
	if (error)
		return -error;
	pthread_join(thread, NULL);
	*out = rehearsal;
	return stage.error;
}

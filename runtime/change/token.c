#include "runtime/change/token.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char format[] = "flywall-table 1 %63s %" SCNu64 " %" SCNu32 "\n%n";

int token_here(struct token *out)
{
	struct stat net;
	struct token token = { 0 };
	autoclose int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || stat("/proc/thread-self/ns/net", &net) < 0)
		return -errno;
	ssize_t n = read(fd, token.boot, sizeof token.boot - 1);
	if (n <= 0)
		return n < 0 ? -errno : -EIO;
	token.boot[strcspn(token.boot, "\n")] = '\0';
	token.net = net.st_ino;
	*out = token;
	return 0;
}

bool token_is_same_place(const struct token *a, const struct token *b)
{
	return strcmp(a->boot, b->boot) == 0 && a->net == b->net;
}

struct text token_write(struct arena *arena, const struct token *token)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return (struct text){ 0 };
	fprintf(out, "flywall-table 1 %s %" PRIu64 " %" PRIu32 "\n", token->boot, token->net,
		token->generation);
	view_write(&token->view, out);
	if (fclose(out) != 0)
		return (struct text){ 0 };
	struct text copy = { text_copy(arena, (struct text){ text, size }), size };
	free(text);
	return copy;
}

bool token_parse(struct arena *arena, struct text text, struct token *out)
{
	struct token token = { 0 };
	const char *end = text.n ? memchr(text.s, '\n', text.n) : NULL;
	int n = 0;

	if (!end)
		return false;
	size_t size = (size_t)(end + 1 - text.s);
	const char *line = text_copy(arena, (struct text){ text.s, size });
	if (sscanf(line, format, token.boot, &token.net, &token.generation, &n) != 3 ||
	    (size_t)n != size)
		return false;
	if (!view_parse(arena, (struct text){ end + 1, text.n - size }, &token.view))
		return false;
	*out = token;
	return true;
}

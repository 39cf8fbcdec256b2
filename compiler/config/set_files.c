#include "config/set_files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/diag.h"
#include "config/choice.h"
#include "schema/fault.h"
#include "schema/schema.h"
#include "value/value.h"

enum { BAD_MAX = 20, NULS = 2 };

struct span set_file_span(const struct set_file *file, const char *start, const char *end)
{
	uint32_t from = file->source->base + (uint32_t)(start - file->source->text);
	return (struct span){ from, from + (uint32_t)(end - start) };
}

const char *set_file_start(const struct set_file *file)
{
	const struct source *source = file->source;
	bool has_mark = source->size >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0;
	return source->text + (has_mark ? 3 : 0);
}

bool set_file_entry(struct set_file *file, struct text text, struct span at)
{
	if (!set_add_entry(file->reading, text, at))
		file->bad++;
	return file->bad < BAD_MAX && !fault_is_hopeless(file->reading->scope);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

void set_read_text(struct set_file *file)
{
	const char *end = file->source->text + file->source->size;
	for (const char *at = set_file_start(file); at < end;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *next = newline ? newline + 1 : end;
		const char *last = newline ? newline : end;
		for (const char *c = at; c < last; c++)
			if (*c == '#' || *c == ';')
				last = c;
		while (at < last && is_space(*at))
			at++;
		while (at < last && is_space(last[-1]))
			last--;
		if (at < last && !set_file_entry(file, (struct text){ at, (size_t)(last - at) },
						 set_file_span(file, at, last)))
			return;
		at = next;
	}
}

/* A relative path begins where the configuration that names it stands. */
static const char *resolve_path(struct scope *scope, const struct field_text *path)
{
	const char *config = source_find(scope->sources, path->at.start)->name;
	const char *slash = strrchr(config, '/');
	if (path->value[0] == '/' || !slash)
		return path->value;
	return arena_printf(scope->arena, "%.*s/%s", (int)(slash - config), config, path->value);
}

static void unreadable(struct scope *scope, const struct field_text *path, const char *name,
		       const char *why)
{
	struct diag *d = diag_error(scope->diags, D_SET_FILE, path->at);
	diag_say(d, "cannot read %s: %s", name, why);
}

static const char *kind_fault(const struct stat *status)
{
	if (S_ISDIR(status->st_mode))
		return "it is a directory";
	return S_ISREG(status->st_mode) ? NULL : "it is not a regular file";
}

/* Bytes that the file has got since it was looked at are left out. */
static bool read_whole(int fd, char *text, size_t size, size_t *out)
{
	size_t n = 0;
	while (n < size) {
		ssize_t got = read(fd, text + n, size - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		n += (size_t)got;
	}
	*out = n;
	return true;
}

static const struct source *load(struct scope *scope, const struct field_text *path,
				 const char *name, int fd)
{
	struct stat status;
	if (fstat(fd, &status) < 0) {
		unreadable(scope, path, name, strerror(errno));
		return NULL;
	}
	const char *fault = kind_fault(&status);
	if (!fault && status.st_size > SOURCE_MAX)
		fault = "it is larger than 1 GiB";
	if (fault) {
		unreadable(scope, path, name, fault);
		return NULL;
	}
	size_t n, size = (size_t)status.st_size;
	char *text = arena_alloc(scope->arena, size + NULS);
	if (!read_whole(fd, text, size, &n)) {
		unreadable(scope, path, name, strerror(errno));
		return NULL;
	}
	const struct source *source = source_add(scope->sources, name, text, (uint32_t)n);
	if (!source)
		unreadable(scope, path, name, "all files together are larger than 1 GiB");
	return source;
}

typedef void reader(struct set_file *file);

static const struct {
	const char *ending, *format;
	reader *read;
} formats[] = {
	{ "", "text", set_read_text },	    { ".csv", "csv", set_read_csv },
	{ ".json", "json", set_read_json }, { ".yaml", "yaml", set_read_yaml },
	{ ".yml", "yaml", set_read_yaml },
};

static reader *reader_for(const struct written_ipset *written, const char *name)
{
	size_t n = strlen(name);
	reader *read = set_read_text;
	for (size_t i = 0; i < countof(formats); i++) {
		size_t length = strlen(formats[i].ending);
		bool is_it =
			written->format.value
				? strcmp(written->format.value, formats[i].format) == 0
				: n > length && strcmp(name + n - length, formats[i].ending) == 0;
		if (is_it)
			read = formats[i].read;
	}
	return read;
}

static bool is_tree(reader *read)
{
	return read == set_read_json || read == set_read_yaml;
}

/* What tells where to look belongs to one format, which some file must have. */
static void check_places(struct scope *scope, const struct written_ipset *written)
{
	bool has_csv = false, has_tree = false;
	for (uint32_t i = 0; i < written->files.items.n; i++) {
		reader *read = reader_for(written, written->files.items.at[i].value);
		has_csv |= read == set_read_csv;
		has_tree |= is_tree(read);
	}
	if (field_is_set(written->column) && !has_csv) {
		struct diag *d = diag_error(scope->diags, D_SET_PLACE, written->column.at);
		diag_say(d, "column is for CSV files");
	}
	if (field_is_set(written->key) && !has_tree) {
		struct diag *d = diag_error(scope->diags, D_SET_PLACE, written->key.at);
		diag_say(d, "key is for JSON and YAML files");
	}
}

static void read_file(struct set_reading *reading, const struct field_text *path)
{
	struct scope *scope = reading->scope;
	const char *name = resolve_path(scope, path);
	reader *read = reader_for(reading->written, name);
	/* A pipe without a writer would keep the compiler waiting. */
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		unreadable(scope, path, name, strerror(errno));
		return;
	}
	struct set_file file = { .reading = reading, .source = load(scope, path, name, fd) };
	close(fd);
	if (file.source)
		read(&file);
}

void set_read_files(struct set_reading *reading)
{
	const struct field_texts *files = &reading->written->files;
	if (files->items.n > 0)
		check_places(reading->scope, reading->written);
	for (uint32_t i = 0; i < files->items.n; i++)
		read_file(reading, &files->items.at[i]);
}

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "value/functions/folders.h"
#include "value/functions/globs.h"
#include "value/functions/library.h"
#include "value/functions/maker.h"
#include "value/make.h"

/* More files, or deeper, than a configuration has. */
enum { FILES_MAX = 100000, FOLDERS_DEEP = 32 };

static bool is_utf8(const char *string)
{
	uint32_t c;
	struct text text = text_of(string);
	for (int size; text.n > 0; text.s += size, text.n -= (size_t)size)
		if ((size = code_point_decode(text.s, text.n, &c)) < 1)
			return false;
	return true;
}

static struct value run_env(struct call *call)
{
	struct text name = call->arguments[0].string;
	if (!call->scope->reads_environment) {
		struct diag *d = diag_error(call->scope->diags, D_CALL_FILE, call->at);
		diag_say(d, "env is switched off, so that a ruleset depends on its files alone");
		diag_help(d, "run with --allow-env, or declare a variable and set it by -D");
		return call_poison(call);
	}
	const char *value = strlen(name.s) == name.n ? getenv(name.s) : NULL;
	if (value && !is_utf8(value))
		return argument_refuse(call, 0, "%s is not UTF-8, and strings are", name.s);
	return call_string(call, text_of(value ? value : ""));
}

static struct value run_file(struct call *call)
{
	struct text text;
	return folder_read(call, 0, &text) ? call_string(call, text) : call_poison(call);
}

static struct value run_fileexists(struct call *call)
{
	struct text path = call->arguments[0].string;
	struct stat status;
	int folder = folder_open(call);
	if (folder < 0)
		return call_poison(call);
	int fd = folder_open_file(folder, path.s, O_PATH);
	close(folder);
	if (fd == -ENOENT || fd == -ENOTDIR)
		return call_bool(call, false);
	if (fd < 0)
		return file_refuse(call, 0,
				   fd == -EXDEV || fd == -ELOOP
					   ? "it lies outside of the configuration's folder"
					   : strerror(-fd),
				   "paths begin where the configuration stands");
	bool is_known = fstat(fd, &status) == 0;
	close(fd);
	if (!is_known || !S_ISREG(status.st_mode))
		return file_refuse(call, 0, "it is not a regular file",
				   "fileset lists the files of a folder");
	return call_bool(call, true);
}

/* Files that are being looked for. */
struct search {
	const struct call *call;
	struct globs globs;
	struct list_maker found;
	uint32_t seen;
};

static bool is_wanted(const struct search *search, const char *path)
{
	for (uint32_t i = 0; i < search->globs.all.n; i++)
		if (glob_matches(search->globs.all.at[i], path))
			return true;
	return false;
}

static bool search_folder(struct search *search, int folder, const char *path, int depth);

/* Links to folders are not followed: they may lead in circles. Links to files are, within. */
static bool search_entry(struct search *search, int folder, const char *path, int depth)
{
	struct stat status;
	bool goes_on = true;
	int fd = folder_open_file(folder, path, O_PATH);
	int link = folder_open_file(folder, path, O_PATH | O_NOFOLLOW);
	if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && is_utf8(path) &&
	    is_wanted(search, path))
		list_maker_add(&search->found, call_string(search->call, text_of(path)));
	else if (link >= 0 && fstat(link, &status) == 0 && S_ISDIR(status.st_mode))
		goes_on = search_folder(search, folder, path, depth + 1);
	if (fd >= 0)
		close(fd);
	if (link >= 0)
		close(link);
	return goes_on;
}

static bool search_entries(struct search *search, int folder, const char *path, int depth, DIR *dir)
{
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (search->seen++ == FILES_MAX) {
			file_refuse(search->call, 0, "more than 100000 files are in it",
				    "begin in a folder below");
			return false;
		}
		const char *below = arena_printf(search->call->scope->arena, "%s%s%s", path,
						 *path ? "/" : "", entry->d_name);
		if (!search_entry(search, folder, below, depth))
			return false;
	}
	return true;
}

static bool search_folder(struct search *search, int folder, const char *path, int depth)
{
	if (depth > FOLDERS_DEEP)
		return true;
	int fd = folder_open_file(folder, *path ? path : ".", O_RDONLY | O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		int error = fd < 0 ? -fd : errno;
		if (fd >= 0)
			close(fd);
		if (depth == 0)
			file_refuse(search->call, 0, strerror(error),
				    "name a folder, \".\" for the configuration's own");
		return depth > 0;
	}
	bool goes_on = search_entries(search, folder, path, depth, dir);
	closedir(dir);
	return goes_on;
}

/* Paths in the result begin in the folder that is searched. */
static bool search_all(struct search *search)
{
	int top = folder_open(search->call);
	if (top < 0)
		return false;
	int folder =
		folder_open_file(top, search->call->arguments[0].string.s, O_PATH | O_DIRECTORY);
	close(top);
	if (folder < 0) {
		file_refuse(search->call, 0,
			    folder == -EXDEV ? "it lies outside of the configuration's folder"
					     : strerror(-folder),
			    "name a folder, \".\" for the configuration's own");
		return false;
	}
	bool is_done = search_folder(search, folder, "", 0);
	close(folder);
	return is_done;
}

static struct value run_fileset(struct call *call)
{
	struct arena *arena = call->scope->arena;
	struct search search = { .call = call, .found = { .arena = arena } };
	if (!glob_expand(arena, call->arguments[1].string.s, &search.globs))
		return argument_refuse(call, 1,
				       "the alternatives in braces make too many patterns");
	if (!search_all(&search))
		return call_poison(call);
	return make_set(call->scope, call->at, search.found.all.at, search.found.all.n);
}

static const struct function rows[] = {
	{ .name = "env",
	  .run = run_env,
	  .parameters = { { "name", PARAMETER_STRING } },
	  .doc = "A variable of the environment, or an empty string; only with --allow-env.",
	  .example = "env(\"SITE\")" },
	{ .name = "file",
	  .run = run_file,
	  .parameters = { { "path", PARAMETER_STRING } },
	  .doc = "The text of a file in the configuration's folder or below.",
	  .example = "file(\"lists/blocked.txt\")" },
	{ .name = "fileexists",
	  .run = run_fileexists,
	  .parameters = { { "path", PARAMETER_STRING } },
	  .doc = "Whether a file is there.",
	  .example = "fileexists(\"lists/blocked.txt\")" },
	{ .name = "fileset",
	  .run = run_fileset,
	  .parameters = { { "folder", PARAMETER_STRING }, { "pattern", PARAMETER_STRING } },
	  .doc = "The files of a folder whose paths are like a pattern: * and ? within a name, ** "
		 "for any "
		 "folders, {a,b} for one of several.",
	  .example = "fileset(\"lists\", \"*.txt\")" },
};

const struct function_family file_functions = { "Files", rows, countof(rows) };

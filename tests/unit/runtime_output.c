#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "runtime/output.h"

/* A folder of its own for each test, with "old" in the file "f". */
struct place {
	char folder[64], file[96], link[96];
};

static int place_make(void **state)
{
	static struct place place;

	snprintf(place.folder, sizeof place.folder, "/tmp/flywall_unit_XXXXXX");
	check(mkdtemp(place.folder));
	snprintf(place.file, sizeof place.file, "%s/f", place.folder);
	snprintf(place.link, sizeof place.link, "%s/l", place.folder);
	FILE *file = fopen(place.file, "w");
	check(file && fputs("old", file) >= 0);
	fclose(file);
	check(chmod(place.file, 0640) == 0);
	check(symlink("f", place.link) == 0);
	*state = &place;
	return 0;
}

static int place_remove(void **state)
{
	const struct place *place = *state;

	unlink(place->file);
	unlink(place->link);
	return rmdir(place->folder);
}

static void expect(const char *path, const char *content)
{
	char have[16] = "";
	FILE *file = fopen(path, "r");
	check(file);
	(void)!fgets(have, sizeof have, file);
	fclose(file);
	check_text(have, content);
}

#define PLACE_TEST(name) static void name(void **state)
#define place_test(name) cmocka_unit_test_setup_teardown(name, place_make, place_remove)

PLACE_TEST(output_is_there_once_it_is_committed)
{
	const struct place *place = *state;
	struct output output;
	struct stat known;

	check_number(output_open(place->file, &output), 0);
	fputs("new", output.stream);
	fflush(output.stream);
	expect(place->file, "old");
	check_number(output_commit(&output), 0);
	output_close(&output);
	expect(place->file, "new");
	check(stat(place->file, &known) == 0);
	check_number(known.st_mode & 07777, 0640);
}

/* The folder is empty afterwards, or place_remove fails. */
PLACE_TEST(output_that_is_dropped_leaves_nothing)
{
	const struct place *place = *state;
	struct output output;

	check_number(output_open(place->file, &output), 0);
	fputs("new", output.stream);
	output_close(&output);
	expect(place->file, "old");
}

PLACE_TEST(output_follows_a_link)
{
	const struct place *place = *state;
	struct output output;
	struct stat known;

	check_number(output_open(place->link, &output), 0);
	fputs("new", output.stream);
	check_number(output_commit(&output), 0);
	output_close(&output);
	expect(place->file, "new");
	check(lstat(place->link, &known) == 0 && S_ISLNK(known.st_mode));
}

PLACE_TEST(output_leaves_devices_where_they_are)
{
	struct output output;
	struct stat known;

	(void)state;
	check_number(output_open("/dev/full", &output), 0);
	fputs("new", output.stream);
	check_number(output_commit(&output), -ENOSPC);
	output_close(&output);
	check(stat("/dev/full", &known) == 0 && S_ISCHR(known.st_mode));
}

PLACE_TEST(output_names_what_is_wrong)
{
	const struct place *place = *state;
	struct output output;

	check_number(output_open(place->folder, &output), -EISDIR);
	check_number(output_open("/nonexistent/folder/f", &output), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		place_test(output_is_there_once_it_is_committed),
		place_test(output_that_is_dropped_leaves_nothing),
		place_test(output_follows_a_link),
		place_test(output_leaves_devices_where_they_are),
		place_test(output_names_what_is_wrong),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

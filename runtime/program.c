#include "runtime/program.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flywall/flywall.h"

bool stream_has_colour(FILE *stream)
{
	const char *refused = getenv("NO_COLOR"), *terminal = getenv("TERM");

	if (refused && *refused)
		return false;
	return isatty(fileno(stream)) && terminal && strcmp(terminal, "dumb") != 0;
}

int stream_flush(FILE *stream)
{
	if (fflush(stream) != 0)
		return -errno;
	return ferror(stream) ? -EIO : 0;
}

static void put_said(const char *format, va_list arguments)
{
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
}

void program_say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put_said(format, arguments);
	va_end(arguments);
}

int program_fail(enum program_status status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put_said(format, arguments);
	va_end(arguments);
	return status;
}

int program_usage(void)
{
	fprintf(stderr, "Try '%s --help'.\n", program_invocation_short_name);
	return STATUS_USAGE;
}

int program_finish(void)
{
	int error = stream_flush(stdout);
	if (error)
		return program_fail(STATUS_SYSTEM, "cannot write standard output: %s",
				    strerror(-error));
	return STATUS_DONE;
}

int program_help(const char *text)
{
	fputs(text, stdout);
	return program_finish();
}

int program_version(void)
{
	printf("%s %s\n", program_invocation_short_name, flywall_version());
	return program_finish();
}

#include "runtime/state/text.h"

#include <netinet/in.h>
#include <string.h>

#include "base/arena.h"
#include "runtime/state/print.h"
#include "runtime/state/words.h"

char *text_put(char *at, const char *text)
{
	size_t n = strlen(text);
	memcpy(at, text, n);
	return at + n;
}

char *text_put_number(char *at, uint64_t number)
{
	char digits[24], *start = digits + sizeof digits;

	do
		*--start = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	size_t n = (size_t)(digits + sizeof digits - start);
	memcpy(at, start, n);
	return at + n;
}

char *text_put_duration(char *at, uint64_t seconds)
{
	static const struct {
		uint32_t seconds;
		char unit;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	size_t i = 0;

	while (i < countof(units) - 1 && seconds < units[i].seconds)
		i++;
	at = text_put_number(at, seconds / units[i].seconds);
	*at++ = units[i].unit;
	uint64_t rest = seconds % units[i].seconds;
	if (i + 1 < countof(units) && rest / units[i + 1].seconds > 0) {
		at = text_put_number(at, rest / units[i + 1].seconds);
		*at++ = units[i + 1].unit;
	}
	return at;
}

char *text_put_endpoint(char *at, const struct tuple *tuple, bool is_dest)
{
	const uint8_t *address = is_dest ? tuple->dest : tuple->source;
	bool has_port = l4_has_ports(tuple->protocol);
	bool has_brackets = has_port && tuple->family == AF_INET6;

	if (has_brackets)
		*at++ = '[';
	at += address_text(tuple->family, address, at);
	if (has_brackets)
		*at++ = ']';
	if (!has_port)
		return at;
	*at++ = ':';
	return text_put_number(at, is_dest ? tuple->dest_port : tuple->source_port);
}

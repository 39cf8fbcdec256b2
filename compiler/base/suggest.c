#include "base/suggest.h"

#include <stdint.h>
#include <string.h>

/* Longer names are no slips of the pen, and no name of ours is longer. */
enum { NAME_MAX = 64, FAR = NAME_MAX };

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Inserting, deleting, replacing a letter and swapping two neighbours cost one each (optimal string
 * alignment). Three rows of the table are enough. */
static unsigned distance(const char *a, size_t a_n, const char *b, size_t b_n)
{
	uint8_t rows[3][NAME_MAX + 1];
	for (size_t k = 0; k <= b_n; k++)
		rows[0][k] = (uint8_t)k;
	for (size_t i = 1; i <= a_n; i++) {
		uint8_t *row = rows[i % 3];
		const uint8_t *above = rows[(i - 1) % 3], *second = rows[(i + 1) % 3];
		row[0] = (uint8_t)i;
		for (size_t k = 1; k <= b_n; k++) {
			char x = lower(a[i - 1]), y = lower(b[k - 1]);
			unsigned best = least(above[k], row[k - 1]) + 1u;
			best = least(best, above[k - 1] + (x != y));
			if (i > 1 && k > 1 && x == lower(b[k - 2]) && lower(a[i - 2]) == y)
				best = least(best, second[k - 2] + 1u);
			row[k] = (uint8_t)best;
		}
	}
	return rows[a_n % 3][b_n];
}

/* How many slips are forgiven in a word of this length. */
static unsigned tolerance(size_t n)
{
	return n < 2 ? 0 : n < 6 ? 1 : n < 9 ? 2 : 3;
}

const char *suggest(const char *typed, const char *const *names, size_t count)
{
	size_t n = strnlen(typed, NAME_MAX + 1);
	const char *nearest = NULL;
	unsigned best = FAR;
	if (n > NAME_MAX)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t length = strnlen(names[i], NAME_MAX + 1);
		size_t apart = length > n ? length - n : n - length;
		unsigned allowed = tolerance(n);
		if (length > NAME_MAX || apart > allowed || apart >= best)
			continue;
		unsigned steps = distance(typed, n, names[i], length);
		if (steps <= allowed && steps < best) {
			best = steps;
			nearest = names[i];
		}
	}
	return nearest;
}

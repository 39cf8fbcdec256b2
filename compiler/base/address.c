#include "base/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* Runs this short are sorted by insertion. */
enum { RUN_SHORT = 16 };

/* The bytes by which prefixes are ordered: family, address, length. */
enum { KEY_LENGTH = 18 };

static unsigned full_length(const struct prefix *prefix)
{
	return prefix->family == FAMILY_IPV4 ? 32 : 128;
}

static bool parse_address(struct text text, struct prefix *out)
{
	char buffer[INET6_ADDRSTRLEN];
	if (text.n == 0 || text.n >= sizeof buffer || memchr(text.s, '\0', text.n))
		return false;
	memcpy(buffer, text.s, text.n);
	buffer[text.n] = '\0';

	memset(out, 0, sizeof *out);
	bool is_ipv6 = memchr(text.s, ':', text.n) != NULL;
	out->family = is_ipv6 ? FAMILY_IPV6 : FAMILY_IPV4;
	return inet_pton(is_ipv6 ? AF_INET6 : AF_INET, buffer, out->bytes) == 1;
}

/* One to three digits without a leading zero. */
static bool parse_length(struct text text, unsigned max, uint8_t *out)
{
	unsigned value = 0;
	if (text.n == 0 || text.n > 3 || (text.n > 1 && text.s[0] == '0'))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (text.s[i] < '0' || text.s[i] > '9')
			return false;
		value = value * 10 + (unsigned)(text.s[i] - '0');
	}
	if (value > max)
		return false;
	*out = (uint8_t)value;
	return true;
}

/* Clears the bits behind the length; whether any was set. */
static bool clear_host_bits(struct prefix *prefix)
{
	bool had_any = false;
	for (unsigned i = prefix->length / 8; i < full_length(prefix) / 8; i++) {
		unsigned bits = i == prefix->length / 8 ? prefix->length % 8 : 0;
		uint8_t keep = (uint8_t)(0xff00 >> bits);
		had_any |= (prefix->bytes[i] & ~keep) != 0;
		prefix->bytes[i] &= keep;
	}
	return had_any;
}

enum prefix_fault prefix_parse(struct text text, struct prefix *out)
{
	struct prefix prefix;
	const char *slash = text.n ? memchr(text.s, '/', text.n) : NULL;
	size_t address = slash ? (size_t)(slash - text.s) : text.n;
	if (!parse_address((struct text){ text.s, address }, &prefix))
		return PREFIX_NOT_AN_ADDRESS;

	prefix.length = (uint8_t)full_length(&prefix);
	struct text length = { slash ? slash + 1 : NULL, slash ? text.n - address - 1 : 0 };
	if (slash && !parse_length(length, full_length(&prefix), &prefix.length))
		return PREFIX_BAD_LENGTH;
	bool had_host_bits = clear_host_bits(&prefix);
	*out = prefix;
	return had_host_bits ? PREFIX_HOST_BITS : PREFIX_OK;
}

static char *put_byte(char *at, uint8_t byte)
{
	if (byte >= 100)
		*at++ = (char)('0' + byte / 100);
	if (byte >= 10)
		*at++ = (char)('0' + byte / 10 % 10);
	*at++ = (char)('0' + byte % 10);
	return at;
}

/* Sets have a hundred thousand of them, and inet_ntop goes through printf. */
static void put_ipv4(const uint8_t bytes[4], char *text)
{
	for (int i = 0; i < 4; i++) {
		text = put_byte(text, bytes[i]);
		*text++ = i < 3 ? '.' : '\0';
	}
}

void prefix_format(const struct prefix *prefix, char text[PREFIX_TEXT_MAX])
{
	if (prefix->family == FAMILY_IPV4)
		put_ipv4(prefix->bytes, text);
	else
		inet_ntop(AF_INET6, prefix->bytes, text, PREFIX_TEXT_MAX);
	if (prefix_is_host(prefix))
		return;
	size_t n = strlen(text);
	snprintf(text + n, PREFIX_TEXT_MAX - n, "/%u", prefix->length);
}

bool prefix_is_host(const struct prefix *prefix)
{
	return prefix->length == full_length(prefix);
}

bool prefix_contains(const struct prefix *outer, const struct prefix *inner)
{
	if (outer->family != inner->family || outer->length > inner->length)
		return false;
	unsigned whole = outer->length / 8, rest = outer->length % 8;
	if (memcmp(outer->bytes, inner->bytes, whole) != 0)
		return false;
	return rest == 0 || ((outer->bytes[whole] ^ inner->bytes[whole]) >> (8 - rest)) == 0;
}

int prefix_compare(const struct prefix *a, const struct prefix *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	int order = memcmp(a->bytes, b->bytes, sizeof a->bytes);
	return order ? order : (int)a->length - (int)b->length;
}

enum range_fault range_parse(struct text text, struct range *out)
{
	const char *hyphen = text.n ? memchr(text.s, '-', text.n) : NULL;
	struct range range = { 0 };
	if (!hyphen)
		return RANGE_NOT_ONE;
	size_t n = (size_t)(hyphen - text.s);
	if (!parse_address((struct text){ text.s, n }, &range.low) ||
	    !parse_address((struct text){ hyphen + 1, text.n - n - 1 }, &range.high) ||
	    range.low.family != range.high.family)
		return RANGE_NOT_ONE;
	range.low.length = range.high.length = (uint8_t)full_length(&range.low);
	*out = range;
	return prefix_compare(&range.low, &range.high) > 0 ? RANGE_REVERSED : RANGE_OK;
}

struct prefix prefix_last(const struct prefix *prefix)
{
	struct prefix last = *prefix;
	last.length = (uint8_t)full_length(prefix);
	for (unsigned bit = prefix->length; bit < last.length; bit++)
		last.bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	return last;
}

/* The next address; there is one. */
static struct prefix next_address(const struct prefix *from)
{
	struct prefix next = *from;
	for (unsigned i = full_length(from) / 8; i > 0 && ++next.bytes[i - 1] == 0;)
		i--;
	return next;
}

static bool has_bit(const struct prefix *prefix, unsigned bit)
{
	return prefix->bytes[bit / 8] & (0x80 >> bit % 8);
}

bool range_take(struct range *range, struct prefix *out)
{
	if (range->is_empty)
		return false;
	struct prefix taken = range->low, last = range->low;
	while (taken.length > 0 && !has_bit(&taken, taken.length - 1u)) {
		struct prefix wider = taken;
		wider.length--;
		struct prefix end = prefix_last(&wider);
		if (prefix_compare(&end, &range->high) > 0)
			break;
		taken = wider;
		last = end;
	}
	*out = taken;
	range->is_empty = prefix_compare(&last, &range->high) == 0;
	if (!range->is_empty)
		range->low = next_address(&last);
	return true;
}

static uint8_t key_byte(const struct prefix *prefix, unsigned index)
{
	if (index == 0)
		return prefix->family;
	return index == KEY_LENGTH - 1 ? prefix->length : prefix->bytes[index - 1];
}

static void sort_short(struct prefix *prefixes, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct prefix moving = prefixes[i];
		size_t k = i;
		for (; k > 0 && prefix_compare(&moving, &prefixes[k - 1]) < 0; k--)
			prefixes[k] = prefixes[k - 1];
		prefixes[k] = moving;
	}
}

/* Deals the prefixes out into runs with one value of the key's byte each; `ends` tells where these
 * end. Each prefix is swapped to its run at once, so no second array is needed. */
static void deal_out(struct prefix *prefixes, const size_t counts[256], unsigned index,
		     size_t ends[256])
{
	size_t next[256], sum = 0;
	for (int value = 0; value < 256; value++) {
		next[value] = sum;
		sum += counts[value];
		ends[value] = sum;
	}
	for (int value = 0; value < 256; value++) {
		while (next[value] < ends[value]) {
			struct prefix *here = &prefixes[next[value]];
			uint8_t wanted = key_byte(here, index);
			struct prefix *there = &prefixes[next[wanted]++];
			struct prefix held = *here;
			*here = *there;
			*there = held;
		}
	}
}

/* A radix sort from the key's first byte on: in place, and linear in the number of prefixes. The C
 * library's sort would take as much memory again. */
static void sort_from(struct prefix *prefixes, size_t count, unsigned index)
{
	while (count > RUN_SHORT && index < KEY_LENGTH) {
		size_t counts[256] = { 0 }, ends[256];
		for (size_t i = 0; i < count; i++)
			counts[key_byte(&prefixes[i], index)]++;
		bool are_alike = counts[key_byte(&prefixes[0], index)] == count;
		index++;
		if (are_alike)
			continue;
		deal_out(prefixes, counts, index - 1, ends);
		for (int value = 0; value < 256; value++)
			sort_from(prefixes + ends[value] - counts[value], counts[value], index);
		return;
	}
	sort_short(prefixes, count);
}

static bool is_sorted(const struct prefix *prefixes, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (prefix_compare(&prefixes[i - 1], &prefixes[i]) > 0)
			return false;
	return true;
}

/* Whether the two are the halves of one prefix, the lower one first. */
static bool are_halves(const struct prefix *low, const struct prefix *high)
{
	if (low->family != high->family || low->length != high->length || low->length == 0)
		return false;
	unsigned bit = low->length - 1u;
	uint8_t mask = (uint8_t)(0x80 >> bit % 8);
	struct prefix parent = *low;
	parent.length--;
	return prefix_contains(&parent, high) && !(low->bytes[bit / 8] & mask) &&
	       (high->bytes[bit / 8] & mask);
}

size_t prefixes_merge(struct prefix *prefixes, size_t count)
{
	size_t kept = 0;
	if (!is_sorted(prefixes, count))
		sort_from(prefixes, count, 0);
	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && prefix_contains(&prefixes[kept - 1], &prefixes[i]))
			continue;
		prefixes[kept++] = prefixes[i];
		while (kept > 1 && are_halves(&prefixes[kept - 2], &prefixes[kept - 1]))
			prefixes[--kept - 1].length--;
	}
	return kept;
}

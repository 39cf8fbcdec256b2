#include <netinet/in.h>

#include "runtime/program.h"
#include "runtime/state/terms.h"
#include "runtime/state/words.h"

static bool term_merge(struct mark_term *into, const struct mark_term *term)
{
	uint32_t both = into->mask & term->mask;
	if ((into->value & both) != (term->value & both))
		return false;
	into->value |= term->value;
	into->mask |= term->mask;
	return true;
}

bool filter_mark(const struct filter *filter, struct mark_term *out)
{
	struct mark_term mark = { 0 };

	if (filter->marks.n == 1 && !term_merge(&mark, filter->marks.at))
		return false;
	for (size_t i = 0; i < NAME_COUNT; i++)
		if (filter->name_marks[i].n == 1 && !term_merge(&mark, filter->name_marks[i].at))
			return false;
	*out = mark;
	return true;
}

static int contradicts(const char *what)
{
	program_say("%s: nothing could match", what);
	return STATUS_USAGE;
}

/* Families that a list of addresses lets through: bit 0 is IPv4, bit 1 IPv6. */
static unsigned address_families(const struct filter *filter, enum filter_address which)
{
	unsigned families = filter->addresses[which].n == 0 ? 3 : 0;
	for (uint32_t i = 0; i < filter->addresses[which].n; i++)
		families |= filter->addresses[which].at[i].family == FAMILY_IPV4 ? 1 : 2;
	return families;
}

static unsigned protocol_families(const struct filter *filter)
{
	unsigned families = filter->protocols.n == 0 ? 3 : 0;
	for (uint32_t i = 0; i < filter->protocols.n; i++) {
		uint8_t protocol = filter->protocols.at[i];
		families |= protocol == IPPROTO_ICMP ? 1 : protocol == IPPROTO_ICMPV6 ? 2 : 3;
	}
	return families;
}

static int check_families(const struct filter *filter)
{
	unsigned families = filter->family == AF_INET ? 1 : filter->family == AF_INET6 ? 2 : 3;

	for (size_t i = 0; i < ADDRESS_COUNT; i++)
		families &= address_families(filter, i);
	if (families == 0)
		return contradicts("these addresses and families are never of one connection");
	if ((families & protocol_families(filter)) == 0)
		return contradicts("icmp is IPv4 alone, and icmpv6 IPv6 alone");
	return STATUS_DONE;
}

static bool some_protocol(const struct filter *filter, bool (*holds)(uint8_t protocol))
{
	for (uint32_t i = 0; i < filter->protocols.n; i++)
		if (holds(filter->protocols.at[i]))
			return true;
	return filter->protocols.n == 0;
}

static bool is_icmp(uint8_t protocol)
{
	return protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6;
}

static bool asks_for_ports(const struct filter *filter)
{
	for (size_t i = 0; i < NUMBER_PORTS; i++)
		if (filter->numbers[i].n > 0)
			return true;
	return false;
}

static bool state_is_possible(const struct filter *filter, const char *state)
{
	uint8_t number;
	for (uint32_t i = 0; i < filter->protocols.n; i++)
		if (state_find(filter->protocols.at[i], state, &number))
			return true;
	return filter->protocols.n == 0;
}

static int check_protocols(const struct filter *filter)
{
	bool asks_for_icmp = filter->numbers[NUMBER_ICMP_TYPE].n > 0;

	if (asks_for_ports(filter) && asks_for_icmp)
		return contradicts("a connection has ports or an ICMP type, not both");
	if (asks_for_ports(filter) && !some_protocol(filter, l4_has_ports))
		return contradicts("ports, and a protocol that has none");
	if (asks_for_icmp && !some_protocol(filter, is_icmp))
		return contradicts("an ICMP type, and a protocol that is not ICMP");
	for (uint32_t i = 0; i < filter->states.n; i++)
		if (!state_is_possible(filter, filter->states.at[i]))
			return contradicts("a state that the protocol does not have");
	if (filter->states.n > 0 && asks_for_icmp)
		return contradicts("ICMP has no states");
	return STATUS_DONE;
}

static int check_statuses(const struct filter *filter)
{
	for (uint32_t i = 0; i < filter->statuses.n; i++) {
		const struct status_term *term = &filter->statuses.at[i];
		if ((term->set & term->clear) || (term->any && (term->any & ~term->clear) == 0))
			return contradicts("words of the status that exclude each other");
	}
	return STATUS_DONE;
}

static int check_sums(const struct filter *filter)
{
	for (size_t i = 0; i < SUM_COUNT; i++) {
		const struct sum_bounds *sum = &filter->sums[i];
		if (sum->has_least && sum->has_most && sum->least > sum->most)
			return contradicts("a least value above the most");
	}
	return STATUS_DONE;
}

int filter_check(const struct filter *filter)
{
	static int (*const checks[])(const struct filter *filter) = {
		check_families,
		check_protocols,
		check_statuses,
		check_sums,
	};
	struct mark_term mark;

	for (size_t i = 0; i < countof(checks); i++) {
		int status = checks[i](filter);
		if (status != STATUS_DONE)
			return status;
	}
	if (!filter_mark(filter, &mark))
		return contradicts(
			"the mark and the zones, policy or uplink ask for different bits");
	return STATUS_DONE;
}

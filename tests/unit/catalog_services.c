#include "check.h"

#include "base/address.h"
#include "catalog/helpers.h"
#include "catalog/icmp.h"
#include "catalog/protocols.h"
#include "catalog/services.h"

static bool is_sentence(const char *text)
{
	size_t n = text ? strlen(text) : 0;
	return n > 2 && text[n - 1] == '.' && !(text[0] >= 'a' && text[0] <= 'z' && text[1] == ' ');
}

static void check_part(const struct known_part *part)
{
	check(protocol_number(part->protocol) >= 0);
	check(part->low <= part->high && part->source_low <= part->source_high);
	check((part->low > 0) == protocol_has_ports(part->protocol));
	check(!part->icmp_type || icmp_find(part->icmp_type));
}

/* A service has either types of ICMP messages or ports, never both. */
static void check_kinds(const struct known_service *service)
{
	for (size_t i = 0; i < KNOWN_PARTS_MAX && service->parts[i].protocol; i++)
		check(!service->parts[i].icmp_type == !service->parts[0].icmp_type);
}

TEST(services_are_sorted_and_complete)
{
	check(known_services_n >= 150);
	for (size_t i = 0; i < known_services_n; i++) {
		const struct known_service *service = &known_services[i];
		check(is_sentence(service->doc) && service->parts[0].protocol);
		for (size_t k = 0; k < KNOWN_PARTS_MAX && service->parts[k].protocol; k++)
			check_part(&service->parts[k]);
		check_kinds(service);
		check(!service->helper || helper_find(service->helper) < HELPER_COUNT);
		if (i > 0)
			check(strcmp(known_services[i - 1].name, service->name) < 0);
	}
}

TEST(aliases_are_sorted_and_mean_services)
{
	for (size_t i = 0; i < service_aliases_n; i++) {
		check_text(known_service_find(service_aliases[i].name)->name,
			   service_aliases[i].means);
		if (i > 0)
			check(strcmp(service_aliases[i - 1].name, service_aliases[i].name) < 0);
	}
}

TEST(services_are_found_by_name)
{
	static const struct {
		const char *name, *protocol;
		uint16_t low, high;
	} cases[] = {
		{ "activemq", "tcp", 61616, 61616 },
		{ "dns", "udp", 53, 53 },
		{ "domain", "udp", 53, 53 },
		{ "ssh", "tcp", 22, 22 },
		{ "www", "tcp", 80, 80 },
		{ "wireguard", "udp", 51820, 51820 },
		{ "mosh", "udp", 60000, 61000 },
		{ "ospf", "ospf", 0, 0 },
		{ "zookeeper", "tcp", 2181, 2181 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct known_service *service = known_service_find(cases[i].name);
		check(service);
		check_text(service->parts[0].protocol, cases[i].protocol);
		check_number(service->parts[0].low, cases[i].low);
		check_number(service->parts[0].high, cases[i].high);
	}
	check(!known_service_find(""));
	check(!known_service_find("SSH"));
	check(!known_service_find("zzz"));
}

TEST(icmp_types_are_sorted_and_found)
{
	for (size_t i = 1; i < icmp_rows_n; i++) {
		int order = strcmp(icmp_rows[i - 1].name, icmp_rows[i].name);
		check(order < 0 || (order == 0 && icmp_rows[i - 1].family < icmp_rows[i].family));
	}
	for (size_t i = 0; i < icmp_rows_n; i++) {
		check_text(icmp_find(icmp_rows[i].name)->name, icmp_rows[i].name);
		check_text(icmp_word(icmp_rows[i].family, icmp_rows[i].number), icmp_rows[i].word);
	}
	check_number(icmp_find("ping")->number, 8);
	check_number(icmp_find("ping")[1].number, 128);
	check(!icmp_find("pin") && !icmp_find("") && !icmp_find("zzz"));
	check(!icmp_word(FAMILY_IPV4, 200));
	check_text(icmp_word(FAMILY_IPV6, 135), "nd-neighbor-solicit");
}

TEST(protocols_have_numbers_and_names)
{
	for (size_t i = 0; protocol_at(i); i++) {
		check_text(protocol_name(protocol_number(protocol_at(i))), protocol_at(i));
		if (i > 0)
			check(protocol_number(protocol_at(i - 1)) <
			      protocol_number(protocol_at(i)));
	}
	check(protocol_has_ports("sctp") && !protocol_has_ports("gre") &&
	      !protocol_has_ports("no such"));
	check(!protocol_name(255));
	check_number(protocol_number("ospf"), 89);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(services_are_sorted_and_complete),
		cmocka_unit_test(aliases_are_sorted_and_mean_services),
		cmocka_unit_test(services_are_found_by_name),
		cmocka_unit_test(icmp_types_are_sorted_and_found),
		cmocka_unit_test(protocols_have_numbers_and_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

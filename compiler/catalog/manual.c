#include "catalog/manual.h"

#include <string.h>

#include "base/address.h"
#include "catalog/bogons.h"
#include "catalog/icmp.h"
#include "catalog/protocols.h"
#include "catalog/services.h"

static void put_ports(FILE *out, const char *before, uint16_t low, uint16_t high)
{
	if (low == 0)
		return;
	fprintf(out, "%s%u", before, low);
	if (high != low)
		fprintf(out, "-%u", high);
}

static void put_part(FILE *out, const struct known_part *part)
{
	fputs(part->protocol, out);
	put_ports(out, " ", part->low, part->high);
	put_ports(out, " from ", part->source_low, part->source_high);
	if (part->icmp_type)
		fprintf(out, " %s", part->icmp_type);
}

static void put_aliases(FILE *out, const char *name)
{
	const char *before = " (also ", *after = "";
	for (size_t i = 0; i < service_aliases_n; i++) {
		if (strcmp(service_aliases[i].means, name) != 0)
			continue;
		fprintf(out, "%s`%s`", before, service_aliases[i].name);
		before = ", ";
		after = ")";
	}
	fputs(after, out);
}

static void put_service(FILE *out, const struct known_service *service)
{
	fprintf(out, "- **`%s`**", service->name);
	put_aliases(out, service->name);
	for (const struct known_part *part = service->parts; part->protocol; part++) {
		fputs(part == service->parts ? ": " : ", ", out);
		put_part(out, part);
	}
	fprintf(out, ". %s", service->doc);
	if (service->helper)
		fprintf(out, " Helper: `%s`.", service->helper);
	fputc('\n', out);
}

/* Rows of one name stand together, one for each version that has the type. */
static void put_icmp_types(FILE *out)
{
	for (size_t i = 0; i < icmp_rows_n; i++) {
		const struct icmp_row *row = &icmp_rows[i];
		if (i == 0 || strcmp(row->name, row[-1].name) != 0)
			fprintf(out, "%s- `%s`:", i ? "\n" : "", row->name);
		else
			fputc(',', out);
		fprintf(out, " IPv%d %u", row->family == FAMILY_IPV4 ? 4 : 6, row->number);
	}
	fputc('\n', out);
}

static void put_protocols(FILE *out)
{
	const char *before = "";
	for (size_t i = 0; protocol_at(i); i++) {
		fprintf(out, "%s`%s` (%d)", before, protocol_at(i),
			protocol_number(protocol_at(i)));
		before = ", ";
	}
	fputs(".\n", out);
}

static void put_networks(FILE *out, const char *what, const char *const *four,
			 const char *const *six)
{
	const char *before = "";
	fprintf(out, "- %s: ", what);
	for (; *four; four++, before = ", ")
		fprintf(out, "%s`%s`", before, *four);
	for (; *six; six++)
		fprintf(out, ", `%s`", *six);
	fputs(".\n", out);
}

void catalog_manual(FILE *out)
{
	fputs("\n## Services\n\nWhat `service` may name, beside the configuration's own service "
	      "blocks.\n\n",
	      out);
	for (size_t i = 0; i < known_services_n; i++)
		put_service(out, &known_services[i]);
	fputs("\n## ICMP types\n\nWhat `icmp_type` may name, beside numbers. Messages that belong "
	      "to a connection (errors about it, answers to a ping) pass with it, and neighbour "
	      "discovery always does.\n\n",
	      out);
	put_icmp_types(out);
	fputs("\n## Protocols\n\nWhat `proto` may name, beside numbers up to 255 and `any`. `icmp` "
	      "means ICMP of both versions, `icmpv4` that of IPv4 alone, `icmpv6` that of "
	      "IPv6.\n\n",
	      out);
	put_protocols(out);
	fputs("\n## Networks\n\nWhat the filters of `protection` are for.\n\n", out);
	put_networks(out, "`bogon_filtering`, as sources", bogon_sources4, bogon_sources6);
	put_networks(out, "`bogon_filtering`, as destinations", bogon_destinations4,
		     bogon_destinations6);
	put_networks(out, "`private_filtering`, as sources", private_networks4, private_networks6);
}

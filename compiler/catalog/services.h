/* Services by name: what goes to them, and where this machine listens to be managed. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sorted by name. */
enum management {
	MANAGEMENT_API,
	MANAGEMENT_ICMP,
	MANAGEMENT_SNMP,
	MANAGEMENT_SSH,
	MANAGEMENT_SYSLOG,
	MANAGEMENT_WEB,
	MANAGEMENT_WEB_UI,
	MANAGEMENT_COUNT
};

enum { MANAGEMENT_PORTS_MAX = 2 };

struct management_row {
	const char *name;
	/* A protocol, and a port where the protocol has ports; ends with a NULL protocol. */
	struct {
		const char *protocol;
		uint16_t port;
	} ports[MANAGEMENT_PORTS_MAX];
	const char *doc;
};

extern const struct management_row management_rows[MANAGEMENT_COUNT];

/* One way to reach a service. Ports are 0 where the protocol has none, or any will do. */
struct known_part {
	const char *protocol;
	uint16_t low, high;
	uint16_t source_low, source_high;
	const char *icmp_type; /* nft's word; NULL: any */
};

enum { KNOWN_PARTS_MAX = 6 };

struct known_service {
	const char *name;
	struct known_part parts[KNOWN_PARTS_MAX]; /* ends with a NULL protocol */
	const char *helper;			  /* the connection-tracking helper, or NULL */
	const char *doc;
};

/* Sorted by name. */
extern const struct known_service known_services[];
extern const size_t known_services_n;

/* Another name of a service. */
struct service_alias {
	const char *name, *means;
};

/* Sorted by name. */
extern const struct service_alias service_aliases[];
extern const size_t service_aliases_n;

/* The service of that name or alias, or NULL. */
const struct known_service *known_service_find(const char *name);

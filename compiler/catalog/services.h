/* What machines of a zone may want of this one, and where it listens. */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* Both lists are sorted by name. */
enum management {
	MANAGEMENT_API,
	MANAGEMENT_ICMP,
	MANAGEMENT_SNMP,
	MANAGEMENT_SSH,
	MANAGEMENT_SYSLOG,
	MANAGEMENT_WEB,
	MANAGEMENT_COUNT
};

enum service { SERVICE_DHCP, SERVICE_DNS, SERVICE_MDNS, SERVICE_NTP, SERVICE_TFTP, SERVICE_COUNT };

/* A protocol, and a port where the protocol has ports. */
struct service_port {
	const char *protocol;
	uint16_t port;
};

enum { SERVICE_PORTS_MAX = 2 };

struct service_row {
	const char *name;
	struct service_port ports[SERVICE_PORTS_MAX]; /* ends with a NULL protocol */
	const char *doc;
};

extern const struct service_row management_rows[MANAGEMENT_COUNT];
extern const struct service_row service_rows[SERVICE_COUNT];

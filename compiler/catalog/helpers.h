/* The kernel's connection-tracking helpers. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Sorted by name, as helper_find searches it. */
enum helper {
	HELPER_AMANDA,
	HELPER_FTP,
	HELPER_H323,
	HELPER_IRC,
	HELPER_NETBIOS_NS,
	HELPER_PPTP,
	HELPER_SANE,
	HELPER_SIP,
	HELPER_SNMP,
	HELPER_TFTP,
	HELPER_COUNT
};

/* One `ct helper` object: what the kernel registers for a protocol (nf_conntrack_<x>.c). */
struct helper_object {
	const char *suffix; /* tells a helper's objects apart in our names; "" where there is one */
	const char *type;   /* the kernel's name: "Q.931" */
	const char *protocol; /* "tcp" or "udp" */
	uint16_t port;	      /* where it is assigned unless the configuration names ports */
	bool takes_ports;     /* `ports` of the configuration are for this object */
};

enum { HELPER_OBJECTS_MAX = 2 };

struct helper_row {
	const char *name;
	struct helper_object objects[HELPER_OBJECTS_MAX]; /* ends with a NULL type */
	const char *l3proto; /* "inet", or "ip" where the kernel has it for IPv4 alone */
	const char
		*media_of; /* a second helper whose connections expect the data: "H.245"; or NULL */
	const char *media; /* protocol of the data that `media_ports` narrows, or NULL */
	/* What its data connections are: NULL: of any protocol; port 0: of any destination port. No
	 * data goes to a port below 1024, whatever a peer writes into its messages. */
	const char *data;
	uint16_t data_port;
	bool broadcast;		/* works only for queries of this machine itself (output hook) */
	const char *module;	/* holds its parameters: "nf_conntrack_ftp" */
	const char *nat_module; /* translates its payload; NULL: there is none */
	bool has_loose;		/* the module has the parameter `loose` */
	bool needs_gre;		/* its data connection is GRE */
	const char *doc;
};

extern const struct helper_row helper_rows[HELPER_COUNT];

/* The helper of that name, or HELPER_COUNT. */
enum helper helper_find(const char *name);

/* The typed configuration: what the blocks say, decoded and checked, in the terms of the field. */
#pragma once
#include "catalog/helpers.h"
#include "catalog/timeouts.h"
#include "schema/field.h"

struct diags;
struct body;
struct scope;

/* How a helper is to be used. */
struct helper_use {
	struct field_bool enabled;
	struct field_ports ports;	/* empty: the catalogue's */
	struct field_bool loose;	/* data may come from any address, not only the peer's */
	struct field_ports media_ports; /* empty: RELATED lets any port through */
	struct span at;			/* NOWHERE: not mentioned */
};

/* Seconds by the kernel's own names. `tcp`, `udp`, `unreplied` and the like are resolved into these
 * by the config layer (explicit keys win), with the place of the key that decided. */
struct timeouts {
	struct field_number of[TIMEOUT_COUNT];
	struct span at;
};

struct events {
	struct field_bool new, update, destroy; /* default true each */
	struct span at;
};

struct conntrack {
	struct field_bool enabled; /* default true */
	struct field_number max_connections;
	struct field_number buckets; /* `hash_size` where given, else `buckets` */
	struct timeouts timeouts;
	/* What `helpers` and `nat_helpers` say together: enabled in either, ports of both. */
	struct helper_use helpers[HELPER_COUNT];
	struct field_bool log_invalid; /* default false */
	struct field_rate log_max;     /* default 60 a minute; 0: no limit */
	struct events events;
	struct field_bool accounting, timestamps;
	struct field_bool tcp_loose, tcp_liberal;
	struct span at; /* the block's header; NOWHERE: there is none */
};

/* 0 is no limit. */
struct limits {
	struct field_number max_per_ip;
	struct field_number max_concurrent;
	struct field_rate new_per_second;
	struct field_rate new_per_ip;
	struct field_number burst; /* packets; default: the rate's count */
	struct field_number
		ipv6_prefix; /* bits of an IPv6 source that count as one address; default 64 */
	struct span at;
};

enum track {
	TRACK_TCP,
	TRACK_UDP,
	TRACK_UDPLITE,
	TRACK_ICMP, /* both versions */
	TRACK_SCTP,
	TRACK_DCCP,
	TRACK_GRE,
	TRACK_ESP,
	TRACK_AH,
	TRACK_COUNT
};

struct zone_conntrack {
	struct field_bool enabled; /* default true */
	struct timeouts timeouts;
	struct helper_use helpers[HELPER_COUNT]; /* `at` set where the zone says something of it */
	bool tracks[TRACK_COUNT];		 /* meaningful where tracks_at is set */
	struct span tracks_at;
	struct limits limits;
	struct field_number zone_id; /* a kernel ct zone, 1 to 65535 */
	struct events events;
	struct span at; /* NOWHERE: the zone has no conntrack block */
};

/* One way to be in a zone: all conditions that are given hold. */
struct zone_match {
	struct field_texts
		interfaces; /* a name, or a prefix ending in '*' ("wg+" is decoded to "wg*") */
	struct field_prefixes src, dst;
	struct field_number vlan;     /* with an interface: the interface "<name>.<vlan>" */
	struct field_texts protocols; /* nft names: "tcp", "udp", "icmp", "ipv6-icmp", ... */
	struct field_texts macs;      /* "aa:bb:cc:dd:ee:ff" */
	struct span at;
};

enum zone_action { ZONE_ACCEPT, ZONE_DROP, ZONE_REJECT };

/* A service that a zone may reach on this machine. */
struct zone_service {
	const char *name;     /* as written: "ssh", "dns", "port 8443" */
	const char *protocol; /* "tcp", "udp", "icmp" */
	struct field_port port;
	struct span at;
};

struct zone {
	const char *name;
	struct span name_at;
	uint32_t id; /* 1 to 255, by declaration */
	struct field_text description;
	/* The zone's own interface(s) and networks make the first one, each match block another. */
	VEC(struct zone_match) matches;
	enum zone_action action; /* traffic that stays inside the zone */
	struct span action_at;
	VEC(struct zone_service) services; /* of `management` and `services` */
	struct zone_conntrack conntrack;
	struct span at; /* the block's header */
};

struct config {
	struct conntrack conntrack;
	VEC(struct zone) zones;
};

/* Decodes and checks a whole file set's top-level body. All mistakes are in scope->diags
 * afterwards; the result may be used only if it holds no error. */
struct config *config_decode(struct scope *scope, const struct body *body);

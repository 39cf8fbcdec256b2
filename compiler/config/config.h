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

/* A mark and the bits of it that count; all of them where the mask is not written. */
struct mark_value {
	uint32_t value, mask;
	struct span at;
};

/* One way to be in a zone: all conditions that are given hold. */
struct zone_match {
	struct field_texts
		interfaces; /* a name, or a prefix ending in '*' ("wg+" is decoded to "wg*") */
	struct field_texts
		out_interfaces; /* of packets that come from the zone: where they leave */
	struct field_prefixes src, dst;
	struct field_texts sets;  /* names of sets of addresses; they narrow like src */
	struct field_texts dscps; /* nft's words or numbers: "ef", "af11", "0x2e" */
	struct mark_value mark;
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
	struct field_prefixes src; /* from these alone; empty: the whole zone */
	struct span at;
};

/* What is said of a packet, which never changes what becomes of it. */
struct logging {
	struct field_bool enabled;
	struct field_text prefix; /* at most 127 bytes */
	struct field_rate limit;  /* count 0: each packet */
	struct span at;
};

/* What a zone's packets are held against before anything else; false by default. */
struct protection {
	struct field_bool anti_spoofing;   /* sources whose way back leads elsewhere */
	struct field_bool bogons;	   /* sources and destinations that no network has */
	struct field_bool private_sources; /* RFC 1918, 4193 and 6598 sources too */
	struct field_bool invalid; /* impossible TCP flags, and what tracking finds invalid */
	struct field_bool port_scan;
	struct field_number port_scan_threshold; /* refused connections of a source a minute */
	struct field_rate syn_flood, icmp_flood, new_connections; /* count 0: no limit */
	struct field_number syn_burst, icmp_burst, new_burst;
	struct logging log;
	struct span at; /* NOWHERE: not written */
};

struct zone {
	const char *name;
	struct span name_at;
	uint32_t id; /* 1 to 255, by declaration */
	struct protection protection;
	struct field_text description;
	/* The zone's own interface(s) and networks make the first one, each match block another. */
	VEC(struct zone_match) matches;
	enum zone_action action; /* traffic that stays inside the zone */
	struct span action_at;
	VEC(struct zone_service) services; /* of `management` and `services` */
	struct zone_conntrack conntrack;
	struct span at; /* the block's header */
};

/* A service: what goes to it. */
struct service_use {
	const char *name; /* as written */
	const struct service_def *def;
	struct span at;
};

/* One way to reach a service. */
struct service_part {
	const char *protocol; /* "tcp", "udp", "sctp", "icmp", "ipv6-icmp", "gre", ... */
	uint16_t low, high;   /* destination ports; 0: the protocol has none */
	uint16_t source_low, source_high; /* 0: any */
	const char *icmp_type;		  /* nft's word; NULL: any. Rules have them as types. */
};

/* Of the catalogue, or of a `service` block. */
struct service_def {
	const char *name;
	VEC(struct service_part) parts;
	enum helper helper; /* HELPER_COUNT: none */
	struct span at;	    /* NOWHERE: from the catalogue */
};

enum rule_action {
	RULE_ACCEPT,
	RULE_DROP,
	RULE_REJECT,
	RULE_RETURN,   /* on to the policy's own action */
	RULE_LOG,      /* say it and go on */
	RULE_NOTRACK,  /* leave it untracked, in both directions, and let it pass */
	RULE_CONTINUE, /* count, mark, and go on */
};

/* ICMP types, of one version each; a name that both have stands here once for each. */
struct icmp_type {
	uint8_t family;	  /* FAMILY_IPV4 or FAMILY_IPV6 */
	const char *word; /* nft's: "echo-request" */
};

/* A condition on TCP flags: of those in `mask`, exactly those in `set` are set. Bits as in RFC
 * 9293: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128. */
struct tcp_flags {
	uint8_t set, mask;
	struct span at;
};

/* When a rule holds, in the machine's time zone. Seconds of the day; an end before the start is
 * on the next day. */
struct time_window {
	uint32_t start, end; /* equal: the whole day */
	uint8_t days;	     /* bit 0 is Sunday; the day on which the window begins; 0: every day */
	struct span at;	     /* NOWHERE: always */
};

/* Everything that is written in a rule must hold. */
struct rule {
	const char *name;	      /* NULL: none; else its label */
	struct field_texts protocols; /* nft names; empty: any, or as the services say */
	struct field_ports src_ports, dest_ports;
	VEC(struct service_use) services; /* any of them */
	struct field_prefixes src, dest;
	struct field_texts src_sets, dest_sets;	   /* names of `ipset` blocks */
	struct field_bool invert_src, invert_dest; /* all but those addresses and sets */
	struct field_texts macs;
	struct field_texts in_interfaces, out_interfaces;
	struct field_texts states; /* "new", "established", "related", "untracked"; empty: any */
	VEC(struct icmp_type) icmp_types;
	struct tcp_flags tcp_flags;
	struct field_texts dscps;
	struct mark_value mark; /* packets with this mark */
	struct time_window time;
	struct field_rate limit;	/* new connections of all; count 0: none */
	struct field_rate limit_per_ip; /* of each source */
	struct field_number burst;
	struct field_number max_connections; /* at once, of all; 0: any number */
	struct field_number max_per_ip;
	struct field_number ipv6_prefix; /* bits of an IPv6 source that count as one; default 64 */
	struct field_text helper;	 /* a helper's name */
	const struct timeouts *timeouts; /* of connections that it accepts; NULL: none */
	struct mark_value set_mark;	 /* kept on the connection, in the user's bits */
	struct logging log;
	struct field_text counter; /* its counter's name; NULL: none */
	enum rule_action action;
	struct span action_at;
	struct span at;
};

/* Which zones a policy's label means. */
struct zone_set {
	bool is_self;
	bool is_exact;	  /* named by its whole name */
	uint32_t count;	  /* zones in it */
	uint64_t bits[4]; /* bit `id` of a zone */
	const char *written;
	struct span at;
};

static inline bool zone_set_has(const struct zone_set *set, uint32_t id)
{
	return set->bits[id / 64] >> id % 64 & 1;
}

struct policy {
	const char *name; /* as written in `name`, or "FROM to TO" */
	struct zone_set from, to;
	struct field_number priority; /* lower counts first; default 50 */
	VEC(struct rule) rules;	      /* with those that it inherits behind its own */
	bool has_action;
	enum rule_action action; /* accept, drop or reject */
	struct span action_at;
	struct logging log; /* of what its own action decides */
	struct field_text counter;
	struct field_bool masquerade;
	struct span at;
};

enum nat_type { NAT_MASQUERADE, NAT_SNAT, NAT_DNAT, NAT_REDIRECT, NAT_ONE_TO_ONE, NAT_PREFIX };

/* Where packets are sent: an address or a range, a port or a range. */
struct nat_target {
	uint8_t family;		      /* 0: the address stays */
	struct prefix low, high;      /* equal: one address */
	uint16_t port_low, port_high; /* 0: the port stays */
	uint32_t weight;	      /* at least 1 */
	struct span at;
};

struct nat {
	const char *name;
	enum nat_type type;
	struct zone_set from, to; /* .written NULL: not given */
	struct field_texts in_interfaces, out_interfaces;
	struct field_texts protocols;
	struct field_prefixes src, dest;
	struct field_texts src_sets, dest_sets;
	struct field_bool invert_src, invert_dest; /* all but those addresses and sets */
	struct field_ports src_ports, dest_ports;
	struct mark_value mark;
	VEC(struct nat_target) targets; /* of masquerade at most one, with ports alone */
	/* Of ONE_TO_ONE and PREFIX: `outside` stands for `inside`, both ways, in one family. */
	struct prefix inside, outside;
	struct field_bool random, fully_random, persistent;
	struct field_bool hairpin; /* hosts beside the target may use the outside address too */
	struct field_bool forward; /* what was translated may pass without a policy */
	struct logging log;
	struct field_text counter;
	struct span at;
};

enum set_kind {
	SET_ADDRESSES, /* addresses and networks, of both families */
	SET_PORTS,
	SET_MACS,
	SET_INTERFACES,
};

enum set_hook { SET_AT_INPUT = 1, SET_AT_FORWARD = 2 };

/* A named set of the user. A SET_ADDRESSES becomes one nft set a family. */
struct ipset {
	const char *name;
	enum set_kind kind;
	/* Of both families together, unsorted and perhaps overlapping. */
	struct prefix *prefixes;
	uint32_t prefixes_n;
	VEC(struct field_port) ports;
	VEC(const char *) words;     /* MAC addresses, interfaces */
	bool is_dynamic;	     /* filled at run time; what is written here is its beginning */
	struct field_number timeout; /* seconds until an element goes; 0: never */
	struct field_number size;
	/* As a list of its own: what is in it meets `action`. RULE_CONTINUE: nothing. */
	enum rule_action action;
	unsigned apply_to; /* of enum set_hook */
	bool match_source, match_destination;
	struct logging log;
	struct span at;
};

/* Marks that connections get, or give back. */
struct mark_rule {
	const char *name;
	struct rule match;	  /* its conditions alone */
	struct zone_set from, to; /* .written NULL: any */
	struct mark_value set;	  /* at NOWHERE: none */
	bool save;		  /* the packet's mark becomes the connection's */
	bool restore;		  /* the connection's becomes the packet's */
	struct span at;
};

/* A way out. */
struct uplink {
	const char *name;
	uint32_t id; /* 1 to 15 */
	const char *interface;
	struct prefix gateway4, gateway6; /* family 0: none, routes go to the interface */
	struct field_prefixes networks;	  /* more networks that are reached by it directly */
	uint32_t weight;		  /* 0: only what came in by it */
	uint32_t tier;	/* the lowest tier that is enabled carries new connections */
	uint32_t table; /* its routing table */
	bool enabled;
	struct span at;
};

/* Uplinks that share connections. */
struct uplink_group {
	const char *name;
	VEC(struct uplink) uplinks;
	struct zone_set from; /* zones whose connections it carries; .written NULL: all */
	struct field_prefixes src, dest; /* only those; empty: all */
	bool by_source;		 /* a source keeps its uplink: hashed, not dealt out in turn */
	struct field_bool local; /* this machine's own connections too */
	struct span at;
};

/* Traffic that is not tracked, in both directions. */
struct notrack {
	const char *name;
	struct rule match;
	struct zone_set from; /* .written NULL: any */
	struct span at;
};

enum offload { OFFLOAD_REQUIRED, OFFLOAD_IF_AVAILABLE };

struct flowtable {
	const char *name;
	struct field_texts devices; /* empty: the interfaces of all zones */
	struct field_bool hardware, counter;
	struct field_number priority;
	enum offload offload;
	struct span at;
};

struct synproxy {
	const char *name;
	struct rule match;    /* TCP, with destination ports or services */
	struct zone_set from; /* .written NULL: any */
	struct field_number mss, wscale;
	struct field_bool timestamp, sack;
	struct span at;
};

struct mss_clamp {
	struct field_texts interfaces; /* leaving by these; empty: all */
	struct field_number size;      /* 0: what the route allows */
	struct span at;
};

struct config {
	struct conntrack conntrack;
	VEC(struct zone) zones;
	VEC(struct policy) policies;
	VEC(struct nat) nats;
	VEC(struct service_def) services;  /* all that are known, sorted by name */
	VEC(struct ipset) sets;		   /* as written: that is the order of lists */
	const struct ipset **sets_by_name; /* all of them, sorted */
	VEC(struct mark_rule) mark_rules;
	VEC(struct uplink_group) uplink_groups;
	VEC(struct notrack) notracks;
	VEC(struct flowtable) flowtables;
	VEC(struct synproxy) synproxies;
	VEC(struct mss_clamp) mss_clamps;
	bool bare_ports_are_tcp;      /* in Flywall's language */
	struct protection protection; /* of all zones that write none of their own */
};

/* The only zone that connections behind a synproxy come from; NULL where there are several. */
const struct zone *synproxy_zone(const struct config *config);

/* The set of that name, which is there. */
const struct ipset *config_set(const struct config *config, const char *name);

/* Decodes and checks a whole file set's top-level body. All mistakes are in scope->diags
 * afterwards; the result may be used only if it holds no error. */
struct config *config_decode(struct scope *scope, const struct body *body);

/* The ruleset and the host settings, in nftables' own terms, ready to be written out.
 *
 * Whatever the configuration decided is here as typed data; whoever emits only spells it. Names are
 * already valid nft identifiers and strings are already checked for length and characters
 * (ir/name.h); `ruleset_verify` asserts that. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/source.h"
#include "catalog/timeouts.h"

/* What a rule can look at. The rows of `ir_key_rows` (ir/key.c) give the spellings. */
enum ir_key {
	IR_IIFNAME,
	IR_IIF, /* of an interface that always exists: "lo", and cheaper to compare than its name */
	IR_OIFNAME,
	IR_NFPROTO,
	IR_L4PROTO,
	IR_ETHER_SADDR,
	IR_IP_SADDR,
	IR_IP_DADDR,
	IR_IP6_SADDR,
	IR_IP6_DADDR,
	IR_IP6_HOPLIMIT,
	IR_TCP_SPORT,
	IR_TCP_DPORT,
	IR_TCP_FLAGS, /* masked: `tcp flags syn / syn,ack`; values are IR_FLAGS */
	IR_UDP_SPORT,
	IR_UDP_DPORT,
	IR_TH_SPORT, /* of whatever protocol has ports at that place; match the protocol too */
	IR_TH_DPORT,
	IR_IP_DSCP,
	IR_IP6_DSCP,
	IR_ICMP_TYPE,
	IR_ICMPV6_TYPE,
	IR_CT_STATE,
	IR_CT_STATUS,
	IR_CT_MARK,
	IR_CT_HELPER,
	IR_META_MARK,
	IR_META_HOUR, /* ranges of IR_HOURS */
	IR_META_DAY,  /* IR_STRING: "Monday" */
	IR_FIB_DADDR_OIFNAME,
	IR_FIB_DADDR_TYPE,
	IR_FIB_SADDR_OIFNAME,
	IR_FIB_SADDR_TYPE,
	IR_FIB_SADDR_IIF_OIF,	 /* fib saddr . iif oif; against IR_SYMBOL "missing" or "exists" */
	IR_FIB_DADDR_IIF_TYPE,	 /* the type of the address on the interface that it came in by */
	IR_CT_DIRECTION,	 /* original, reply */
	IR_CT_ORIGINAL_IP_DADDR, /* as the sender wrote it, ahead of any translation */
	IR_CT_ORIGINAL_IP6_DADDR,
	IR_CT_ORIGINAL_PROTO_DST, /* of one protocol; match it too */
	IR_NUMGEN_INC,		  /* numgen inc mod `modulus` */
	IR_JHASH_IP_SADDR,	  /* jhash ip saddr mod `modulus` seed 0x1 */
	IR_JHASH_IP6_SADDR,
	IR_KEY_COUNT
};

/* A key, perhaps masked: `ip6 saddr & ffff:ffff:ffff:ffff::`, `ct mark & 0xff000000`. */
struct ir_term {
	enum ir_key key : 8;
	bool masked;
	struct address_mask {
		uint8_t family, length; /* of an address: its first `length` bits count */
	} address_mask;
	uint32_t mask;	  /* of a mark */
	uint32_t modulus; /* of numgen and jhash */
};

enum { IR_TERMS_MAX = 5, IR_DATA_MAX = 2 };

enum ir_value_kind {
	IR_NUMBER,	  /* a port, a count, a hop limit */
	IR_MARK,	  /* 32 bits, written 0x%08x */
	IR_SYMBOL,	  /* a word of nft: established, tcp, ipv4, nd-router-advert */
	IR_STRING,	  /* quoted: an interface's name, or "wg*"; a helper's type */
	IR_PREFIX,	  /* an address or a network */
	IR_RANGE,	  /* numbers, low to high */
	IR_MAC,		  /* text, as nft writes it */
	IR_FLAGS,	  /* TCP flags, in `number`; written syn,ack */
	IR_HOURS,	  /* seconds of the day in local time, low to high: "08:00"-"20:00" */
	IR_ADDRESS_RANGE, /* of one family */
};

struct ir_value {
	enum ir_value_kind kind;
	union {
		uint32_t number;
		const char *text;
		struct prefix prefix;
		struct {
			uint32_t low, high;
		};
		struct {
			const struct prefix *first, *last;
		};
	};
};

enum ir_verdict { IR_ACCEPT, IR_DROP, IR_RETURN, IR_JUMP, IR_GOTO };

struct ir_chain;

struct ir_target {
	enum ir_verdict verdict;
	const struct ir_chain *chain; /* of jump and goto */
};

/* One element of a set or map; a concatenation has several parts. */
struct ir_element {
	struct ir_value *parts;	 /* as many as the set or match has terms */
	struct ir_value *data;	 /* of a map of values: as many as it has; NULL: none */
	struct ir_target target; /* of a verdict map */
	struct span at;
};

/* A named set or map. Its type follows from `terms`; `is_typeof` writes `typeof <terms>` instead,
 * which fib needs; it is written as well where a key has no type. */
struct ir_set {
	const char *name;
	struct ir_term terms[IR_TERMS_MAX];
	uint32_t terms_n;
	bool is_typeof;
	bool is_map;		       /* of verdicts, or of `data_n` values */
	enum ir_key data[IR_DATA_MAX]; /* the keys whose types the values have */
	uint32_t data_n;
	bool is_interval;
	bool is_dynamic;  /* filled by rules, or by others while it is in use */
	bool is_refilled; /* keeps its name while its elements change */
	uint32_t size;	  /* elements; 0: not written */
	uint32_t timeout; /* seconds until an element goes; 0: never */
	VEC(struct ir_element) elements;
	/* Long lists of networks stand here instead, merged and sorted. */
	const struct prefix *prefixes;
	uint32_t prefixes_n;
	const char *comment; /* NULL: none */
	struct span at;
};

enum ir_object_kind {
	IR_CT_HELPER_OBJECT,
	IR_CT_TIMEOUT_OBJECT,
	IR_LIMIT_OBJECT,
	IR_COUNTER_OBJECT
};

struct ir_limit {
	bool over; /* matches above the rate, not below */
	uint32_t count;
	uint32_t seconds; /* 1, 60, 3600, 86400 */
	uint32_t burst;	  /* packets */
};

/* A named stateful object. */
struct ir_object {
	enum ir_object_kind kind;
	const char *name;
	union {
		struct {
			const char *type;     /* "ftp" */
			const char *protocol; /* "tcp" */
			const char *l3proto;  /* "inet" or "ip" */
		} helper;
		struct {
			enum timeout_protocol protocol;
			uint32_t seconds[TIMEOUT_COUNT]; /* those of the protocol's states are
							    meant, all of them */
		} timeout;
		struct ir_limit limit;
	};
	struct span at;
};

enum ir_op { IR_EQ, IR_NE };

enum ir_statement_kind {
	IR_MATCH,
	IR_VMAP,
	IR_VERDICT,
	IR_REJECT,
	IR_NOTRACK,
	IR_COUNT, /* counter name "x" */
	IR_LIMIT,
	IR_LOG,
	IR_SET_MARK,
	IR_SET_TIMEOUT,
	IR_SET_HELPER,
	IR_SET_EVENT,
	IR_SET_ZONE,
	IR_UPDATE,
	IR_MAP_MARK,	    /* ct mark set <terms> map @m, all of its bits */
	IR_COPY_MARK,	    /* meta mark set ct mark, or the other way round */
	IR_SET_PACKET_MARK, /* meta mark set meta mark & keep | set; `mark` */
	IR_TRANSLATE,	    /* snat, dnat, masquerade, redirect */
	IR_SYNPROXY,
	IR_SET_MSS,
	IR_OFFLOAD, /* flow add @table */
};

/* `terms` (one, or a concatenation) against one value, a set written out, or a named set. */
struct ir_match {
	struct ir_term terms[IR_TERMS_MAX];
	uint32_t terms_n;
	enum ir_op op;
	VEC(struct ir_element) values; /* one: plain; several: { a, b } */
	const struct ir_set *set;      /* @name, instead of values */
	bool bits; /* any of the flags in `values`: ct state invalid,untracked */
};

struct ir_vmap {
	struct ir_term terms[IR_TERMS_MAX];
	uint32_t terms_n;
	const struct ir_set *map;
};

/* ct mark set ct mark & `keep` | `set`: the bits outside `keep` become those of `set`. */
struct ir_mark {
	uint32_t keep, set;
};

/* ct original zone set `id`, or by interface: ct original zone set iifname map { "eth1" : 1 }. */
struct ir_zone_set {
	uint16_t id;
};

/* add|update @set { terms <stateful> }: what each element counts. */
struct ir_update {
	const struct ir_set *set;
	bool refresh; /* update: start the element's timeout again */
	struct ir_term terms[IR_TERMS_MAX];
	uint32_t terms_n;
	enum {
		IR_UPDATE_COUNT,
		IR_UPDATE_LIMIT,
		IR_UPDATE_TALLY, /* a counter of packets and bytes */
		IR_UPDATE_ALONE, /* no state */
	} kind;
	uint32_t connections; /* ct count over this many */
	struct ir_limit limit;
};

/* log prefix "..." group N: through nfnetlink_log, because the kernel log is silent in a namespace.
 */
struct ir_log {
	const char *prefix;
	uint16_t group;
};

/* How a sender is told: with a reset of its TCP connection, or with an ICMP error that no port is
 * there, or that it is forbidden. */
enum ir_reject { IR_REJECT_PORT, IR_REJECT_RESET, IR_REJECT_PROHIBITED };

enum ir_copy { IR_CONNECTION_TO_PACKET, IR_PACKET_TO_CONNECTION };

/* meta mark set ct mark [& mask], or ct mark set meta mark [& mask]; the mask is all ones where
 * nothing is left out. */
struct ir_copy_mark {
	enum ir_copy way;
	uint32_t mask;
};

enum ir_translation { IR_MASQUERADE, IR_SNAT, IR_DNAT, IR_REDIRECT };

/* An address and port that packets get. Either everything in here, or `map` looked up by `terms`.
 * Ports need a match of a protocol that has them ahead of it in the rule. */
struct ir_translate {
	enum ir_translation kind;
	uint8_t family; /* FAMILY_*; 0 where no address is written (masquerade, redirect) */
	struct prefix low, high;      /* equal: one address */
	uint16_t port_low, port_high; /* 0: none */
	bool random, fully_random, persistent;
	const struct ir_set *map; /* of addresses, or addresses and ports; NULL: none */
	struct ir_term terms[IR_TERMS_MAX];
	uint32_t terms_n;
	bool is_prefix;	  /* the map is of networks: bits behind the prefix stay (snat ip prefix to)
			   */
	bool is_port_map; /* the map is of ports, and low and high are the address, if there is one
			   */
};

struct ir_synproxy {
	uint16_t mss; /* 0: not written */
	uint8_t wscale;
	bool timestamp, sack;
};

struct ir_statement {
	enum ir_statement_kind kind;
	union {
		enum ir_reject reject;
		struct ir_match match;
		struct ir_vmap vmap;
		struct ir_target target;
		const struct ir_object
			*object; /* of COUNT, SET_TIMEOUT, SET_HELPER; of LIMIT, or NULL */
		struct ir_log log;
		struct ir_mark mark;
		struct ir_zone_set zone;
		struct ir_update update;
		struct ir_copy_mark copy;
		struct {
			struct ir_term terms[IR_TERMS_MAX];
			uint32_t terms_n;
			const struct ir_set *map;
		} map_mark;
		struct ir_translate translate;
		struct ir_synproxy synproxy;
		uint16_t mss; /* bytes; 0: what the route allows */
		const struct ir_flowtable *flowtable;
		struct {
			const char *const *names; /* NULL-ended; none: 0x0 */
		} event;
		struct {
			const struct ir_object *object; /* NULL: written out in the rule */
			struct ir_limit inlined;
		} limit;
	};
};

struct ir_rule {
	VEC(struct ir_statement) statements;
	const char *comment; /* at most 128 bytes, or NULL */
	bool is_written; /* it is one that the user wrote, or part of it: worth a warning when dead
			  */
	struct span at;
};

/* Something that is so for every packet that enters a chain. */
struct ir_fact {
	struct ir_term term;
	struct ir_value value;
};

/* Connections that the kernel forwards past the ruleset once they are established. */
struct ir_flowtable {
	const char *name;
	int priority;
	VEC(const char *) devices;
	bool is_hardware, has_counter;
	struct span at;
};

enum ir_hook { IR_HOOK_NONE, IR_PREROUTING, IR_INPUT, IR_FORWARD, IR_OUTPUT, IR_POSTROUTING };
enum ir_chain_type { IR_FILTER, IR_ROUTE, IR_NAT };

struct ir_chain {
	const char *name;
	enum ir_hook hook; /* IR_HOOK_NONE: not a base chain */
	enum ir_chain_type type;
	int priority; /* as a number; the emitter knows nft's words for some */
	bool policy_drop;
	/* A base chain that this configuration does not need: declared, emptied and deleted, so
	 * that one that an earlier configuration left behind goes away. It has no rules. */
	bool retired;
	/* NULL, or what tells this chain's packets from those of its siblings: look-ups of several
	 * such chains can share one map that has the fact's term ahead of their own. */
	const struct ir_fact *fact;
	VEC(struct ir_rule) rules;
	struct span at;
};

enum ir_setting_kind {
	IR_SYSCTL,	     /* key "net.netfilter.nf_conntrack_max" */
	IR_MODULE_PARAMETER, /* key "nf_conntrack_ftp.loose" */
};

struct ir_setting {
	enum ir_setting_kind kind;
	const char *key;
	const char *value;
	bool init_only; /* read-only in any network namespace but the first */
	bool global;	/* one value for all network namespaces */
	struct span at;
};

/* ip rule add pref `priority` fwmark `mark`/`mask` lookup `table`, in one family. */
struct ir_ip_rule {
	uint8_t family;
	uint32_t priority;
	uint32_t mark, mask; /* mask 0: for what begins on this machine, whatever its mark */
	uint32_t table;
	struct span at;
};

/* ip route add `to` via `gateway` dev `interface` table `table`. */
struct ir_ip_route {
	struct prefix to;      /* length 0: default */
	struct prefix gateway; /* family 0: none, the destination is on the link */
	const char *interface;
	uint32_t table;
	/* Instead of all that: the routes of the main table that have no gateway (connected
	 * networks) of this family, as they are when the configuration is applied. */
	bool copies_connected;
	struct span at;
};

/* What is looked for in the kernel before anything is changed. DAYS: the kernel counts them in its
 * own time zone, while nft turns hours into the kernel's. */
enum ir_need { IR_NEEDS_FLOWTABLE, IR_NEEDS_SYNPROXY, IR_NEEDS_DAYS };

struct ir_requirement {
	enum ir_need need;
	bool is_optional; /* without it, what uses it is left out, with a note */
	struct span at;
};

struct ruleset_names;

struct ruleset {
	struct arena *arena;
	const char *table; /* the table's name; its family is inet */
	VEC(struct ir_flowtable *) flowtables;
	VEC(struct ir_ip_rule) ip_rules;
	VEC(struct ir_ip_route) ip_routes;
	VEC(struct ir_requirement) requirements;
	VEC(struct ir_object *) objects;
	VEC(struct ir_set *) sets;
	VEC(struct ir_chain *) chains;
	VEC(struct ir_setting) settings;
	const struct ruleset_names *names; /* for reports */
	VEC(const char *) modules;	   /* kernel modules that the ruleset needs, in order */
};

/* New things, added to the ruleset; they stay where they are. */
struct ir_chain *chain_new(struct ruleset *ruleset, const char *name, struct span at);
struct ir_set *set_new(struct ruleset *ruleset, const char *name, struct span at);
struct ir_object *object_new(struct ruleset *ruleset, enum ir_object_kind kind, const char *name,
			     struct span at);
struct ir_rule *rule_new(struct ruleset *ruleset, struct ir_chain *chain, struct span at);
struct ir_statement *statement_new(struct ruleset *ruleset, struct ir_rule *rule,
				   enum ir_statement_kind kind);

/* Whether nft's language has words for the object. The kernel takes others too. */
bool object_is_in_nft(const struct ir_object *object);

/* Takes the flow tables out, with the rules that hand connections to them: for a kernel that has
 * none. */
void ruleset_drop_flowtables(struct ruleset *ruleset);

/* Asserts what an emitter relies on: names are valid, unique and within the kernel's lengths,
 * chains that are gone to exist, elements have as many parts as their set has terms, comments and
 * prefixes fit. Returns NULL, or what is wrong (in the arena): a mistake of ours. */
const char *ruleset_verify(const struct ruleset *ruleset);

/* A key's spellings. */
struct ir_key_row {
	const char *text; /* "ip saddr" */
	const char *type; /* "ipv4_addr"; NULL: sets of it are declared by `typeof` */
	const char *json; /* the libnftables JSON expression, as text */
};

extern const struct ir_key_row ir_key_rows[IR_KEY_COUNT];

/* The blocks as they are written, before the pieces that say one thing are brought together. */
#pragma once
#include "catalog/services.h"
#include "config/conditions.h"
#include "config/config.h"
#include "config/written_more.h"

struct table;

/* The keys of `timeouts`: name, other spelling, example, what it is. */
/* clang-format off */
#define TIMEOUT_KEYS(X)                                                                                                 \
	X(TCP, "tcp", NULL, "\"24h\"", "An established TCP connection without traffic.")                                \
	X(UDP, "udp", NULL, "\"30s\"", "A UDP flow, unanswered, and answered unless udp_stream is set.")                \
	X(UDP_STREAM, "udp_stream", NULL, "\"180s\"", "A UDP flow with answers.")                                       \
	X(UDPLITE, "udplite", NULL, "\"30s\"", "A UDP-Lite flow, as udp; the same as udp unless set.")                    \
	X(UDPLITE_STREAM, "udplite_stream", NULL, "\"180s\"", "A UDP-Lite flow with answers.")                          \
	X(ICMP, "icmp", NULL, "\"30s\"", "A ping, of IPv4 or IPv6, waiting for its answer.")                            \
	X(GENERIC, "generic", NULL, "\"600s\"", "A flow of a protocol that the kernel does not know.")                  \
	X(UNREPLIED, "unreplied", NULL, "\"30s\"", "What waits for a first answer: UDP, TCP and GRE, unless set themselves.") \
	X(TCP_SYN_SENT, "tcp_syn_sent", NULL, "\"60s\"", "TCP: opened, no answer yet.")                                 \
	X(TCP_SYN_RECV, "tcp_syn_recv", NULL, "\"60s\"", "TCP: answered, not yet confirmed.")                           \
	X(TCP_ESTABLISHED, "tcp_established", NULL, "\"5d\"", "TCP: established; the same as tcp.")                     \
	X(TCP_FIN_WAIT, "tcp_fin_wait", NULL, "\"60s\"", "TCP: one side has closed.")                                   \
	X(TCP_CLOSE_WAIT, "tcp_close_wait", NULL, "\"60s\"", "TCP: the other side is to close.")                        \
	X(TCP_LAST_ACK, "tcp_last_ack", NULL, "\"30s\"", "TCP: both have closed, the last acknowledgement is missing.") \
	X(TCP_TIME_WAIT, "tcp_time_wait", NULL, "\"60s\"", "TCP: closed.")                                              \
	X(TCP_CLOSE, "tcp_close", NULL, "\"10s\"", "TCP: reset.")                                                       \
	X(TCP_SYN_SENT2, "tcp_syn_sent2", NULL, "\"60s\"", "TCP: both sides have opened at once.")                      \
	X(TCP_MAX_RETRANS, "tcp_max_retrans", "tcp_retrans", "\"300s\"", "TCP: data sent again and again.")             \
	X(TCP_UNACKNOWLEDGED, "tcp_unacknowledged", "tcp_unack", "\"300s\"", "TCP: data without an acknowledgement.")   \
	X(GRE, "gre", NULL, "\"30s\"", "A GRE flow without answers.")                                                   \
	X(GRE_STREAM, "gre_stream", NULL, "\"180s\"", "A GRE flow with answers.")                                       \
	X(SCTP_CLOSED, "sctp_closed", NULL, "\"10s\"", "SCTP: opened, or aborted.")                                     \
	X(SCTP_COOKIE_WAITED, "sctp_cookie_waited", "sctp_cookie_wait", "\"3s\"", "SCTP: the cookie has been sent.")    \
	X(SCTP_COOKIE_ECHOED, "sctp_cookie_echoed", NULL, "\"3s\"", "SCTP: the cookie has come back.")                  \
	X(SCTP_ESTABLISHED, "sctp_established", NULL, "\"210s\"", "SCTP: established.")                                 \
	X(SCTP_SHUTDOWN_SENT, "sctp_shutdown_sent", NULL, "\"30s\"", "SCTP: one side shuts down.")                      \
	X(SCTP_SHUTDOWN_RECD, "sctp_shutdown_recd", NULL, "\"30s\"", "SCTP: the other side has heard of it.")           \
	X(SCTP_SHUTDOWN_ACK_SENT, "sctp_shutdown_ack_sent", NULL, "\"3s\"", "SCTP: the shutdown is acknowledged.")      \
	X(SCTP_HEARTBEAT_SENT, "sctp_heartbeat_sent", NULL, "\"30s\"", "SCTP: a path is being tried.")
/* clang-format on */

enum timeout_key {
#define X(key, name, alias, example, doc) KEY_##key,
	TIMEOUT_KEYS(X)
#undef X
		KEY_COUNT
};

struct written_timeouts {
	struct field_number key[KEY_COUNT];
	struct span at;
};

struct written_helpers {
	struct helper_use of[HELPER_COUNT];
	struct span at;
};

struct written_conntrack {
	struct field_bool enabled;
	struct field_number max_connections, hash_size, buckets;
	struct written_timeouts timeouts;
	struct written_helpers helpers, nat_helpers;
	struct field_bool log_invalid;
	struct field_rate log_max;
	struct events events;
	struct field_bool accounting, timestamps;
	struct field_bool tcp_loose, tcp_liberal;
	struct span at;
};

struct written_zone_conntrack {
	struct field_bool enabled;
	struct written_timeouts timeouts;
	struct written_helpers helpers;
	struct field_texts tracks;
	struct limits limits;
	struct field_number zone_id;
	struct events events;
	struct span at;
};

/* A service's switch, with its name where that is not known beforehand. */
struct written_service {
	struct field_text name;
	struct field_bool enabled;
	struct field_prefixes src;
	struct span at;
};

/* port "8443" { } */
struct written_port {
	struct field_text name;
	struct field_texts protocols;
	struct field_number port, port_end;
	struct field_prefixes src;
	struct span at;
};

struct written_management {
	struct written_service of[MANAGEMENT_COUNT];
	struct span at;
};

struct written_services {
	VEC(struct written_service) named;
	VEC(struct written_port) ports;
	struct span at;
};

/* match { } */
struct written_match {
	struct field_texts interfaces, out_interfaces;
	struct field_prefixes src, dst;
	struct field_texts sets;
	struct field_texts dscps;
	struct field_text mark;
	struct field_number vlan;
	struct field_texts protocols;
	struct field_texts macs;
	struct span at;
};

struct written_zone {
	struct field_text name;
	struct field_text description;
	struct field_texts interfaces;
	struct field_prefixes networks;
	struct field_texts sets;
	struct field_prefixes dst;
	struct field_number vlan;
	VEC(struct written_match) matches;
	struct field_text action;
	struct written_management management;
	struct written_services services;
	struct written_zone_conntrack conntrack;
	struct written_protection protection;
	struct span at;
};

/* vlan "20" { } inside of an interface */
struct written_vlan {
	struct field_text id, zone;
	VEC(struct written_zone) new_zones;
	struct span at;
};

/* interface "eth0" { }: of another program, but it may say which zone the interface is in. */
struct written_interface {
	struct field_text name, zone;
	VEC(struct written_vlan) vlans;
	VEC(struct written_zone) new_zones;
	struct field_bool web_ui;
	struct written_management management;
	struct span at;
};

struct written_service_def {
	struct field_text name, description;
	struct written_conditions conditions;
	struct field_text helper;
	struct span at;
};

struct written_rule {
	struct field_text name, description;
	struct field_bool disabled, enabled;
	struct written_conditions conditions;
	struct field_text action;
	struct field_rate limit, limit_per_ip;
	struct field_number burst;
	struct field_number max_connections, max_per_ip;
	struct field_number ipv6_prefix;
	struct field_text helper;
	struct field_number timeout;
	struct written_timeouts *timeouts; /* few rules have any */
	struct field_text set_mark;
	struct logging log;
	struct field_text counter;
	struct field_texts src_countries, dest_countries;
	struct span at;
};

/* A rule that stands outside of its policy: between two zones, or of a policy by its name. */
struct written_scheduled_rule {
	struct written_rule rule;	/* what is written in the block itself */
	VEC(struct written_rule) rules; /* or in a block of its own */
	struct field_text from, to;
	struct field_text policy, schedule, end_schedule;
};

enum { POLICY_FROM, POLICY_TO, POLICY_LABELS };

struct written_policy {
	struct field_text labels[POLICY_LABELS];
	struct field_text from, to; /* where the only label is the name */
	struct field_text name, description;
	struct field_bool disabled, enabled;
	struct field_number priority;
	struct field_text action;
	VEC(struct written_rule) rules;
	struct field_text inherits;
	struct field_bool masquerade;
	struct logging log;
	struct field_text counter;
	struct span at;
};

struct written {
	struct field_text version;
	struct written_conntrack conntrack;
	VEC(struct written_interface) interfaces;
	VEC(struct written_zone) zones;
	VEC(struct written_service_def) services;
	VEC(struct written_policy) policies;
	VEC(struct written_scheduled_rule) scheduled_rules;
	VEC(struct written_ipset) ipsets;
	VEC(struct written_nat) nats;
	VEC(struct written_mark_rule) mark_rules;
	VEC(struct written_uplinks) uplink_groups;
	struct written_uplinks multi_wan;
	VEC(struct written_notrack) notracks;
	struct written_protection global_protection;
	VEC(struct written_protection) protections;
	VEC(struct written_flowtable) flowtables;
	struct written_flowtable flow_offload;
	VEC(struct written_synproxy) synproxies;
	struct written_mss mss_clamping;
	struct span at;
};

extern const struct table written_table;
extern const struct table conntrack_table;
extern const struct table interface_table;
extern const struct table zone_table;
extern const struct table service_def_table;
extern const struct table policy_table;
extern const struct table scheduled_rule_table;
extern const struct table zone_conntrack_table;
extern const struct table match_table;
extern const struct table management_table;
extern const struct table services_table;
extern const struct table timeouts_table;
extern const struct table helpers_table;
extern const struct table events_table;

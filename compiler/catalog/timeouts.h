/* The connection-tracking timeouts that the kernel has, by protocol and state. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* X(NAME, protocol, state, sysctl, default): the state's name in a `ct timeout` object; the sysctl
 * below net.netfilter, NULL where there is none; the kernel's default in seconds. A protocol's rows
 * stand together, in the order of the attributes CTA_TIMEOUT_* that the kernel counts from 1 (TCP's
 * apart, which nft knows). Sources: net/netfilter/nf_conntrack_proto_*.c and
 * Documentation/networking/nf_conntrack-sysctl.rst. */
#define TIMEOUTS(X)                                                                                \
	X(TCP_SYN_SENT, TCP, "syn_sent", "nf_conntrack_tcp_timeout_syn_sent", 120)                 \
	X(TCP_SYN_RECV, TCP, "syn_recv", "nf_conntrack_tcp_timeout_syn_recv", 60)                  \
	X(TCP_ESTABLISHED, TCP, "established", "nf_conntrack_tcp_timeout_established", 432000)     \
	X(TCP_FIN_WAIT, TCP, "fin_wait", "nf_conntrack_tcp_timeout_fin_wait", 120)                 \
	X(TCP_CLOSE_WAIT, TCP, "close_wait", "nf_conntrack_tcp_timeout_close_wait", 60)            \
	X(TCP_LAST_ACK, TCP, "last_ack", "nf_conntrack_tcp_timeout_last_ack", 30)                  \
	X(TCP_TIME_WAIT, TCP, "time_wait", "nf_conntrack_tcp_timeout_time_wait", 120)              \
	X(TCP_CLOSE, TCP, "close", "nf_conntrack_tcp_timeout_close", 10)                           \
	X(TCP_SYN_SENT2, TCP, "syn_sent2", NULL, 120)                                              \
	X(TCP_RETRANS, TCP, "retrans", "nf_conntrack_tcp_timeout_max_retrans", 300)                \
	X(TCP_UNACK, TCP, "unack", "nf_conntrack_tcp_timeout_unacknowledged", 300)                 \
	X(UDP_UNREPLIED, UDP, "unreplied", "nf_conntrack_udp_timeout", 30)                         \
	X(UDP_REPLIED, UDP, "replied", "nf_conntrack_udp_timeout_stream", 120)                     \
	X(UDPLITE_UNREPLIED, UDPLITE, "unreplied", NULL, 30)                                       \
	X(UDPLITE_REPLIED, UDPLITE, "replied", NULL, 120)                                          \
	X(ICMP, ICMP, "timeout", "nf_conntrack_icmp_timeout", 30)                                  \
	X(ICMPV6, ICMPV6, "timeout", "nf_conntrack_icmpv6_timeout", 30)                            \
	X(GRE, GRE, "unreplied", "nf_conntrack_gre_timeout", 30)                                   \
	X(GRE_STREAM, GRE, "replied", "nf_conntrack_gre_timeout_stream", 180)                      \
	X(SCTP_CLOSED, SCTP, "closed", "nf_conntrack_sctp_timeout_closed", 10)                     \
	X(SCTP_COOKIE_WAIT, SCTP, "cookie_wait", "nf_conntrack_sctp_timeout_cookie_wait", 3)       \
	X(SCTP_COOKIE_ECHOED, SCTP, "cookie_echoed", "nf_conntrack_sctp_timeout_cookie_echoed", 3) \
	X(SCTP_ESTABLISHED, SCTP, "established", "nf_conntrack_sctp_timeout_established", 210)     \
	X(SCTP_SHUTDOWN_SENT, SCTP, "shutdown_sent", "nf_conntrack_sctp_timeout_shutdown_sent", 3) \
	X(SCTP_SHUTDOWN_RECD, SCTP, "shutdown_recd", "nf_conntrack_sctp_timeout_shutdown_recd", 3) \
	X(SCTP_SHUTDOWN_ACK_SENT, SCTP, "shutdown_ack_sent",                                       \
	  "nf_conntrack_sctp_timeout_shutdown_ack_sent", 3)                                        \
	X(SCTP_HEARTBEAT_SENT, SCTP, "heartbeat_sent", "nf_conntrack_sctp_timeout_heartbeat_sent", \
	  30)                                                                                      \
	X(GENERIC, GENERIC, "timeout", "nf_conntrack_generic_timeout", 600)

enum timeout {
#define X(name, protocol, state, sysctl, seconds) TIMEOUT_##name,
	TIMEOUTS(X)
#undef X
		TIMEOUT_COUNT
};

enum timeout_protocol {
	TIMEOUT_OF_TCP,
	TIMEOUT_OF_UDP,
	TIMEOUT_OF_UDPLITE,
	TIMEOUT_OF_ICMP,
	TIMEOUT_OF_ICMPV6,
	TIMEOUT_OF_GRE,
	TIMEOUT_OF_SCTP,
	TIMEOUT_OF_GENERIC,
	TIMEOUT_PROTOCOL_COUNT
};

/* The protocols, as timeout objects have them. */
struct timeout_protocol_row {
	const char *name;   /* "tcp" */
	const char *object; /* "timeout_tcp": what the names of its objects begin with */
	uint8_t number;	    /* IPPROTO_* */
	bool is_in_nft;	    /* nft's text has words for its objects */
	bool has_objects;   /* the kernel has them, and they do something */
};

extern const struct timeout_protocol_row timeout_protocol_rows[TIMEOUT_PROTOCOL_COUNT];

struct timeout_row {
	enum timeout_protocol protocol;
	const char *state;  /* in a `ct timeout` object */
	const char *sysctl; /* below net.netfilter, or NULL */
	uint32_t seconds;   /* the kernel's default */
};

extern const struct timeout_row timeout_rows[TIMEOUT_COUNT];

/* The largest value that every kernel keeps: 2^31 jiffies at 1000 a second. Above it the entry's
 * end lies in the past and it expires at once. */
#define TIMEOUT_MAX 2147483

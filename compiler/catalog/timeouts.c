#include "catalog/timeouts.h"

const struct timeout_row timeout_rows[TIMEOUT_COUNT] = {
#define X(name, protocol, state, sysctl, seconds)                                                  \
	[TIMEOUT_##name] = { TIMEOUT_OF_##protocol, state, sysctl, seconds },
	TIMEOUTS(X)
#undef X
};

const struct timeout_protocol_row timeout_protocol_rows[TIMEOUT_PROTOCOL_COUNT] = {
	/* clang-format off */
	[TIMEOUT_OF_TCP]     = { "tcp",     "timeout_tcp",       6, true,  true },
	[TIMEOUT_OF_UDP]     = { "udp",     "timeout_udp",      17, true,  true },
	[TIMEOUT_OF_UDPLITE] = { "udplite", "timeout_udplite", 136, false, true },
	[TIMEOUT_OF_ICMP]    = { "icmp",    "timeout_icmp",      1, false, true },
	[TIMEOUT_OF_ICMPV6]  = { "icmpv6",  "timeout_icmpv6",   58, false, true },
	[TIMEOUT_OF_GRE]     = { "gre",     "timeout_gre",      47, false, false },
	[TIMEOUT_OF_SCTP]    = { "sctp",    "timeout_sctp",    132, false, true },
	[TIMEOUT_OF_GENERIC] = { "generic", "timeout_generic", 255, false, false },
	/* clang-format on */
};

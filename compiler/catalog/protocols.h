/* Protocols above IP, by the names that /etc/protocols has. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* The number that IANA gave the protocol (RFC 5237), or -1. */
int protocol_number(const char *name);

/* The protocol of that number, or NULL. */
const char *protocol_name(int number);

/* The word of nft's grammar for the protocol, or NULL where it has none: other names are looked up
 * in /etc/protocols, which a small system does not have. */
const char *protocol_word(const char *name);

/* Whether packets of it go from a port to a port. */
bool protocol_has_ports(const char *name);

/* The name of the n-th protocol, by number; NULL behind the last one. */
const char *protocol_at(size_t index);

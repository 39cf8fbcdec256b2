/* Protocols above IP, by the names that /etc/protocols has. */
#pragma once

/* The number that IANA gave the protocol (RFC 5237), or -1. */
int protocol_number(const char *name);

/* The word of nft's grammar for the protocol, or NULL where it has none: other names are looked up
 * in /etc/protocols, which a small system does not have. */
const char *protocol_word(const char *name);

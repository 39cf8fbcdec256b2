/* Protocols above IP, by nft's names. */
#pragma once

/* The number that IANA gave the protocol (RFC 5237), or -1. */
int protocol_number(const char *name);

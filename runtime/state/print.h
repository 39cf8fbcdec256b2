/* Connections as text in columns, and as JSON or YAML. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/address.h"
#include "runtime/state/connection.h"
#include "runtime/state/names.h"
#include "runtime/state/writer.h"

/* Room for an address and a port: "[2001:db8::1]:65535". */
enum { ENDPOINT_TEXT_MAX = PREFIX_TEXT_MAX + 8 };

/* Text of an address of the family (AF_*), canonical; the number of characters. */
unsigned address_text(uint8_t family, const uint8_t address[16], char text[PREFIX_TEXT_MAX]);

/* Writes one connection as an object, with the kernel's and conntrack's own terms as keys and the
 * names of zones, policy and uplink where the mark has them. */
void connection_write(struct writer *writer, const struct names *names,
		      const struct connection *connection);

/* The same without the braces, for objects that have more in them. */
void connection_write_inside(struct writer *writer, const struct names *names,
			     const struct connection *connection);

/* What connection_write reads. */
enum { PRINT_FIELDS = FIELD_ALL };

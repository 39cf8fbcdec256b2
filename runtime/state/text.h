/* Pieces of text, put one behind the other: each function writes at `at`, without a NUL, and
 * returns where the next piece goes. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "runtime/state/connection.h"

char *text_put(char *at, const char *text);
char *text_put_number(char *at, uint64_t number);

/* The two largest units: "4d23h", "1h", "59s". */
char *text_put_duration(char *at, uint64_t seconds);

/* An address, and the port where the protocol has one: "10.0.0.1:80", "[2001:db8::1]:80". */
char *text_put_endpoint(char *at, const struct tuple *tuple, bool is_dest);

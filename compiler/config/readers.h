/* Texts of conditions: each has a reader, which checks it and gives its one spelling, and a second
 * function that takes this spelling apart. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct complaint;
struct mark_value;
struct scope;
struct tcp_flags;

/* A protocol above IP by name or number: nft's name. */
const char *protocol_read(struct scope *scope, struct text text, struct complaint *complaint);

/* "new", "established", "related", "untracked", or several with commas between them. */
const char *state_read(struct scope *scope, struct text text, struct complaint *complaint);

/* Takes the first state off the list; false where there is none left. */
bool state_take(const char **list, struct text *out);

/* A name that icmp_find knows, or a number up to 255. */
const char *icmp_type_read(struct scope *scope, struct text text, struct complaint *complaint);

/* "syn", "syn,!ack" or "syn/syn,ack", in lower case. */
const char *tcp_flags_read(struct scope *scope, struct text text, struct complaint *complaint);
void tcp_flags_parse(const char *text, struct tcp_flags *out);

/* nft's name of a code point, or "0x2b" where it has none. */
const char *dscp_read(struct scope *scope, struct text text, struct complaint *complaint);

/* "16", "0x10" or "0x10/0xff". */
const char *mark_read(struct scope *scope, struct text text, struct complaint *complaint);
void mark_parse(const char *text, struct mark_value *out);

/* "HH:MM" or "HH:MM:SS". */
const char *clock_read(struct scope *scope, struct text text, struct complaint *complaint);
uint32_t clock_parse(const char *text);

/* A day of the week, "weekdays" or "weekend", in lower case; three letters are enough. */
const char *day_read(struct scope *scope, struct text text, struct complaint *complaint);
uint8_t day_parse(const char *text);

/* The kernel's numbers of protocols, states and status bits, and their words. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A protocol's name, or NULL. */
const char *l4_name(uint8_t protocol);

/* By name, in any case, or by number. */
bool l4_find(const char *text, uint8_t *protocol);

/* Whether it has states of its own; without any, `state_name` has nothing to say. */
bool l4_has_states(uint8_t protocol);
bool l4_has_ports(uint8_t protocol);

/* "ESTABLISHED", or NULL where the protocol has no states or none of that number. */
const char *state_name(uint8_t protocol, uint8_t state);

/* The number that a state has in one protocol; false where that has no such state. */
bool state_find(uint8_t protocol, const char *text, uint8_t *state);

/* All names of states, of all protocols; for guesses and help. */
size_t state_names(const char *const **names);

/* Bits of a connection's status (IPS_*) that must be set and must be clear for a word to hold:
 * "assured", "unreplied", "snat", ... `any` alone is any of these bits. */
struct status_word {
	const char *name;
	uint32_t set, clear, any;
	bool is_shown; /* it stands in listings */
};
extern const struct status_word status_words[];
extern const size_t status_words_count;

/* The word, or NULL. */
const struct status_word *status_find(const char *text, size_t length);
bool status_holds(const struct status_word *word, uint32_t status);

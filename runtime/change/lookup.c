#include "runtime/change/lookup.h"

#include "base/arena.h"

/* Open addressing; the table is at most half full. */
static struct lookup_slot *find(struct lookup_slot *slots, uint32_t size, struct text key,
				uint32_t hash)
{
	uint32_t at = hash & (size - 1);
	while (slots[at].key.s && !(slots[at].hash == hash && text_equal(slots[at].key, key)))
		at = (at + 1) & (size - 1);
	return &slots[at];
}

static void grow(struct arena *arena, struct lookup *lookup)
{
	uint32_t size = lookup->size ? lookup->size * 2 : 64;
	struct lookup_slot *slots = arena_array(arena, size, sizeof *slots);
	for (uint32_t i = 0; i < lookup->size; i++)
		if (lookup->slots[i].key.s)
			*find(slots, size, lookup->slots[i].key, lookup->slots[i].hash) =
				lookup->slots[i];
	lookup->slots = slots;
	lookup->size = size;
}

uint32_t *lookup_at(struct arena *arena, struct lookup *lookup, struct text key)
{
	uint32_t hash = hash_bytes(HASH_START, key.s, key.n);
	if (lookup->n * 2 >= lookup->size)
		grow(arena, lookup);
	struct lookup_slot *slot = find(lookup->slots, lookup->size, key, hash);
	if (!slot->key.s) {
		*slot = (struct lookup_slot){ .key = key, .hash = hash };
		lookup->n++;
	}
	return &slot->value;
}

uint32_t lookup_get(const struct lookup *lookup, struct text key)
{
	if (lookup->size == 0)
		return 0;
	uint32_t hash = hash_bytes(HASH_START, key.s, key.n);
	return find(lookup->slots, lookup->size, key, hash)->value;
}

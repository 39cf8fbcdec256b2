/* Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), section 4b: from both ends at
 * once, in linear space. */
#include "runtime/lcs.h"

#include "base/arena.h"

/* After so many edits found from either end, the way that got farthest is taken as it is. */
enum { EDITS_MAX = 512 };

struct walk {
	const uint32_t *a, *b;
	bool *a_changed, *b_changed;
	/* By diagonal x - y: how far the ways with the present number of edits have come. */
	int32_t *forward, *backward;
};

/* A part of the plane: a[a0..a1) against b[b0..b1). */
struct box {
	int32_t a0, a1, b0, b1;
};

struct point {
	int32_t x, y;
};

/* The diagonals that are being followed from one corner. */
struct front {
	int32_t low, high;
};

/* Widens the front by one diagonal at either side, or narrows it where it leaves the box. */
static void front_step(struct front *front, int32_t *reach, struct front limit, int32_t unreached)
{
	if (front->low > limit.low)
		reach[--front->low - 1] = unreached;
	else
		front->low++;
	if (front->high < limit.high)
		reach[++front->high + 1] = unreached;
	else
		front->high--;
}

static bool forward_step(const struct walk *walk, const struct box *box, struct front front,
			 struct front other, bool may_meet, struct point *met)
{
	for (int32_t k = front.high; k >= front.low; k -= 2) {
		int32_t below = walk->forward[k - 1], above = walk->forward[k + 1];
		int32_t x = below >= above ? below + 1 : above, y = x - k;
		while (x < box->a1 && y < box->b1 && walk->a[x] == walk->b[y])
			x++, y++;
		walk->forward[k] = x;
		if (may_meet && other.low <= k && k <= other.high && walk->backward[k] <= x) {
			*met = (struct point){ x, y };
			return true;
		}
	}
	return false;
}

static bool backward_step(const struct walk *walk, const struct box *box, struct front front,
			  struct front other, bool may_meet, struct point *met)
{
	for (int32_t k = front.high; k >= front.low; k -= 2) {
		int32_t below = walk->backward[k - 1], above = walk->backward[k + 1];
		int32_t x = below < above ? below : above - 1, y = x - k;
		while (x > box->a0 && y > box->b0 && walk->a[x - 1] == walk->b[y - 1])
			x--, y--;
		walk->backward[k] = x;
		if (may_meet && other.low <= k && k <= other.high && x <= walk->forward[k]) {
			*met = (struct point){ x, y };
			return true;
		}
	}
	return false;
}

/* Of all ways so far the end of the one that leaves least to compare, whichever corner it comes
 * from. */
static struct point farthest(const struct walk *walk, const struct box *box, struct front forward,
			     struct front backward)
{
	struct point first = { box->a0, box->b0 }, last = { box->a1, box->b1 };

	for (int32_t k = forward.low; k <= forward.high; k += 2) {
		int32_t x = walk->forward[k] < box->a1 ? walk->forward[k] : box->a1;
		if (x - k > box->b1)
			x = box->b1 + k;
		if (x + x - k > first.x + first.y)
			first = (struct point){ x, x - k };
	}
	for (int32_t k = backward.low; k <= backward.high; k += 2) {
		int32_t x = walk->backward[k] > box->a0 ? walk->backward[k] : box->a0;
		if (x - k < box->b0)
			x = box->b0 + k;
		if (x + x - k < last.x + last.y)
			last = (struct point){ x, x - k };
	}
	int32_t from_first = first.x + first.y - box->a0 - box->b0;
	int32_t from_last = box->a1 + box->b1 - last.x - last.y;
	return from_first > from_last ? first : last;
}

/* A point that a shortest way through the box crosses. Neither side of the box is empty, and it
 * begins and ends with a difference. */
static struct point middle(const struct walk *walk, const struct box *box)
{
	struct front limit = { box->a0 - box->b1, box->a1 - box->b0 };
	struct front forward = { box->a0 - box->b0, box->a0 - box->b0 };
	struct front backward = { box->a1 - box->b1, box->a1 - box->b1 };
	bool odd = (forward.low - backward.low) & 1;
	struct point met;

	walk->forward[forward.low] = box->a0;
	walk->backward[backward.low] = box->a1;
	for (int edits = 0; edits < EDITS_MAX; edits++) {
		front_step(&forward, walk->forward, limit, -1);
		if (forward_step(walk, box, forward, backward, odd, &met))
			return met;
		front_step(&backward, walk->backward, limit, INT32_MAX);
		if (backward_step(walk, box, backward, forward, !odd, &met))
			return met;
	}
	return farthest(walk, box, forward, backward);
}

static void box_trim(const struct walk *walk, struct box *box)
{
	while (box->a0 < box->a1 && box->b0 < box->b1 && walk->a[box->a0] == walk->b[box->b0])
		box->a0++, box->b0++;
	while (box->a0 < box->a1 && box->b0 < box->b1 &&
	       walk->a[box->a1 - 1] == walk->b[box->b1 - 1])
		box->a1--, box->b1--;
}

/* Calls itself for the smaller half only, so that the depth stays logarithmic. */
static void compare(const struct walk *walk, struct box box)
{
	for (;;) {
		box_trim(walk, &box);
		if (box.a0 == box.a1 || box.b0 == box.b1)
			break;
		struct point at = middle(walk, &box);
		struct box before = { box.a0, at.x, box.b0, at.y };
		struct box after = { at.x, box.a1, at.y, box.b1 };
		bool before_is_smaller =
			at.x - box.a0 + at.y - box.b0 < box.a1 - at.x + box.b1 - at.y;
		compare(walk, before_is_smaller ? before : after);
		box = before_is_smaller ? after : before;
	}
	for (int32_t x = box.a0; x < box.a1; x++)
		walk->a_changed[x] = true;
	for (int32_t y = box.b0; y < box.b1; y++)
		walk->b_changed[y] = true;
}

/* The items of one side that the other has too, and where they stand. */
struct shared {
	uint32_t *items, *at;
	bool *changed;
	uint32_t n;
};

/* An item that only one side has is changed whatever the rest is like; without these the search has
 * far less to do. `other` counts the other side's items by number. */
static struct shared keep_shared(struct arena *arena, const struct sequence *side,
				 const uint32_t *other)
{
	struct shared kept = {
		.items = arena_array(arena, side->n + 1, sizeof(uint32_t)),
		.at = arena_array(arena, side->n + 1, sizeof(uint32_t)),
	};
	for (uint32_t i = 0; i < side->n; i++) {
		if (!other[side->items[i]]) {
			side->changed[i] = true;
			continue;
		}
		kept.items[kept.n] = side->items[i];
		kept.at[kept.n++] = i;
	}
	kept.changed = arena_array(arena, kept.n + 1, sizeof(bool));
	return kept;
}

static uint32_t *count_items(struct arena *arena, const struct sequence *side, uint32_t numbers)
{
	uint32_t *counts = arena_array(arena, numbers, sizeof *counts);
	for (uint32_t i = 0; i < side->n; i++)
		counts[side->items[i]]++;
	return counts;
}

static uint32_t numbers_used(const struct sequence *side)
{
	uint32_t used = 0;
	for (uint32_t i = 0; i < side->n; i++)
		used = side->items[i] >= used ? side->items[i] + 1 : used;
	return used;
}

static void mark_changed(const struct sequence *side, const struct shared *kept)
{
	for (uint32_t i = 0; i < kept->n; i++)
		if (kept->changed[i])
			side->changed[kept->at[i]] = true;
}

void sequences_compare(struct arena *arena, const struct sequence *a, const struct sequence *b)
{
	uint32_t in_a = numbers_used(a), in_b = numbers_used(b);
	uint32_t numbers = in_a > in_b ? in_a : in_b;
	struct shared left = keep_shared(arena, a, count_items(arena, b, numbers + 1));
	struct shared right = keep_shared(arena, b, count_items(arena, a, numbers + 1));

	/* Diagonals run from -right.n to left.n, and one more is read at either end. */
	size_t diagonals = (size_t)left.n + right.n + 3;
	int32_t *reach = arena_array(arena, 2 * diagonals, sizeof *reach);
	struct walk walk = {
		.a = left.items,
		.b = right.items,
		.a_changed = left.changed,
		.b_changed = right.changed,
		.forward = reach + right.n + 1,
		.backward = reach + diagonals + right.n + 1,
	};
	compare(&walk, (struct box){ 0, (int32_t)left.n, 0, (int32_t)right.n });
	mark_changed(a, &left);
	mark_changed(b, &right);
}

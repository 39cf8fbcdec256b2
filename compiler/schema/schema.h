/* Typed structs from blocks, by tables: one row an attribute, which says where its value goes, what
 * it may be, what it is when nobody sets it, and what it is for. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/text.h"
#include "schema/field.h"

struct body;
struct scope;
struct table;

enum row_kind {
	ROW_BOOL,     /* struct field_bool */
	ROW_NUMBER,   /* struct field_number: a whole number */
	ROW_DURATION, /* struct field_number: whole seconds, or a text such as "1h30m" */
	ROW_RATE,     /* struct field_rate */
	ROW_TEXT,     /* struct field_text */
	ROW_TEXTS,    /* struct field_texts: one, or a list */
	ROW_PORTS,    /* struct field_ports: one port or range, or a list */
	ROW_PREFIXES, /* struct field_prefixes: one address or network, or a list */
	ROW_ANY,      /* struct field_any: read by whoever knows what it may be */
	ROW_OBJECT,   /* a struct with a table of its own, written as an object or as a block */
	ROW_BLOCKS,   /* a VEC of structs with a table of their own: blocks that may be repeated */
};

/* One of the texts that an attribute may have. */
struct word {
	const char *name;
	const char *means; /* what is kept instead; NULL: the name itself */
	const char *doc;
};

/* What is wrong with a text. */
struct complaint {
	enum diag_code code;
	const char *message, *help;
};

/* Reads a text in a form of its own: what is to be kept, interned, or NULL with a complaint. */
typedef const char *text_reader(struct scope *scope, struct text text, struct complaint *complaint);

struct row {
	const char *name;
	const char *alias; /* other spellings, with a space between them; NULL: none */
	enum row_kind kind;
	uint32_t offset;
	uint64_t low, high;  /* numbers, seconds, the count of a rate; of blocks the most, 0: any */
	uint32_t per;	     /* seconds that a plain number as a rate stands for */
	const char *value;   /* the default in HCL; NULL: none */
	const char *example; /* a value in HCL */
	const char *doc;     /* one sentence */
	const char *limits;  /* why the range or the list is limited as it is */
	const struct word *words;
	uint32_t words_n;
	text_reader *read;
	const struct table *table; /* of an object or of blocks */
	bool takes_bare;	   /* of an object: a bare value is that of the table's first row */
	bool is_apart;	   /* of an object: the field is a pointer, NULL where nobody wrote it */
	const char *label; /* what the blocks' label is, for messages; NULL: they have none */
	uint32_t labels;   /* how many there are; 0: one */
	uint32_t labels_least; /* how many there must be; 0: all of them */
	bool label_optional;   /* the blocks may come without it */
	bool may_be_off;       /* of blocks: false in their place says that there is none */
	bool may_be_empty;     /* of a list: whoever takes it knows what none means */
};

/* Names in rows of any kind: the first name's place, and how far it is to the next. */
struct name_list {
	const char *const *first;
	size_t stride;
	uint32_t n;
};

/* Attributes that are all alike, named after rows of a catalogue: an array of structs with one
 * table. A bare value is that of the table's first row. */
struct keys {
	const char *noun; /* "helper" */
	struct name_list names;
	const struct table *table;
	uint32_t offset; /* of the array */
	const char *doc;
};

/* A name that is known but means nothing to this program. */
struct stranger {
	const char *name;
	bool is_refused; /* leaving it out would change what the rest means; false is as good as it
			  */
	const char *doc; /* what it is for */
	bool is_silent;	 /* part of a block that is of use otherwise: skipped without a word */
};

struct table {
	const char *noun; /* "conntrack", for messages */
	const struct row *rows;
	uint32_t rows_n;
	size_t size;		 /* of the struct */
	uint32_t at;		 /* offset of its `struct span at` */
	uint32_t label;		 /* offset of the struct field_text for its label, or of several */
	const struct keys *keys; /* or NULL */
	/* BLOCKS: what has any other name, as an attribute or a block, with the name as its label.
	 * A bare value is that of the table's first row. NULL: there is none. */
	const struct row *rest;
	const struct stranger *strangers;
	uint32_t strangers_n;
};

/* The offset of a member; does not compile where the member is of another type. */
/* clang-format off */
#define OFFSET_OF(type, owner, member)                                                             \
	(offsetof(owner, member) +                                                                 \
	 0 * sizeof(char[_Generic(&((owner *)0)->member, type *: 1, default: -1)]))
/* clang-format on */

/* The beginning of a row: its kind, and the member that it fills. */
#define BOOL_ROW(owner, member)                                                                    \
	.kind = ROW_BOOL, .offset = OFFSET_OF(struct field_bool, owner, member)
#define NUMBER_ROW(owner, member)                                                                  \
	.kind = ROW_NUMBER, .offset = OFFSET_OF(struct field_number, owner, member)
#define DURATION_ROW(owner, member)                                                                \
	.kind = ROW_DURATION, .offset = OFFSET_OF(struct field_number, owner, member)
#define RATE_ROW(owner, member)                                                                    \
	.kind = ROW_RATE, .offset = OFFSET_OF(struct field_rate, owner, member)
#define TEXT_ROW(owner, member)                                                                    \
	.kind = ROW_TEXT, .offset = OFFSET_OF(struct field_text, owner, member)
#define TEXTS_ROW(owner, member)                                                                   \
	.kind = ROW_TEXTS, .offset = OFFSET_OF(struct field_texts, owner, member)
#define PORTS_ROW(owner, member)                                                                   \
	.kind = ROW_PORTS, .offset = OFFSET_OF(struct field_ports, owner, member)
#define PREFIXES_ROW(owner, member)                                                                \
	.kind = ROW_PREFIXES, .offset = OFFSET_OF(struct field_prefixes, owner, member)
#define ANY_ROW(owner, member)		.kind = ROW_ANY, .offset = OFFSET_OF(struct field_any, owner, member)
#define OBJECT_ROW(type, owner, member) .kind = ROW_OBJECT, .offset = OFFSET_OF(type, owner, member)
#define OBJECT_APART_ROW(type, owner, member)                                                      \
	.kind = ROW_OBJECT, .is_apart = true, .offset = OFFSET_OF(type *, owner, member)
#define BLOCKS_ROW(type, owner, member)                                                            \
	.kind = ROW_BLOCKS,                                                                        \
	.offset = offsetof(owner, member) + 0 * OFFSET_OF(type *, owner, member.at)

/* The words or rows of an array, with their number. */
#define WORDS(array) .words = (array), .words_n = countof(array)
#define ROWS(array)  .rows = (array), .rows_n = countof(array)

static inline const char *name_at(struct name_list list, uint32_t index)
{
	return *(const char *const *)((const char *)list.first + index * list.stride);
}

/* Fills the struct `out`, zeroed before, with what is in it where nobody sets anything. */
void schema_defaults(struct scope *scope, const struct table *table, void *out);

/* Fills the struct `out`, zeroed before, from a body. Each attribute and each block is looked at
 * once; what is wrong with it becomes a message, and what nobody set gets its default. */
void schema_decode(struct scope *scope, const struct table *table, const struct body *body,
		   void *out);

/* Functions: what one is, how it is called, and how its arguments are checked. */
#pragma once
#include "base/diag.h"
#include "value/value.h"

struct expr_call;
struct call;

/* What a parameter takes. Arguments are converted to it before the function runs. */
enum parameter_kind {
	PARAMETER_ANY,
	PARAMETER_STRING,
	PARAMETER_NUMBER,
	PARAMETER_INTEGER, /* of 64 bits */
	PARAMETER_BOOL,
	PARAMETER_LIST,	   /* a list, a set or a tuple, as it is */
	PARAMETER_UNIFORM, /* the same, its elements converted to one type */
	PARAMETER_STRINGS, /* a list of strings; null stays null */
	PARAMETER_NUMBERS,
	PARAMETER_BOOLS,
	PARAMETER_OBJECT,     /* an object or a map, as it is */
	PARAMETER_COLLECTION, /* whatever has elements or members */
};

struct parameter {
	const char *name;
	enum parameter_kind kind;
	bool takes_null;
};

enum { PARAMETERS_MAX = 4 };

/* One function. What the manual says about it is here. */
struct function {
	const char *name;
	struct value (*run)(struct call *call);
	struct parameter parameters[PARAMETERS_MAX]; /* the first without a name ends them */
	uint8_t optional;			     /* how many of the last may be left out */
	bool repeats;				     /* the last one any number of times */
	bool is_lazy;				     /* the function evaluates its arguments */
	const char *doc;			     /* one sentence */
	const char *example, *result; /* HCL, and what it evaluates to; NULL: needs more */
};

/* Functions that belong together, sorted by name. */
struct function_family {
	const char *title;
	const struct function *rows;
	size_t n;
};

struct functions {
	const struct function_family *const *families;
	size_t n;
	const struct refused_function *refused;
	size_t refused_n;
};

/* A function of other programs that is left out on purpose. */
struct refused_function {
	const char *name, *reason, *help;
};

/* One call. The arguments stand there evaluated and converted, none of them poisoned. */
struct call {
	struct scope *scope;
	const struct function *function;
	const struct expr_call *expr;
	struct span at;		 /* the whole call */
	struct value *arguments; /* NULL for a lazy function */
	uint32_t n;
};

/* NULL where there is none of this name. */
const struct function *function_find(const struct functions *functions, struct text name);

/* "cidrsubnet(prefix, newbits, netnum)" */
const char *function_signature(struct arena *arena, const struct function *function);

/* The value of a call, or poison with a message. */
struct value call_evaluate(struct scope *scope, const struct expr_call *expr);

/* Results. */
struct value call_poison(const struct call *call);
struct value call_bool(const struct call *call, bool truth);
struct value call_integer(const struct call *call, int64_t integer);
struct value call_string(const struct call *call, struct text text);
struct value call_list(const struct call *call, struct value *items, uint32_t n);

/* The place of an argument in the source; behind the last one, of the last one. */
struct span argument_span(const struct call *call, uint32_t index);

/* Says what is wrong with an argument; the result is poison. */
struct value argument_refuse(const struct call *call, uint32_t index, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same for what is the fault of no single argument. */
struct value call_refuse(const struct call *call, enum diag_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* False, with a message, where a call would make more than it may. */
bool call_may_make(const struct call *call, uint64_t values);
bool call_may_write(const struct call *call, uint64_t bytes);

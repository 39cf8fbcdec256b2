#include "runtime/inputs.h"

#include <stddef.h>
#include <stdlib.h>

#include "flywall/flywall.h"

bool inputs_open(struct inputs *inputs, int words)
{
	*inputs = (struct inputs){ 0 };
	inputs->definitions = calloc((size_t)words + 1, sizeof *inputs->definitions);
	return inputs->definitions != NULL;
}

void inputs_close(struct inputs *inputs)
{
	free(inputs->definitions);
}

static void define(struct inputs *inputs, const char *definition)
{
	size_t n = 0;
	while (inputs->definitions[n])
		n++;
	inputs->definitions[n] = definition;
}

bool inputs_take(struct inputs *inputs, int option, const char *value)
{
	switch (option) {
	case INPUT_DEFINE:
		define(inputs, value);
		return true;
	case INPUT_STRICT:
		inputs->is_strict = true;
		return true;
	case INPUT_ENVIRONMENT:
		inputs->allows_env = true;
		return true;
	default:
		return false;
	}
}

bool inputs_are_given(const struct inputs *inputs)
{
	return inputs->definitions[0] || inputs->is_strict || inputs->allows_env;
}

void inputs_add(const struct inputs *inputs, char *const paths[], struct flywall *flywall)
{
	flywall_set_strict(flywall, inputs->is_strict);
	flywall_allow_environment(flywall, inputs->allows_env);
	for (size_t i = 0; paths[i]; i++)
		flywall_add(flywall, paths[i]);
	for (size_t i = 0; inputs->definitions[i]; i++)
		flywall_define(flywall, inputs->definitions[i]);
}

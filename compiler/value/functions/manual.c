#include "value/functions/library.h"

static void put_function(struct arena *arena, const struct function *function, FILE *out)
{
	fprintf(out, "- **`%s`**: %s Example: `%s`", function_signature(arena, function),
		function->doc, function->example);
	if (function->result)
		fprintf(out, " is `%s`", function->result);
	fputs("\n", out);
}

void functions_manual(struct arena *arena, FILE *out)
{
	fputs("\n## Functions\n\n"
	      "They have the names that they have in Terraform. Those that give another result at "
	      "each\n"
	      "time or machine are left out, so that the same files always make the same ruleset.\n"
	      "Behind an argument, `...` stands for any number of such arguments.\n",
	      out);
	for (size_t i = 0; i < function_library.n; i++) {
		const struct function_family *family = function_library.families[i];
		fprintf(out, "\n### %s\n\n", family->title);
		for (size_t k = 0; k < family->n; k++)
			put_function(arena, &family->rows[k], out);
	}
	fputs("\nLeft out on purpose:\n\n", out);
	for (size_t i = 0; i < function_library.refused_n; i++)
		fprintf(out, "- **`%s`**: %s; %s.\n", function_library.refused[i].name,
			function_library.refused[i].reason, function_library.refused[i].help);
}

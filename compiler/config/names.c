#include "config/names.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "schema/fault.h"
#include "schema/schema.h"
#include "value/value.h"

static bool is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool consists_of(struct text text, const char *others)
{
	for (size_t i = 0; i < text.n; i++)
		if (!is_alphanumeric(text.s[i]) && (!text.s[i] || !strchr(others, text.s[i])))
			return false;
	return true;
}

static const char *refuse_interface(struct complaint *complaint, const char *message,
				    const char *help)
{
	complaint->code = D_INTERFACE_NAME;
	complaint->message = message;
	complaint->help = help;
	return NULL;
}

const char *interface_read(struct scope *scope, struct text text, struct complaint *complaint)
{
	const char *shown = fault_quote(scope->arena, text);
	char last = text.n > 0 ? text.s[text.n - 1] : '\0';
	bool is_wildcard = last == '+' || last == '*';
	struct text stem = { text.s, text.n - is_wildcard };
	if (text.n == 0)
		return refuse_interface(complaint, "the name of an interface is missing", NULL);
	if (stem.n == 0)
		return refuse_interface(
			complaint, arena_printf(scope->arena, "%s alone is no interface", shown),
			"give the beginning that the names have in common, as in \"wg*\"");
	if (memchr(text.s, ',', text.n))
		return refuse_interface(
			complaint, arena_printf(scope->arena, "%s is not one interface", shown),
			"several stand in a list: [\"eth0\", \"eth1\"]");
	if (text.n > INTERFACE_MAX)
		return refuse_interface(
			complaint, arena_printf(scope->arena, "%s has %zu bytes", shown, text.n),
			"the name of an interface has 15 at most");
	if (!consists_of(stem, "_.@=-") || text_is(stem, ".") || text_is(stem, ".."))
		return refuse_interface(
			complaint,
			arena_printf(scope->arena, "%s is no name of an interface", shown),
			"a name has letters, digits and _ . @ = -; at its end + or * stands for "
			"any continuation");
	if (!is_wildcard)
		return name_intern(scope->names, text);
	return name_intern(scope->names,
			   text_of(arena_printf(scope->arena, "%.*s*", (int)stem.n, stem.s)));
}

enum { MAC_LENGTH = 17 };

const char *mac_read(struct scope *scope, struct text text, struct complaint *complaint)
{
	char mac[MAC_LENGTH];
	bool is_mac = text.n == MAC_LENGTH;
	for (size_t i = 0; is_mac && i < MAC_LENGTH; i++) {
		char c = text.s[i];
		if (i % 3 == 2)
			is_mac = c == text.s[2] && (c == ':' || c == '-');
		else
			is_mac = c && strchr("0123456789abcdefABCDEF", c);
		mac[i] = i % 3 == 2 ? ':' : (char)(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
	}
	if (is_mac)
		return name_intern(scope->names, (struct text){ mac, MAC_LENGTH });
	complaint->code = D_BAD_MAC;
	complaint->message = arena_printf(scope->arena, "%s is not a MAC address",
					  fault_quote(scope->arena, text));
	complaint->help = "for example: mac = \"02:00:5e:10:00:01\"";
	return NULL;
}

const char *version_read(struct scope *scope, struct text text, struct complaint *complaint)
{
	if (text.n == 0 || text_is(text, "1.0") || text_is(text, "1.1"))
		return name_intern(scope->names, text);
	complaint->code = D_VERSION;
	complaint->message = arena_printf(scope->arena, "the language has no version %s",
					  fault_quote(scope->arena, text));
	complaint->help = "the versions are \"1.0\" and \"1.1\"";
	return NULL;
}

/* Words that stand for this machine and for all zones. */
static const char *const reserved[] = { "all", "any", "firewall", "flywall", "router", "self" };

static const char *find_reserved(const char *name)
{
	for (size_t i = 0; i < countof(reserved); i++)
		if (strcasecmp(reserved[i], name) == 0)
			return reserved[i];
	return NULL;
}

bool zone_name_is_self(const char *name)
{
	const char *word = find_reserved(name);
	return word && word[0] != 'a';
}

void zone_name_check(struct scope *scope, const struct field_text *name)
{
	struct text text = text_of(name->value);
	const char *shown = fault_quote(scope->arena, text);
	if (text.n == 0 || text.n > ZONE_NAME_MAX || !consists_of(text, "_-.")) {
		struct diag *d = diag_error(scope->diags, D_ZONE_NAME, name->at);
		if (text.n > ZONE_NAME_MAX)
			diag_say(d, "%s has %zu bytes", shown, text.n);
		else
			diag_say(d, "%s is no name for a zone", shown);
		diag_help(d, "use up to %d letters, digits, \"_\", \"-\" and \".\"", ZONE_NAME_MAX);
		return;
	}
	const char *word = find_reserved(name->value);
	if (!word)
		return;
	struct diag *d = diag_error(scope->diags, D_ZONE_RESERVED, name->at);
	diag_say(d, "no zone can be named %s", shown);
	diag_note(d, NOWHERE, "%s stands for %s", word,
		  zone_name_is_self(word) ? "this machine" : "every zone");
}

bool shown_name_check(struct scope *scope, const struct field_text *name, const char *what)
{
	struct text text = text_of(name->value);
	bool is_name = text.n > 0 && text.n <= SHOWN_NAME_MAX;
	for (size_t i = 0; i < text.n; i++)
		is_name &= text.s[i] >= ' ' && text.s[i] <= '~' && !strchr("\"\\", text.s[i]);
	if (is_name)
		return true;
	struct diag *d = diag_error(scope->diags, D_SHOWN_NAME, name->at);
	if (text.n > SHOWN_NAME_MAX)
		diag_say(d, "%s has %zu bytes", fault_quote(scope->arena, text), text.n);
	else
		diag_say(d, "%s is no name for a %s", fault_quote(scope->arena, text), what);
	diag_help(d, "use up to %d printable ASCII characters without \" and \\", SHOWN_NAME_MAX);
	return false;
}

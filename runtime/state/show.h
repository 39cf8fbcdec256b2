/* A list of connections in the form that was asked for: columns, JSON, YAML, or JSON lines. */
#pragma once
#include "runtime/state/command.h"
#include "runtime/state/connection.h"

struct show;

enum show_form { SHOW_LIST, SHOW_WIDE, SHOW_STREAM };

/* What show_entry reads of a connection. */
uint32_t show_fields(const struct session *session, enum show_form form);

/* `key` names the list in the object that holds it ("connections"). */
struct show *show_new(struct session *session, enum show_form form, const char *key);
void show_entry(struct show *show, const struct connection *connection);

/* Ends the output and gives it back; says where numbers of zones could not be named. */
void show_close(struct show *show);

/* Files beside the configuration: nothing outside of its own folder can be reached. */
#pragma once
#include "value/functions.h"

/* The folder of the file that the call stands in; -1 with a message. The caller closes it. */
int folder_open(const struct call *call);

/* Opens a path beneath `folder`, with these flags. No link leads out of it. -errno on failure. */
int folder_open_file(int folder, const char *path, int flags);

/* The name of that folder as messages show it, with the path behind it. */
const char *folder_path(const struct call *call, const char *path);

/* Reads a whole file of UTF-8 text; false with a message at the argument. */
bool folder_read(const struct call *call, uint32_t index, struct text *out);

/* Says why a file cannot be read. */
struct value file_refuse(const struct call *call, uint32_t index, const char *why,
			 const char *help);

// The demonstration models of Models/, embedded whole: GGUF files as constant bytes of the executable.
#ifndef CDEMONSTRATIONMODELS_H
#define CDEMONSTRATIONMODELS_H

#include <stddef.h>
#include <stdint.h>

/// One embedded GGUF file.
struct conifer_demonstration_model {
    /// What the catalog calls it, NUL-terminated: `general.basename` and `general.size_label` of the file, in lower case.
    const char *name;
    /// The file, aligned to 64 bytes, never freed.
    const uint8_t *bytes;
    /// The file's length in bytes.
    size_t length;
};

/// The embedded models, in the order in which they are listed. `count` receives how many there are.
const struct conifer_demonstration_model *conifer_demonstration_models(size_t *count);

#endif

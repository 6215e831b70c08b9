#include "CDemonstrationModels.h"

// Aligned to a cache line, which is also a multiple of GGUF's alignment: tensors are used where they lie.
alignas(64) static const uint8_t larch[] = {
#embed "../../Models/larch.gguf"
};

alignas(64) static const uint8_t juniper[] = {
#embed "../../Models/juniper.gguf"
};

static const struct conifer_demonstration_model models[] = {
    {"larch-3m", larch, sizeof larch},
    {"juniper-3m", juniper, sizeof juniper},
};

const struct conifer_demonstration_model *conifer_demonstration_models(size_t *count) {
    *count = sizeof models / sizeof models[0];
    return models;
}

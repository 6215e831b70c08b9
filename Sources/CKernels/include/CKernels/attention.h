// Attention over blocks of the KV cache.
#ifndef CKERNELS_ATTENTION_H
#define CKERNELS_ATTENTION_H
#include "CKernels/level.h"
#endif

// Kernels over single vectors: normalisation, rotary positions, activations, softmax, argmax.
#ifndef CKERNELS_VECTOR_H
#define CKERNELS_VECTOR_H
#include "CKernels/level.h"
#endif

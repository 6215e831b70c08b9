// Compute kernels in C23: one table of functions per family and per CPU level, chosen once at start.
#ifndef CKERNELS_H
#define CKERNELS_H
#include "CKernels/level.h"
#include "CKernels/spin.h"
#include "CKernels/quants.h"
#include "CKernels/read.h"
#include "CKernels/matmul.h"
#include "CKernels/vector.h"
#include "CKernels/attention.h"
#include "CKernels/sampling.h"
#endif

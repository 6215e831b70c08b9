// One or two activation rows: generic/rows.h.
#ifndef CK_AVX512_ROWS_H
#define CK_AVX512_ROWS_H
#include <immintrin.h>
#include <string.h>
#include "../inline.h"
#include "../prefetch.h"
#include "CKernels/matmul.h"
#include "lanes.h"

CK_TARGET_AVX512_BEGIN

enum { ADDS_BESIDE = true };  // the row kernels leave the processor time for it
#include "../generic/rows.h"

CK_TARGET_END

#endif

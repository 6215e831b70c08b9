// Reading memory and doing nothing else: what decoding is measured against.
#ifndef CKERNELS_READ_H
#define CKERNELS_READ_H
#include <stddef.h>
#include <stdint.h>

// The exclusive or of all 64-bit words of `bytes` (a rest of less than 128 bytes is left out), so that no compiler can
// leave a read out.
uint64_t ck_read(const void *bytes, size_t count);

#endif

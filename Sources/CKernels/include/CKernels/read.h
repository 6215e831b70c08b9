// Reading memory and doing nothing else.
#ifndef CKERNELS_READ_H
#define CKERNELS_READ_H
#include <stddef.h>
#include <stdint.h>

// The exclusive or of all 64-bit words of `bytes` (a rest of less than 128 bytes is left out), so that no compiler can
// leave a read out.
//
// What decoding is measured against.
uint64_t ck_read(const void *bytes, size_t count);

// Asks for `count` bytes into the second-level cache without waiting for them. Any address will do: asking never faults.
static inline void ck_read_ahead(uintptr_t address, size_t count) {
    for (size_t at = 0; at < count; at += 64) __builtin_prefetch((const void *)(address + at), 0, 2);
}

#endif

// What the processor can do at most, for one thread: loops of nothing but the operation.
#ifndef CROOFS_H
#define CROOFS_H
#include <stdbool.h>
#include <stdint.h>

// Multiply-adds of 8-bit numbers by dot products of four (VNNI), 0 where there are none.
uint64_t roof_int8_macs(uint64_t rounds);

// Multiply-adds of 32-bit floats by fused multiply-adds, AVX-512 or AVX2; 0 on other processors.
uint64_t roof_float_macs(uint64_t rounds);

#endif

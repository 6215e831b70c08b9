// The packed 6-bit scales and minima of Q4_K and Q5_K.
#ifndef CK_SCALES_H
#define CK_SCALES_H
#include <stdint.h>

// Bytes 0–3: scales 0–3 (low six bits) and the top two bits of scales 4–7; bytes 4–7 the same for minima;
// bytes 8–11: low four bits of scales 4–7 (low half) and of minima 4–7 (high half).
static inline void ck_unpack_scales(const uint8_t packed[12], uint8_t scales[8], uint8_t minima[8]) {
    for (int j = 0; j < 4; j++) {
        scales[j] = packed[j] & 63;
        minima[j] = packed[j + 4] & 63;
        scales[j + 4] = (uint8_t)((packed[j + 8] & 15) | (packed[j] >> 6) << 4);
        minima[j + 4] = (uint8_t)((packed[j + 8] >> 4) | (packed[j + 4] >> 6) << 4);
    }
}

#endif

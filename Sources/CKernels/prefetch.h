// Asking for weights before they are needed.
//
// Panels ask for later panels' bytes while they compute, a few lines at a time, into the second-level cache: rows lie one
// after the other, and the hardware does not follow many short streams. The distance covers the memory's latency many
// times over; nearer, or into the first level, half of the bandwidth is lost.
#ifndef CK_PREFETCH_H
#define CK_PREFETCH_H
#include "CKernels/matmul.h"
#include "inline.h"

enum {
    CK_PREFETCH_BYTES = 24 * 1024,           // ahead of panels
    CK_PREFETCH_ROW_BYTES = 6 * 1024 + 512,  // ahead of rows, one after the other; 4 KiB cost a tenth, 8 KiB 4 %
};

CK_INLINE void ck_prefetch_line(uintptr_t address) {
    __builtin_prefetch((const void *)address, 0, 2);  // to be read, second level
}

// Asks for all lines of some bytes. Any address will do: asking never faults.
CK_INLINE void ck_prefetch_bytes(const void *start, size_t bytes) {
    for (size_t at = 0; at < bytes; at += 64) ck_prefetch_line((uintptr_t)start + at);
}

// Asks for the beginning of a range of rows that are read one after the other, `most` bytes of it: the distance to what
// is asked for afterwards.
CK_INLINE void ck_prefetch_rows_start(const ck_product *p, size_t first, size_t end, size_t most) {
    size_t bytes = (end - first) * p->row_bytes;
    ck_prefetch_bytes(p->weights + first * p->row_bytes, bytes < most ? bytes : most);
}

// Where a range of rows ends, and where the thread reads on (0: nobody knows): what lies behind the range is another
// thread's. Ranges that began without having been asked for cost up to a third of the speed.
typedef struct {
    uintptr_t end, then;
} ck_stream;

CK_INLINE ck_stream ck_stream_to(const ck_product *p, size_t end) {
    return (ck_stream){(uintptr_t)p->weights + end * p->row_bytes, (uintptr_t)p->then};
}

// What is read when an address has been reached, which may lie past the end; 0: nobody knows.
CK_INLINE uintptr_t ck_stream_at(const ck_stream *s, uintptr_t address) {
    return address < s->end ? address : s->then ? s->then + (address - s->end) : 0;
}

// How many weight rows ahead that is, for panels of `rows`.
CK_INLINE size_t ck_prefetch_rows(const ck_product *p, size_t rows) {
    size_t panels = CK_PREFETCH_BYTES / (rows * p->row_bytes);
    return rows * (panels < 1 ? 1 : panels > 4 ? 4 : panels);
}

// Asks for the first panels of a range of rows.
CK_INLINE void ck_prefetch_start(const ck_product *p, size_t first, size_t end, size_t panel_rows) {
    size_t rows = ck_prefetch_rows(p, panel_rows);
    size_t bytes = (end - first < rows ? end - first : rows) * p->row_bytes;
    ck_prefetch_bytes(p->weights + first * p->row_bytes, bytes);
}

// The address to ask for while the panel at `first` is computed: its own, which is there, where nobody knows.
CK_INLINE uintptr_t ck_prefetch_next(const ck_product *p, size_t first, size_t panel_rows, const ck_stream *s) {
    const uintptr_t own = (uintptr_t)p->weights + first * p->row_bytes;
    const uintptr_t next = ck_stream_at(s, own + ck_prefetch_rows(p, panel_rows) * p->row_bytes);
    return next ? next : own;
}

// Asks for lines `part` · `bytes` / `parts` … of `bytes`, all of them in `parts` calls.
CK_INLINE void ck_prefetch(uintptr_t address, int bytes, int part, int parts) {
    int lines = (bytes + 63) / 64;
    CK_UNROLL for (int line = lines * part / parts; line < lines * (part + 1) / parts; line++)
        ck_prefetch_line(address + 64 * (uintptr_t)line);
}

#endif

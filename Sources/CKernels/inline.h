// Words for code whose shape is a constant: inlined everywhere, loops unrolled so that arrays become registers.
#ifndef CK_INLINE_H
#define CK_INLINE_H

#define CK_INLINE static inline __attribute__((always_inline, unused))
#define CK_UNROLL _Pragma("clang loop unroll(full)")
#define CK_ROLLED _Pragma("clang loop unroll(disable)")

#endif

// Mapped files that may be cut short by another process while they are mapped. Reading a page that the file no longer
// has raises SIGBUS, which would end the process; here such pages become zeros, and the mapping is known as damaged.
#ifndef CMAPPEDFILES_H
#define CMAPPEDFILES_H

#include <stdbool.h>
#include <stddef.h>

/// A guarded mapping: a place in a fixed table.
typedef struct conifer_mapped_file conifer_mapped_file;

/// Guards a read-only mapping of `length` bytes that begins at `address`, a page's first byte. The first call installs the
/// process's handler of SIGBUS. NULL where the table is full: that mapping is as good as any other, but without a guard.
conifer_mapped_file *conifer_guard_mapped_file(const void *address, size_t length);

/// Ends the guard. Call it before the mapping is removed, and when nothing reads from it any more; NULL does nothing.
void conifer_unguard_mapped_file(conifer_mapped_file *file);

/// Whether the file has lost pages: what was read from the mapping may be zeros. Reads the last byte to find out, so that
/// damage is seen before anyone stumbles over it. False for NULL.
bool conifer_mapped_file_is_damaged(const conifer_mapped_file *file);

#endif

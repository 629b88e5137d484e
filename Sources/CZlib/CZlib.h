// The system's zlib, and the two macros of it that Swift cannot import, fixed to the format of gzip (RFC 1952).

#ifndef CZLIB_H
#define CZLIB_H

#include <zlib.h>

/// Prepares `stream` to write gzip at `level`, 1 to 9, with a window of 32 KiB: about 256 KiB of memory.
static inline int cz_begin_deflate(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

/// Prepares `stream` to read gzip, and nothing else: zlib's own format is not guessed.
static inline int cz_begin_inflate(z_stream *stream) { return inflateInit2(stream, 15 + 16); }

#endif

// The files that are part of the binary, so that a container or a copied executable needs nothing beside it.
#ifndef CASSETS_H
#define CASSETS_H

#include <stddef.h>

/// One embedded file: `count` bytes that live as long as the process, not ended by a zero.
typedef struct {
  const unsigned char *bytes;
  size_t count;
} ca_asset;

/// `openapi.yaml` of the project's top level.
ca_asset ca_openapi_yaml(void);

/// `openapi.json` of the project's top level: the same document.
ca_asset ca_openapi_json(void);

#endif

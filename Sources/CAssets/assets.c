// Embeds the project's top-level documents with C23's #embed (WG14 N3017).
#include "CAssets.h"

// The package is compiled as an older C, in which clang has #embed as an extension.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char openapi_yaml[] = {
#embed "../../openapi.yaml"
};

static const unsigned char openapi_json[] = {
#embed "../../openapi.json"
};

ca_asset ca_openapi_yaml(void) { return (ca_asset){openapi_yaml, sizeof openapi_yaml}; }

ca_asset ca_openapi_json(void) { return (ca_asset){openapi_json, sizeof openapi_json}; }

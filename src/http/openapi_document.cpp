#include "http/openapi_document.h"

extern "C" {
extern const char answerable_openapi_begin[];
extern const char answerable_openapi_end[];
}

namespace answerable::http {

std::string_view openapi_document() {
  return {answerable_openapi_begin, static_cast<std::size_t>(answerable_openapi_end - answerable_openapi_begin)};
}

}  // namespace answerable::http

// src/http/openapi.json (OpenAPI 3.1) as it was when this program was built.
#pragma once

#include <string_view>

namespace answerable::http {

std::string_view openapi_document();

}  // namespace answerable::http

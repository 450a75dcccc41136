// Puts a message back that was taken down, and tells whoever shows it: an act of complaint_resource.cpp, also of an
// appeal that is granted.
#pragma once

#include "http/route.h"

namespace answerable::http {

// Errors: those of conversations::find_held_original() and put_back().
Status put_back(Call& call, WorkspaceId workspace, MessageId message);

}  // namespace answerable::http

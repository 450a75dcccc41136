// For making a key, which has the ledger entry: as register_application() (application.h), without one of its own.
#pragma once

#include "access/application.h"

namespace answerable::access {

Result<Application> make_application(store::Transaction& tx, const Actor& by, const NewApplication& given,
                                     bool is_approved);

}  // namespace answerable::access

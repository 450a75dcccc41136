// Writing for what comes in masses and nobody sits before, as mail does.
#pragma once

#include "store/database.h"

namespace answerable::store {

// As Database::submit(). What is submitted otherwise goes before these jobs; each commit takes some of them, so that
// they never wait for ever, and a bounded number, so that they keep nobody for long (group_writer.h has both).
void submit_bulk(Database& database, Database::Job job, Database::Done done);

}  // namespace answerable::store

#include "access/ended.h"

#include "access/record.h"

namespace answerable::access {

Status note_ended(store::Transaction& tx) {
  return run(tx,
             "insert into ended_credentials (only_row, number) values (1, 1) "
             "on conflict (only_row) do update set number = ended_credentials.number + 1",
             {});
}

Result<std::int64_t> ended_so_far(store::Session& session) {
  return session.number("select number from ended_credentials where only_row = 1", {});
}

}  // namespace answerable::access

// The SQL of channels, for the actions of this folder.
#pragma once

#include "intake/channel.h"

namespace answerable::intake {

Status insert_channel_row(store::Transaction& tx, const Channel& channel);
Status update_channel_row(store::Transaction& tx, const Channel& channel);
// Replaces the addresses. Errors: conflict "address_taken".
Status write_channel_addresses(store::Transaction& tx, const Channel& channel);
Result<std::int64_t> count_channels_in_use(store::Session& session, WorkspaceId workspace);  // all but the disabled

}  // namespace answerable::intake

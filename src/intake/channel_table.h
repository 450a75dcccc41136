// The SQL of channels, for the actions of this folder.
#pragma once

#include "intake/channel.h"

namespace answerable::intake {

Status insert_channel_row(store::Transaction& tx, const Channel& channel);
Status update_channel_row(store::Transaction& tx, const Channel& channel);
// Replaces the addresses. Errors: conflict "address_taken".
Status write_channel_addresses(store::Transaction& tx, const Channel& channel);

}  // namespace answerable::intake

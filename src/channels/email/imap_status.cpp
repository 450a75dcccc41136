#include "channels/email/imap_status.h"

#include <limits>
#include <memory>

namespace answerable::channels {

namespace {

using Wanted = std::unique_ptr<mailimap_status_att_list, decltype(&mailimap_status_att_list_free)>;
using Answer = std::unique_ptr<mailimap_mailbox_data_status, decltype(&mailimap_mailbox_data_status_free)>;

std::int64_t modseq_of(const mailimap_extension_data& data) {
  if (data.ext_extension == nullptr || data.ext_extension->ext_id != MAILIMAP_EXTENSION_CONDSTORE ||
      data.ext_type != MAILIMAP_CONDSTORE_TYPE_STATUS_INFO || data.ext_data == nullptr)
    return 0;
  const auto value = static_cast<const mailimap_condstore_status_info*>(data.ext_data)->cs_highestmodseq_value;
  // RFC 7162 section 7: 63 bits.
  return value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
             ? static_cast<std::int64_t>(value)
             : 0;
}

void read(const mailimap_status_info& info, FolderState& state) {
  if (info.st_att == MAILIMAP_STATUS_ATT_MESSAGES) state.exists = info.st_value;
  if (info.st_att == MAILIMAP_STATUS_ATT_UIDNEXT) state.next_uid = info.st_value;
  if (info.st_att == MAILIMAP_STATUS_ATT_UIDVALIDITY) state.validity = info.st_value;
  if (info.st_ext_data != nullptr) state.modseq = modseq_of(*info.st_ext_data);
}

}  // namespace

Result<std::optional<FolderState>> ask_folder_state(mailimap* imap, const std::string& folder) {
  const Wanted wanted(mailimap_status_att_list_new_empty(), mailimap_status_att_list_free);
  for (const int one : {MAILIMAP_STATUS_ATT_MESSAGES, MAILIMAP_STATUS_ATT_UIDNEXT, MAILIMAP_STATUS_ATT_UIDVALIDITY})
    mailimap_status_att_list_add(wanted.get(), one);
  if (mailimap_has_condstore(imap) != 0) mailimap_status_att_list_add(wanted.get(), MAILIMAP_STATUS_ATT_HIGHESTMODSEQ);
  mailimap_mailbox_data_status* found = nullptr;
  const auto result = mailimap_status(imap, folder.c_str(), wanted.get(), &found);
  const Answer answer(found, mailimap_mailbox_data_status_free);
  const bool is_good = result >= MAILIMAP_NO_ERROR && result <= MAILIMAP_NO_ERROR_NON_AUTHENTICATED;
  if (result == MAILIMAP_ERROR_STATUS || (is_good && !answer)) return std::nullopt;
  if (!is_good) return fail(ErrorKind::unavailable, "imap_protocol", "The folder cannot be counted");
  FolderState state;
  for (auto* cell = clist_begin(answer->st_info_list); cell != nullptr; cell = clist_next(cell))
    read(*static_cast<const mailimap_status_info*>(clist_content(cell)), state);
  return state;
}

}  // namespace answerable::channels

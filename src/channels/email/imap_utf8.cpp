#include "channels/email/imap_utf8.h"

#include <strings.h>

#include <cstring>
#include <memory>

namespace answerable::channels {

namespace {

struct FreeCapabilities {
  void operator()(mailimap_capability_data* data) const { mailimap_capability_data_free(data); }
};
using Capabilities = std::unique_ptr<mailimap_capability_data, FreeCapabilities>;

constexpr auto wanted = "UTF8=ACCEPT";

bool holds_wanted(const mailimap_capability_data& data) {
  for (auto* cell = clist_begin(data.cap_list); cell != nullptr; cell = clist_next(cell)) {
    const auto* one = static_cast<const struct mailimap_capability*>(clist_content(cell));
    if (one->cap_type == MAILIMAP_CAPABILITY_NAME && strcasecmp(one->cap_data.cap_name, wanted) == 0) return true;
  }
  return false;
}

}  // namespace

bool accept_utf8(mailimap* imap) {
  const bool is_offered = mailimap_has_extension(imap, wanted) != 0 || mailimap_has_extension(imap, "UTF8=ONLY") != 0;
  if (!is_offered || mailimap_has_enable(imap) == 0) return false;
  auto* names = clist_new();
  clist_append(names, mailimap_capability_new(MAILIMAP_CAPABILITY_NAME, nullptr, strdup(wanted)));
  const Capabilities asked(mailimap_capability_data_new(names));
  mailimap_capability_data* granted = nullptr;
  const auto result = mailimap_enable(imap, asked.get(), &granted);
  const Capabilities answer(granted);
  return result == MAILIMAP_NO_ERROR && answer && holds_wanted(*answer);
}

}  // namespace answerable::channels

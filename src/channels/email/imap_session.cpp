#include "channels/email/imap_session.h"

#include <libetpan/libetpan.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <mutex>
#include <optional>

#include "base/utf8.h"
#include "channels/email/certificate_check.h"
#include "channels/email/folder_name.h"
#include "channels/email/guarded_stream.h"
#include "channels/email/imap_sign_in.h"
#include "channels/email/imap_status.h"
#include "channels/email/imap_utf8.h"

namespace answerable::channels {

struct ImapSession::State {
  mailimap* imap = mailimap_new(0, nullptr);
  int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), nudged = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  std::mutex mutex;
  int socket = -1;  // while it is open
  std::uint32_t exists_at_search = 0, validity = 0;
  bool takes_utf8 = false;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    {
      std::lock_guard lock(mutex);
      socket = -1;
    }
    mailimap_free(imap);
    close(wake);
    close(nudged);
  }
  std::string wire_name(const std::string& folder) const {
    return takes_utf8 ? to_utf8_folder(folder) : to_server_folder(folder);
  }
  void learn_socket() {
    std::lock_guard lock(mutex);
    socket = imap->imap_stream == nullptr ? -1 : mailstream_low_get_fd(mailstream_get_low(imap->imap_stream));
  }
};

namespace {

bool is_good(int result) { return result >= MAILIMAP_NO_ERROR && result <= MAILIMAP_NO_ERROR_NON_AUTHENTICATED; }

std::unexpected<Error> failed(const mailimap* imap, std::string_view what) {
  std::string detail(what);
  if (auto complaint = complaint_of(imap->imap_stream); !complaint.empty())
    detail += ": " + complaint;
  else if (imap->imap_response != nullptr && *imap->imap_response != '\0')
    detail += ": " + one_line(imap->imap_response, 200);
  return fail(ErrorKind::unavailable, "imap_protocol", detail);
}

std::unexpected<Error> act_refused(const mailimap* imap, std::string_view what) {
  return fail(ErrorKind::unavailable, "imap_act_refused", failed(imap, what).error().detail);
}

void set_server_name(mailstream_ssl_context* context, void* host) {
  mailstream_ssl_set_server_name(context, static_cast<char*>(host));
}

Status check_chain(mailimap* imap, const std::string& host, const std::string& ca_file) {
  auto* chain = mailstream_get_certificate_chain(imap->imap_stream);
  std::vector<std::string> certificates;
  for (unsigned i = 0; chain != nullptr && i < carray_count(chain); ++i) {
    auto* der = static_cast<MMAPString*>(carray_get(chain, i));
    certificates.emplace_back(der->str, der->len);
  }
  if (chain != nullptr) mailstream_certificate_chain_free(chain);
  return check_certificate(certificates, host, ca_file);
}

mailstream* open_on(int socket, const MailServer& server, std::string& host, std::int64_t timeout_ms) {
  const auto timeout_s = static_cast<time_t>(std::max<std::int64_t>(1, timeout_ms / 1'000));
  return server.security == MailSecurity::tls
             ? mailstream_ssl_open_with_callback_timeout(socket, timeout_s, set_server_name, host.data())
             : mailstream_socket_open_timeout(socket, timeout_s);
}

Status open_stream(mailimap* imap, const MailServer& server, const ImapSessionOptions& options) {
  TRY(const int socket, connect_within(server.host, server.port, options.reach, options.timeout_ms));
  auto host = server.host;
  auto* stream = open_on(socket, server, host, options.timeout_ms);
  if (stream == nullptr) {
    close(socket);
    return fail(ErrorKind::unavailable, "imap_tls", "The server does not speak TLS at this port: choose starttls?");
  }
  guard_stream(stream, options.guard);
  if (!is_good(mailimap_connect(imap, stream)))
    return fail(ErrorKind::unavailable, "imap_unreachable",
                server.host + " port " + std::to_string(server.port) + " does not answer as an IMAP server.");
  if (server.security == MailSecurity::none) return {};
  if (server.security == MailSecurity::starttls) {
    if (!is_good(mailimap_socket_starttls_with_callback(imap, set_server_name, host.data())))
      return fail(ErrorKind::unavailable, "imap_tls", "The server does not start TLS: choose tls if it offers that.");
    guard_stream(imap->imap_stream, options.guard);
  }
  return check_chain(imap, server.host, options.ca_file);
}

struct FreeFetchType {
  void operator()(mailimap_fetch_type* type) const { mailimap_fetch_type_free(type); }
};
struct FreeSet {
  void operator()(mailimap_set* set) const { mailimap_set_free(set); }
};
struct FreeFetched {
  void operator()(clist* list) const { mailimap_fetch_list_free(list); }
};
using FetchType = std::unique_ptr<mailimap_fetch_type, FreeFetchType>;
using UidSet = std::unique_ptr<mailimap_set, FreeSet>;
using Fetched = std::unique_ptr<clist, FreeFetched>;

FetchType uid_and(mailimap_fetch_att* attribute) {
  FetchType type(mailimap_fetch_type_new_fetch_att_list_empty());
  mailimap_fetch_type_new_fetch_att_list_add(type.get(), mailimap_fetch_att_new_uid());
  mailimap_fetch_type_new_fetch_att_list_add(type.get(), attribute);
  return type;
}

struct Item {
  MailboxItem item;
  std::optional<std::string> body;
  std::uint32_t origin = 0;  // of a part
};

// The zone is written +0130 and kept as 130.
Time time_of(const mailimap_date_time& date) {
  using namespace std::chrono;
  const auto day = year(date.dt_year) / month(static_cast<unsigned>(date.dt_month)) / date.dt_day;
  if (!day.ok()) return {};
  const auto zone_minutes = date.dt_zone / 100 * 60 + date.dt_zone % 100;
  const auto at = sys_days(day) + hours(date.dt_hour) + minutes(date.dt_min - zone_minutes) + seconds(date.dt_sec);
  return Time{duration_cast<milliseconds>(at.time_since_epoch()).count()};
}

void read_static(const mailimap_msg_att_static& attribute, Item& item) {
  if (attribute.att_type == MAILIMAP_MSG_ATT_UID) item.item.uid = attribute.att_data.att_uid;
  if (attribute.att_type == MAILIMAP_MSG_ATT_RFC822_SIZE) item.item.bytes = attribute.att_data.att_rfc822_size;
  if (attribute.att_type == MAILIMAP_MSG_ATT_INTERNALDATE && attribute.att_data.att_internal_date != nullptr)
    item.item.came_at = time_of(*attribute.att_data.att_internal_date);
  if (attribute.att_type != MAILIMAP_MSG_ATT_BODY_SECTION) return;
  const auto* section = attribute.att_data.att_body_section;
  if (section != nullptr && section->sec_body_part != nullptr)
    item.body.emplace(section->sec_body_part, section->sec_length), item.origin = section->sec_origin_octet;
}

UidSet set_of(const std::vector<std::uint32_t>& uids) {
  UidSet set(mailimap_set_new_empty());
  for (auto uid : uids) mailimap_set_add_single(set.get(), uid);
  return set;
}

Result<std::vector<Item>> fetch_items(mailimap* imap, const UidSet& set, const FetchType& type) {
  clist* list = nullptr;
  const auto result = mailimap_uid_fetch(imap, set.get(), type.get(), &list);
  if (result == MAILIMAP_ERROR_UID_FETCH)
    return fail(ErrorKind::unavailable, "imap_fetch_refused", failed(imap, "The server refuses mails").error().detail);
  if (!is_good(result)) return failed(imap, "The mails cannot be fetched");
  Fetched fetched(list);
  std::vector<Item> items;
  for (auto* cell = clist_begin(list); cell != nullptr; cell = clist_next(cell)) {
    const auto* attributes = static_cast<mailimap_msg_att*>(clist_content(cell));
    Item item;
    for (auto* one = clist_begin(attributes->att_list); one != nullptr; one = clist_next(one)) {
      const auto* attribute = static_cast<mailimap_msg_att_item*>(clist_content(one));
      if (attribute->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC && attribute->att_data.att_static != nullptr)
        read_static(*attribute->att_data.att_static, item);
    }
    if (item.item.uid != 0) items.push_back(std::move(item));  // unsolicited flags of other mails have none
  }
  return items;
}

// Ascending.
Result<std::vector<std::uint32_t>> search(mailimap* imap, UidSet set) {
  auto* key = mailimap_search_key_new_uid(set.release());
  clist* list = nullptr;
  auto result = mailimap_uid_search(imap, nullptr, key, &list);
  mailimap_search_key_free(key);
  if (!is_good(result)) return failed(imap, "The mailbox cannot be searched");
  std::vector<std::uint32_t> uids;
  for (auto* cell = clist_begin(list); cell != nullptr; cell = clist_next(cell))
    uids.push_back(*static_cast<std::uint32_t*>(clist_content(cell)));
  mailimap_search_result_free(list);
  std::ranges::sort(uids);
  uids.erase(std::ranges::unique(uids).begin(), uids.end());
  return uids;
}

}  // namespace

ImapSession::ImapSession(std::unique_ptr<State> state) : state_(std::move(state)) {}
ImapSession::~ImapSession() = default;

Result<std::unique_ptr<ImapSession>> ImapSession::connect(const MailServer& server, const std::string& secret,
                                                          const ImapSessionOptions& options) {
  auto state = std::make_unique<State>();
  mailimap_set_timeout(state->imap, static_cast<time_t>(std::max<std::int64_t>(1, options.timeout_ms / 1'000)));
  TRY_STATUS(open_stream(state->imap, server, options));
  state->learn_socket();
  TRY_STATUS(sign_in_to_imap(state->imap, server, secret));
  struct mailimap_capability_data* capabilities = nullptr;
  if (is_good(mailimap_capability(state->imap, &capabilities))) mailimap_capability_data_free(capabilities);
  state->takes_utf8 = accept_utf8(state->imap);
  return std::unique_ptr<ImapSession>(new ImapSession(std::move(state)));
}

Result<Mailbox> ImapSession::select(const std::string& folder) {
  auto* imap = state_->imap;
  if (!is_good(mailimap_select(imap, state_->wire_name(folder).c_str())))
    return failed(imap, "The folder " + folder + " cannot be opened");
  state_->exists_at_search = imap->imap_selection_info->sel_exists;
  state_->validity = imap->imap_selection_info->sel_uidvalidity;
  return Mailbox{imap->imap_selection_info->sel_uidvalidity, imap->imap_selection_info->sel_exists};
}

Status ImapSession::is_same_mailbox() const {
  const auto now = state_->imap->imap_selection_info->sel_uidvalidity;
  if (now == state_->validity) return {};
  return fail(ErrorKind::unavailable, "imap_validity_changed",
              "The server has made the folder anew (UIDVALIDITY " + std::to_string(now) + "): it is read again.");
}

Result<std::vector<std::uint32_t>> ImapSession::uids_after(std::uint32_t after) {
  // Before the search: what comes together with its answer may be younger than what it found.
  state_->exists_at_search = state_->imap->imap_selection_info->sel_exists;
  TRY(auto uids, search(state_->imap, UidSet(mailimap_set_new_interval(after + 1, 0))));  // 0 stands for *
  TRY_STATUS(is_same_mailbox());
  std::erase_if(uids, [&](auto uid) { return uid <= after; });  // n:* always names the last one, even an older one
  return uids;
}

Result<std::vector<std::uint32_t>> ImapSession::which_exist(const std::vector<std::uint32_t>& uids) {
  // A server may tell of mails that others expunged only when it is asked for nothing else.
  if (!is_good(mailimap_noop(state_->imap))) return failed(state_->imap, "The connection is lost");
  TRY(auto existing, search(state_->imap, set_of(uids)));
  TRY_STATUS(is_same_mailbox());
  return existing;
}

Result<std::vector<MailboxItem>> ImapSession::sizes(std::uint32_t first, std::uint32_t last) {
  UidSet set(mailimap_set_new_interval(first, last));
  auto type = uid_and(mailimap_fetch_att_new_rfc822_size());
  mailimap_fetch_type_new_fetch_att_list_add(type.get(), mailimap_fetch_att_new_internaldate());
  TRY(auto items, fetch_items(state_->imap, set, type));
  std::vector<MailboxItem> list;
  for (const auto& item : items) list.push_back(item.item);
  std::ranges::sort(list, {}, &MailboxItem::uid);
  return list;
}

Result<std::vector<std::pair<std::uint32_t, std::string>>> ImapSession::fetch(const std::vector<std::uint32_t>& uids) {
  std::vector<std::pair<std::uint32_t, std::string>> mails;
  auto set = set_of(uids);
  auto type = uid_and(mailimap_fetch_att_new_body_peek_section(mailimap_section_new(nullptr)));
  auto items = fetch_items(state_->imap, set, type);
  if (!items && items.error().code == "imap_fetch_refused") {
    if (uids.size() == 1) return mails;
    // One bad mail makes some servers refuse the whole set: then each is asked for alone.
    for (auto uid : uids) {
      TRY(auto one, fetch({uid}));
      for (auto& mail : one) mails.push_back(std::move(mail));
    }
    return mails;
  }
  if (!items) return std::unexpected(std::move(items).error());
  TRY_STATUS(is_same_mailbox());
  for (auto& item : *items)
    if (item.body && !item.body->empty()) mails.emplace_back(item.item.uid, *std::move(item.body));
  // One that comes twice counts once: it would stand for another that did not come.
  std::ranges::sort(mails, {}, &std::pair<std::uint32_t, std::string>::first);
  auto twice = std::ranges::unique(mails, {}, &std::pair<std::uint32_t, std::string>::first);
  mails.erase(twice.begin(), twice.end());
  return mails;
}

Result<std::optional<std::string>> ImapSession::fetch_part(std::uint32_t uid, std::uint32_t offset,
                                                           std::uint32_t length) {
  const UidSet set(mailimap_set_new_single(uid));
  const auto type =
      uid_and(mailimap_fetch_att_new_body_peek_section_partial(mailimap_section_new(nullptr), offset, length));
  auto items = fetch_items(state_->imap, set, type);
  if (!items && items.error().code != "imap_fetch_refused") return std::unexpected(std::move(items).error());
  TRY_STATUS(is_same_mailbox());
  if (!items) return std::nullopt;
  for (auto& item : *items) {
    if (item.item.uid != uid || !item.body) continue;
    if (item.origin != offset || item.body->size() > length)
      return failed(state_->imap, "The server sends another part of a mail than was asked for");
    return std::move(item.body);
  }
  return std::nullopt;
}

Result<std::string> ImapSession::fetch_short_header(std::uint32_t uid) {
  auto* names = clist_new();
  for (auto name : {"From", "To", "Subject", "Date", "Message-ID"}) clist_append(names, strdup(name));
  UidSet set(mailimap_set_new_single(uid));
  auto* section = mailimap_section_new_header_fields(mailimap_header_list_new(names));
  auto type = uid_and(mailimap_fetch_att_new_body_peek_section(section));
  auto items = fetch_items(state_->imap, set, type);
  if (!items && items.error().code != "imap_fetch_refused") return std::unexpected(std::move(items).error());
  if (!items) return std::string();
  for (auto& item : *items)
    if (item.body && item.item.uid == uid) return *std::move(item.body);
  return std::string();
}

Result<FolderState> ImapSession::state(const std::string& folder) {
  auto state = ask_folder_state(state_->imap, state_->wire_name(folder));
  if (!state) return failed(state_->imap, state.error().detail);
  return state->value_or(FolderState{.next_uid = state_->imap->imap_selection_info->sel_uidnext});
}

Status ImapSession::mark_seen(const std::vector<std::uint32_t>& uids) {
  return add_flag(uids, mailimap_flag_new_seen());
}

Status ImapSession::add_flag(const std::vector<std::uint32_t>& uids, mailimap_flag* flag) {
  auto* flags = mailimap_flag_list_new_empty();
  mailimap_flag_list_add(flags, flag);
  auto* change = mailimap_store_att_flags_new_add_flags_silent(flags);
  const auto set = set_of(uids);
  const auto result = mailimap_uid_store(state_->imap, set.get(), change);
  mailimap_store_att_flags_free(change);
  if (!is_good(result)) return act_refused(state_->imap, "The mails cannot be flagged");
  return {};
}

Status ImapSession::move(const std::vector<std::uint32_t>& uids, const std::string& folder) {
  auto* imap = state_->imap;
  const auto set = set_of(uids);
  const auto to = state_->wire_name(folder);
  if (mailimap_has_extension(imap, "MOVE") != 0) {
    if (is_good(mailimap_uid_move(imap, set.get(), to.c_str()))) return {};
    return act_refused(imap, "The mails cannot be moved to " + folder);
  }
  if (!is_good(mailimap_uid_copy(imap, set.get(), to.c_str())))
    return act_refused(imap, "The mails cannot be copied to " + folder);
  TRY_STATUS(add_flag(uids, mailimap_flag_new_deleted()));
  // EXPUNGE alone would remove what others have marked: without UIDPLUS that stays to them.
  if (mailimap_has_uidplus(imap) != 0 && !is_good(mailimap_uid_expunge(imap, set.get())))
    return act_refused(imap, "The mails that were copied to " + folder + " cannot be removed");
  return {};
}

void ImapSession::nudge() {
  std::uint64_t one = 1;
  (void)!write(state_->nudged, &one, sizeof one);
}

bool ImapSession::can_idle() const { return mailimap_has_idle(state_->imap) != 0; }

Status ImapSession::wait(std::int64_t wait_ms) {
  auto* imap = state_->imap;
  // The answer to any command may tell of a new mail, and nothing tells of it again.
  if (imap->imap_selection_info->sel_exists != state_->exists_at_search) return {};
  const bool idles = can_idle();
  if (idles && !is_good(mailimap_idle(imap))) return failed(imap, "The mailbox cannot be watched");
  // What came together with the answer to IDLE lies in the library's buffer, where poll() does not see it.
  const bool has_news = idles && imap->imap_stream->read_buffer_len > 0;
  pollfd sockets[3] = {
      {state_->wake, POLLIN, 0}, {idles ? mailimap_idle_get_fd(imap) : -1, POLLIN, 0}, {state_->nudged, POLLIN, 0}};
  if (!has_news) poll(sockets, 3, static_cast<int>(wait_ms));
  std::uint64_t nudges = 0;
  (void)!read(state_->nudged, &nudges, sizeof nudges);
  if ((sockets[0].revents & POLLIN) != 0)
    return fail(ErrorKind::unavailable, "imap_interrupted", "The mailbox is not watched any more.");
  if (idles && !is_good(mailimap_idle_done(imap))) return failed(imap, "The mailbox cannot be watched");
  if (!idles && !is_good(mailimap_noop(imap))) return failed(imap, "The connection is lost");
  return is_same_mailbox();
}

void ImapSession::interrupt() {
  std::uint64_t one = 1;
  if (write(state_->wake, &one, sizeof one) < 0) return;
  std::lock_guard lock(state_->mutex);
  if (state_->socket >= 0) shutdown(state_->socket, SHUT_RDWR);
}

}  // namespace answerable::channels

#include "app/ledger_holders.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "audit/change_key.h"
#include "audit/ledger.h"
#include "audit/proof_file.h"
#include "audit/prove.h"
#include "base/log.h"
#include "channels/email/server_address.h"

namespace answerable::app {

namespace {

constexpr std::int64_t retry_after_ms = 30'000;
constexpr int attempts_max = 3;  // one, one after a conflict, one more if somebody was faster
constexpr std::size_t answer_bytes_max = 64UL << 10;

std::unexpected<Error> no_witnesses(std::string_view why) {
  return fail(ErrorKind::invalid, "configuration_value",
              fmt::format("ledger.witnesses is \"KEY URL, KEY URL\": {}", why));
}

std::unexpected<Error> behind(std::uint64_t held, std::uint64_t here) {
  return fail(ErrorKind::conflict, "ledger_behind",
              fmt::format("The witness holds {} entries and this ledger has only {}: a backup was restored? See "
                          "docs/operations/ledger.md.",
                          held, here));
}

}  // namespace

Result<std::vector<Witness>> parse_witnesses(std::string_view text) {
  std::vector<Witness> witnesses;
  auto skip_blanks = [&] {
    while (text.starts_with(' ')) text.remove_prefix(1);
  };
  for (skip_blanks(); !text.empty(); skip_blanks()) {
    auto one = text.substr(0, text.find(','));
    text.remove_prefix(std::min(one.size() + 1, text.size()));
    while (one.ends_with(' ')) one.remove_suffix(1);
    auto blank = one.find(' ');
    if (blank == std::string_view::npos) return no_witnesses("an address is missing.");
    auto key = audit::parse_witness_key(one.substr(0, blank));
    if (!key) return no_witnesses(key.error().detail);
    auto url = one.substr(one.find_first_not_of(' ', blank));
    if (!url.starts_with("https://") && !url.starts_with("http://")) return no_witnesses("an address is no URL.");
    while (url.ends_with('/')) url.remove_suffix(1);
    witnesses.push_back({*std::move(key), std::string(url)});
  }
  return witnesses;
}

Status LedgerHolders::give(const std::stop_token& stop) {
  TRY(auto newest_or_none, database_.query([&](store::Session& session) { return find_newest(session); }));
  if (!newest_or_none) return {};
  const auto& newest = *newest_or_none;
  if (!options_.file.empty())
    TRY_STATUS(give_to("file", newest, [&](audit::Holder& holder) { return append_to_file(holder, newest); }));
  for (const auto& witness : options_.witnesses) {
    if (stop.stop_requested()) return {};
    TRY_STATUS(give_to("witness " + witness.key.name, newest,
                       [&](audit::Holder& holder) { return ask_witness(witness, holder, newest, stop); }));
  }
  if (!options_.mail || stop.stop_requested()) return {};
  return give_to("mail", newest, [&](audit::Holder& holder) -> Result<std::string> {
    if (!holder.note.empty() && clock_.now().ms - holder.held_at.ms < options_.mail_every_ms) return holder.note;
    TRY_STATUS(options_.mail(newest.note));
    return newest.note;
  });
}

// `hand_over` returns what the holder has now.
Status LedgerHolders::give_to(const std::string& name, const Newest& newest,
                              const std::function<Result<std::string>(audit::Holder&)>& hand_over) {
  TRY(auto found, database_.query([&](store::Session& session) { return audit::find_holder(session, name); }));
  if (auto wait = not_before_ms_.find(name); wait != not_before_ms_.end() && clock_.monotonic_ms() < wait->second)
    return {};
  auto before = found.value_or(audit::Holder{.name = name, .range = {}, .note = {}, .held_at = {}, .problem = {}});
  if (before.note.starts_with(newest.note) && before.problem.empty()) return {};
  auto holder = before;
  auto held = hand_over(holder);
  if (held && *held == before.note && before.problem.empty()) return {};  // its time has not come
  holder.problem = held ? "" : held.error().detail;
  if (held && *held != before.note) {
    holder.note = *held;
    holder.held_at = clock_.now();
  }
  if (!held) {
    log::warning("ledger_holder_failed", {{"holder", name}, {"reason", holder.problem}});
    not_before_ms_[name] = clock_.monotonic_ms() + retry_after_ms;
  }
  return database_.write([&](store::Transaction& tx) { return audit::save_holder(tx, holder); });
}

Result<std::optional<LedgerHolders::Newest>> LedgerHolders::find_newest(store::Session& session) const {
  TRY(auto note, audit::newest_checkpoint(session, WorkspaceId{}));
  if (!note) return std::nullopt;
  TRY(auto keys, audit::keys_of(session, WorkspaceId{}, key_));
  TRY(auto checkpoint, keys.open(*note));
  Newest newest{*std::move(note), checkpoint.head.size, {}};
  if (audit::open_checkpoint(key_, newest.note) && !keys.changes().empty()) newest.key_change = keys.changes().back();
  return newest;
}

// Before the first checkpoint under another key comes the change of it, so that who reads the file can follow.
Result<std::string> LedgerHolders::append_to_file(const audit::Holder& holder, const Newest& newest) const {
  auto unwritable = [&] {
    return fail(ErrorKind::unavailable, "storage_unavailable",
                fmt::format("Cannot write ledger.checkpoint_file {}: {}.", options_.file, std::strerror(errno)));
  };
  int file = ::open(options_.file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
  if (file < 0) return unwritable();
  auto text = newest.note + "\n";
  const bool is_first =
      newest.key_change && !holder.note.empty() && !audit::open_checkpoint(newest.key_change->to, holder.note);
  if (is_first) text = newest.key_change->note + "\n" + text;
  bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  ::close(file);
  if (!written) return unwritable();
  return newest.note;
}

Result<std::vector<Digest>> LedgerHolders::leaves(std::uint64_t first, std::uint64_t until) {
  return database_.query(
      [&](store::Session& session) { return audit::leaf_hashes(session, WorkspaceId{}, first, until); });
}

Result<audit::WitnessAnswer> LedgerHolders::submit(const Witness& witness, const std::string& note,
                                                   const std::string& request, const std::stop_token& stop) const {
  net::FetchRequest call{.url = witness.url + "/add-checkpoint", .may_reach = {}};
  call.accept = "text/plain";
  call.form = request;
  call.content_type = "text/plain; charset=utf-8";
  call.ca_file = options_.ca_file;
  call.stop = stop;
  call.limits.bytes_max = answer_bytes_max;
  call.limits.redirects_max = 0;
  // The operator has named it, so it may be on this machine or in a private network.
  call.may_reach = [](const net::IpAddress& address) {
    return channels::check_reach(address, channels::Reach::private_networks);
  };
  TRY(auto answer, net::exchange(call));
  return audit::read_answer(witness.key, note, answer.status, answer.body);
}

Result<std::string> LedgerHolders::ask_witness(const Witness& witness, audit::Holder& holder, const Newest& newest,
                                               const std::stop_token& stop) {
  auto origin = [](const std::string& note) { return note.substr(0, note.find('\n')); };
  if (origin(holder.note) != origin(newest.note)) holder.range = {};  // a new epoch is a new log
  if (holder.range.size() > newest.size) return behind(holder.range.size(), newest.size);
  auto range = holder.range;
  for (int attempt = 0; attempt < attempts_max; ++attempt) {
    TRY(auto added, leaves(range.size(), newest.size));
    auto proof = range.size() == 0 ? std::vector<Digest>() : audit::consistency_proof(range, added);
    TRY(auto answer, submit(witness, newest.note, audit::growth_file(range.size(), proof, newest.note), stop));
    if (answer.cosignature) {
      for (const auto& leaf : added) range.append(leaf);
      holder.range = std::move(range);
      return newest.note + answer.cosignature->line;
    }
    auto size = answer.witnessed_size.value_or(0);
    if (size > newest.size) return behind(size, newest.size);
    TRY(auto held, leaves(0, size));
    range = audit::range_of(held);
  }
  return fail(ErrorKind::unavailable, "witness_refused",
              "The witness does not agree on what it holds; it is asked again.");
}

}  // namespace answerable::app

// `answerable mail reconcile`: is everything here that the sources of the mail channels have? Asks each mailbox itself
// and reads our side beside a running server, so it is a second pair of eyes: it changes nothing, at either side. The
// server fetches what is missing at its next check, or at once by POST /channels/{id}/reconcile.
#include <fmt/format.h>

#include <algorithm>

#include "app/installation.h"
#include "app/people.h"
#include "base/utf8.h"
#include "channels/email/imap_source.h"
#include "channels/email/mailbox_check.h"
#include "channels/email/pop3_items.h"
#include "channels/email/pop3_session.h"
#include "intake/channel_directory.h"
#include "intake/completeness.h"

namespace answerable::app {

namespace {

constexpr std::int64_t timeout_ms = 30'000;
constexpr std::int64_t days_shown = 30;

struct Tally {
  bool json = false;
  bool has_gap = false, has_failed = false;
};

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return out + "\"";
}

void show(Tally& tally, const intake::Channel& channel, const intake::SourceCheck& check) {
  tally.has_gap = tally.has_gap || check.missing > 0;
  if (tally.json) {
    fmt::print(
        "{{\"channel\":\"{}\",\"source\":{},\"at_source\":{},\"stored\":{},\"quarantined\":{},\"skipped\":{},"
        "\"waiting\":{},"
        "\"missing\":{},\"missing_uids\":{}}}\n",
        channel.id.text(), quoted(check.source), check.at_source, check.stored, check.withheld, check.noticed,
        check.waiting, check.missing, quoted(check.missing_names));
    return;
  }
  fmt::print("{}, {}: {} at the source = {} stored + {} in quarantine + {} skipped + {} waiting + {} MISSING\n",
             one_line(channel.name, 200), one_line(check.source, 200), check.at_source, check.stored, check.withheld,
             check.noticed, check.waiting, check.missing);
  if (check.missing > 0) fmt::print("  missing UIDs: {}\n", check.missing_names);
}

void show_failure(Tally& tally, const intake::Channel& channel, const std::string& source, const Error& error) {
  tally.has_failed = true;
  if (tally.json)
    fmt::print("{{\"channel\":\"{}\",\"source\":{},\"problem\":{}}}\n", channel.id.text(), quoted(source),
               quoted(error.detail));
  else
    fmt::print("{}, {}: could not be checked: {}\n", one_line(channel.name, 200), one_line(source, 200), error.detail);
}

Result<intake::SourceCheck> look(Installation& at, const channels::ImapSessionOptions& how, const std::string& password,
                                 const intake::Channel& channel, const std::string& folder) {
  TRY(const auto settings, channels::read_mail_settings(channel.config));
  TRY(auto session, channels::ImapSession::connect(*settings.imap, password, how));
  TRY(const auto mailbox, session->select(folder));
  const channels::Place place{channel, folder, channels::source_name(*settings.imap, folder), mailbox.validity};
  TRY(auto check, channels::check_mailbox(*session, at.database(), place, at.clock().now()));
  return check.figures;
}

// A server that lets one in at a time says so while ours reads the mailbox.
Result<intake::SourceCheck> look_by_pop3(Installation& at, const channels::Pop3SessionOptions& how,
                                         const intake::Channel& channel, const channels::MailServer& server,
                                         const std::string& password) {
  TRY(auto session, channels::Pop3Session::connect(server, password, how));
  TRY(const auto at_server, session->list());
  const auto place = channels::pop3_place(channel, server);
  TRY(const auto items, at.database().query([&](store::Session& ours) { return list_pop3_items(ours, place); }));
  return compare_pop3(place, at_server, items, at.clock().now()).figures;
}

// What LMTP peers were told, against what is stored.
Status show_days(Installation& at, Tally& tally, const intake::Channel& channel) {
  const auto first = intake::day_of(at.clock().now()) - days_shown + 1;
  TRY(const auto days, at.database().query([&](store::Session& session) {
    return intake::day_counts(session, channel.workspace, channel.id, first);
  }));
  intake::SourceCheck sum;
  sum.source = fmt::format("LMTP, last {} days", days_shown);
  for (const auto& day : days) {
    if (day.way != "lmtp") continue;
    sum.at_source += day.told;
    sum.missing += std::max<std::int64_t>(0, day.told - day.stored - day.repeated);
  }
  sum.stored = sum.at_source - sum.missing;
  if (sum.at_source > 0) show(tally, channel, sum);
  return {};
}

bool is_meant(const intake::Channel& channel, const std::string& name) {
  return name.empty() || channel.name == name || channel.address == name || channel.id.text() == name;
}

Result<int> reconcile(const Configuration& configuration, const ReconcileOptions& options) {
  SystemClock clock;
  TRY(auto at, Installation::open(configuration, clock, Opening::read_only));
  intake::ChannelDirectory directory(at->keys().channel_secrets);
  TRY_STATUS(directory.refresh(at->database()));
  std::optional<WorkspaceId> only;
  if (!options.workspace.empty()) {
    TRY(const auto workspace, choose_workspace(at->database(), options.workspace));
    only = workspace.id;
  }
  channels::ImapSessionOptions how{configuration.mail_ca_file, timeout_ms};
  how.reach = configuration.private_servers ? channels::Reach::private_networks : channels::Reach::internet;
  Tally tally{options.json};
  int checked = 0;
  for (const auto& channel : directory.of_kind("email")) {
    if ((only && channel->workspace != *only) || !is_meant(*channel, options.channel)) continue;
    ++checked;
    TRY(const auto settings, channels::read_mail_settings(channel->config));
    auto tell = [&](const std::string& source, const Result<intake::SourceCheck>& found) {
      if (found)
        show(tally, *channel, *found);
      else
        show_failure(tally, *channel, source, found.error());
    };
    TRY(const auto password, directory.secret(*channel, channels::imap_password_name));
    for (const auto& folder : settings.imap ? settings.imap_folders : std::vector<std::string>())
      tell(folder, look(*at, how, password, *channel, folder));
    TRY(const auto pop3_password, directory.secret(*channel, channels::pop3_password_name));
    if (settings.pop3)
      tell("POP3", look_by_pop3(*at, {how.ca_file, timeout_ms, how.reach}, *channel, *settings.pop3, pop3_password));
    TRY_STATUS(show_days(*at, tally, *channel));
  }
  if (checked == 0) return fail(ErrorKind::not_found, "channel_not_found", "There is no such mail channel.");
  if (tally.has_gap) return exit_partly;
  return tally.has_failed ? exit_unavailable : exit_ok;
}

}  // namespace

int run_mail_reconcile(const Configuration& configuration, const ReconcileOptions& options) {
  auto status = reconcile(configuration, options);
  return status ? *status : report(status.error());
}

}  // namespace answerable::app

#include "app/mailbox_threads.h"

#include <filesystem>
#include <map>

#include "access/workspace.h"
#include "app/installation.h"
#include "channels/email/mail_arrival.h"
#include "channels/email/normalise_mail.h"
#include "intake/channel.h"
#include "intake/prepare.h"
#include "intake/spool.h"
#include "mail/ascii.h"
#include "mail/authentication_results.h"
#include "mail/message.h"
#include "mail/organisational_domain.h"

namespace answerable::app {

namespace {

namespace fs = std::filesystem;

// Removed with all that it holds.
class Folder {
 public:
  static Result<Folder> make() {
    std::error_code failed;
    const auto parent = fs::exists("/dev/shm", failed) ? fs::path("/dev/shm") : fs::temp_directory_path(failed);
    auto path = (parent / "answerable-thread-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr)
      return fail(ErrorKind::unavailable, "no_folder", "No temporary folder can be made in " + parent.string() + ".");
    return Folder(path);
  }
  Folder(Folder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Folder& operator=(Folder&&) = delete;
  ~Folder() {
    std::error_code failed;
    if (!path_.empty()) fs::remove_all(path_, failed);
  }
  const std::string& path() const { return path_; }

 private:
  explicit Folder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

// The message whose place decides: itself, or the one that it is a copy of. Nothing: it is in quarantine.
Result<std::optional<ConversationId>> find_place(store::Session& session, const intake::Prepared& prepared,
                                                 const intake::Received& received) {
  if (received.appended) return std::optional(received.appended->conversation);
  if (received.disposition != intake::Disposition::duplicate || !prepared.content_key)
    return std::optional<ConversationId>();
  return session.find(
      "select m.conversation_id from inbound_keys k join messages m on m.workspace_id = k.workspace_id and "
      "m.id = k.spool_id where k.workspace_id = $1 and k.key = $2",
      {prepared.arrival.workspace, store::Bytes{as_bytes(*prepared.content_key)}},
      [](const store::Row& row) { return row.id<ConversationId>(0); });
}

class TemporaryMailbox final : public MailboxThreads {
 public:
  TemporaryMailbox(Folder folder, const MailboxRules& rules) : folder_(std::move(folder)), rules_(rules) {}

  Status open() {
    Configuration configuration;
    configuration.data_dir = folder_.path() + "/data";
    TRY(installation_, Installation::open(configuration, clock_, Opening::create));
    directory_ = std::make_unique<intake::ChannelDirectory>(installation_->keys().channel_secrets);
    TRY(channel_, installation_->database().write([&](store::Transaction& tx) -> Result<intake::Channel> {
      TRY(const auto workspace, access::create_workspace(tx, access::system_actor({}), "Mailbox"));
      intake::NewChannel mail;
      mail.kind = "email";
      mail.name = "Mailbox";
      mail.address = "mailbox@localhost.invalid";
      return intake::create_channel(tx, *directory_, access::system_actor(workspace.id), mail);
    }));
    normalisers_["email"] = channels::normalise_mail_with(installation_->keys().reply_tokens, check_sender());
    return {};
  }

  Result<std::vector<std::int64_t>> place(const std::vector<std::string>& raws) override {
    std::vector<intake::Prepared> batch;
    for (const auto& raw : raws) {
      TRY(auto prepared, prepare(raw));
      batch.push_back(std::move(prepared));
    }
    std::vector<std::optional<ConversationId>> places(batch.size());
    TRY_STATUS(installation_->database().write([&](store::Transaction& tx) -> Status {
      for (std::size_t i = 0; i < batch.size(); ++i) {
        const auto& one = batch[i];
        TRY_STATUS(intake::put_back(tx, channel_.workspace, channel_.id, one.spool, intake::Insistence::again));
        TRY(const auto received, intake::receive(tx, one));
        TRY(places[i], find_place(tx, one, received));
      }
      return {};
    }));
    std::vector<std::int64_t> numbers;
    for (const auto& place : places) numbers.push_back(number_of(place));
    return numbers;
  }

 private:
  channels::CheckSender check_sender() {
    if (rules_.trusted_authserv_id.empty())
      return
          [](const intake::Arrival& arrival, const std::string& author) { return believe_author(arrival.raw, author); };
    return channels::check_sender_with({*directory_, nullptr, rules_.trusted_authserv_id});
  }

  Result<intake::Prepared> prepare(const std::string& raw) {
    intake::WorkItem item;
    item.workspace = channel_.workspace;
    item.spool = SpoolId::make(clock_);
    item.arrival = channels::mail_arrival(channel_, raw, clock_.now());
    item.insistence = intake::Insistence::again;  // every message has its place, also one that travelled far
    item.pair_limit_reached = false;
    TRY(auto prepared,
        intake::prepare({installation_->blobs(), *directory_, pairs_, normalisers_}, item, clock_.now()));
    prepared.everybody_takes_part = rules_.everybody_takes_part;
    return prepared;
  }

  std::int64_t number_of(const std::optional<ConversationId>& place) {
    if (!place) return ++last_number_;
    const auto [known, is_new] = numbers_.try_emplace(*place, last_number_ + 1);
    if (is_new) ++last_number_;
    return known->second;
  }

  const Folder folder_;  // the last to go
  const MailboxRules rules_;
  SystemClock clock_;
  std::unique_ptr<Installation> installation_;
  std::unique_ptr<intake::ChannelDirectory> directory_;
  intake::Channel channel_;
  intake::PairLimit pairs_;
  std::map<std::string, intake::Normalise> normalisers_;
  std::map<ConversationId, std::int64_t> numbers_;
  std::int64_t last_number_ = 0;
};

}  // namespace

Result<std::unique_ptr<MailboxThreads>> MailboxThreads::make(const MailboxRules& rules) {
  TRY(auto folder, Folder::make());
  auto mailbox = std::make_unique<TemporaryMailbox>(std::move(folder), rules);
  TRY_STATUS(mailbox->open());
  return mailbox;
}

mail::SenderAuthentication believe_author(const std::string& raw, const std::string& author) {
  using Verdict = mail::SenderAuthentication::Verdict;
  const auto domain = mail::domain_part(author);
  for (const auto& field : mail::split_raw(raw).fields) {
    if (!mail::same_letters(field.name, "Authentication-Results")) continue;
    for (const auto& one : mail::parse_authentication_results(field.value()).results) {
      const bool is_about = mail::is_aligned(one.property("header.from"), domain, mail::Alignment::strict);
      if (one.method == "dmarc" && one.result == "fail" && is_about) return {Verdict::fail, {"dmarc=fail"}};
    }
  }
  return {Verdict::pass, {}};
}

bool is_of_list(const std::string& raw) {
  mail::ParseOptions options;
  options.html_safe = options.reply_text = options.language = options.attachment_content = false;
  const auto parsed = mail::parse_message(raw, options);
  for (std::string_view mark : {"List-Id", "List-Post", "Mailing-List", "X-Mailing-List", "X-BeenThere"})
    if (parsed.first_header(mark)) return true;
  return parsed.to.empty() && parsed.cc.empty() && parsed.delivered_to.empty();
}

}  // namespace answerable::app

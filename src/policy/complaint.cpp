#include "policy/complaint.h"

#include <algorithm>
#include <array>

#include "access/authorize.h"
#include "access/user.h"
#include "access/workspace.h"
#include "audit/ledger.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/random.h"
#include "base/utf8.h"
#include "policy/sentences.h"
#include "policy/statement.h"

namespace answerable::policy {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::array<std::string_view, 3> outcomes{"nothing", "removed", "measure"};

bool is_text(std::string_view text, std::size_t bytes_max) {
  return !text.empty() && text.size() <= bytes_max && is_valid_utf8(text) && !text.contains('\0');
}

std::unexpected<Error> bad(std::string_view field, std::string_view what) {
  return fail(ErrorKind::invalid, "bad_complaint_" + std::string(field), std::string(what));
}

Status check(const NewComplaint& given) {
  const bool has_name = given.name.empty() || is_text(given.name, complaint_name_bytes_max);
  if (!has_name || given.name.contains('\n')) return bad("name", "A name has at most 200 bytes.");
  if (!access::is_mail_address(given.address))
    return bad("address", "Write a mail address at which you can be answered.");
  if (!is_text(given.object, complaint_object_bytes_max))
    return bad("object", "Say what it is about, in at most 1,000 bytes.");
  if (!is_text(given.text, complaint_text_bytes_max)) return bad("text", "Say why, in at most 8,000 bytes.");
  if (!given.is_in_good_faith)
    return bad("faith", "Confirm that what you write is true to the best of your knowledge.");
  return {};
}

Status check_counts(store::Session& session, const NewComplaint& given) {
  const auto now = session.now();
  TRY(const auto of_peer,
      session.number("select count(*) from complaints where peer = $1 and made_at > $2", {given.peer, now - hour_ms}));
  TRY(const auto of_address, session.number("select count(*) from complaints where address_key = $1 and made_at > $2",
                                            {access::email_key(given.address), now - 24 * hour_ms}));
  TRY(const auto all, session.number("select count(*) from complaints where made_at > $1", {now - 24 * hour_ms}));
  if (of_peer < complaints_of_peer_an_hour_max && of_address < complaints_of_address_a_day_max &&
      all < complaints_a_day_max)
    return {};
  return fail(ErrorKind::limited, "too_many_complaints", "Too many complaints came from there: write again tomorrow.");
}

std::string hash_of(std::string_view token) { return to_hex(as_bytes(sha256(token))); }

Complaint read_complaint(const store::Row& row) {
  return {.id = row.id<ComplaintId>(0),
          .number = row.integer(1),
          .name = row.string(2),
          .address = row.string(3),
          .object = row.string(4),
          .text = row.string(5),
          .language = row.string(6),
          .made_at = row.time(7),
          .decided_at = row.maybe_time(8),
          .outcome = row.string(9),
          .reasons = row.string(10),
          .workspace = row.id<WorkspaceId>(11)};
}

const Sentence& in_words(std::string_view outcome) {
  if (outcome == "removed") return sentences::complaint_removed;
  if (outcome == "measure") return sentences::complaint_measure;
  return sentences::complaint_nothing;
}

// In the language of the form.
Status tell_complainant(store::Transaction& tx, const Complaint& complaint, const Letter& letter) {
  const auto& language = complaint.language;
  return queue_notice(tx, {}, complaint.address, letter.subject.in(language), letter.text.in(language));
}

Result<Complaint> load_waiting(store::Session& session, ComplaintId id) {
  TRY(auto found, session.find("select id, number, name, address, object, body, language, made_at, decided_at, "
                               "outcome, reasons, workspace_id from complaints where id = $1",
                               {id}, read_complaint));
  if (!found) return fail(ErrorKind::not_found, "complaint_unknown", "There is no such complaint.");
  if (found->decided_at) return fail(ErrorKind::conflict, "complaint_decided", "This complaint is decided already.");
  return *std::move(found);
}

}  // namespace

Result<Filed> file_complaint(store::Transaction& tx, const NewComplaint& given, std::string_view link) {
  TRY_STATUS(check(given));
  TRY_STATUS(check_counts(tx, given));
  TRY(const auto last, tx.number("select coalesce(max(number), 0) from complaints"));
  Filed filed{.complaint = {.id = ComplaintId::make(tx.clock()),
                            .number = last + 1,
                            .name = given.name,
                            .address = given.address,
                            .object = given.object,
                            .text = given.text,
                            .language = given.language == "fr" ? "fr" : "en",
                            .made_at = tx.now()},
              .token = random_token()};
  const auto& made = filed.complaint;
  TRY_STATUS(tx.execute(
      "insert into complaints (id, number, token_hash, name, address, address_key, object, body, language, peer, "
      "made_at, outcome, reasons, workspace_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '', $12)",
      {made.id, made.number, hash_of(filed.token), made.name, made.address, access::email_key(made.address),
       made.object, made.text, made.language, given.peer, made.made_at, WorkspaceId{}}));
  TRY_STATUS(audit::append_entry(tx, {.workspace = {},
                                      .actor = access::system_actor({}).for_ledger(),
                                      .action = "complaint.receive",
                                      .object_kind = "complaint",
                                      .object_id = made.id.text(),
                                      .details = {{"number", std::to_string(made.number)}}}));
  const auto number = std::to_string(made.number);
  TRY_STATUS(tell_complainant(
      tx, made,
      {.subject = {sentences::complaint_subject, {number}},
       .text = {sentences::complaint_text, {number, std::string(link) + filed.token, made.object, made.text}}}));
  return filed;
}

Result<Complaint> load_complaint(store::Session& session, std::string_view token) {
  TRY(auto found, session.find("select id, number, name, address, object, body, language, made_at, decided_at, "
                               "outcome, reasons, workspace_id from complaints where token_hash = $1",
                               {hash_of(token)}, read_complaint));
  if (!found) return fail(ErrorKind::not_found, "complaint_unknown", "There is no such complaint.");
  return *std::move(found);
}

Result<std::vector<Complaint>> complaints(store::Session& session, const access::Actor& by) {
  TRY_STATUS(access::authorize(by, "oversight", "read"));
  return session.all(
      "select id, number, name, address, object, body, language, made_at, decided_at, outcome, reasons, workspace_id "
      "from complaints order by case when decided_at is null then 0 else 1 end, "
      "case when decided_at is null then number else -number end limit $1",
      {complaints_shown_max}, read_complaint);
}

Result<Complaint> decide_complaint(store::Transaction& tx, const access::Actor& by, const ComplaintDecision& decision) {
  TRY_STATUS(access::authorize(by, "oversight", "decide"));
  if (std::ranges::find(outcomes, decision.outcome) == outcomes.end() ||
      !is_text(decision.reasons, complaint_reasons_bytes_max))
    return fail(ErrorKind::invalid, "bad_decision", "A decision has an outcome, and reasons of at most 4,000 bytes.");
  TRY(auto decided, load_waiting(tx, decision.complaint));
  decided.outcome = decision.outcome;
  decided.reasons = decision.reasons;
  decided.workspace = decision.workspace;
  decided.decided_at = tx.now();
  if (!decided.workspace.is_nil()) {
    TRY(const auto workspace, access::find_workspace(tx, decided.workspace));
    if (!workspace) return fail(ErrorKind::not_found, "workspace_unknown", "There is no such workspace.");
  }
  TRY_STATUS(
      tx.execute("update complaints set outcome = $2, reasons = $3, workspace_id = $4, decided_at = $5, "
                 "decided_by = $6 where id = $1",
                 {decided.id, decided.outcome, decided.reasons, decided.workspace, tx.now(), by.id_text()}));
  TRY_STATUS(
      audit::append_entry(tx, {.workspace = decided.workspace,
                               .actor = by.for_ledger(),
                               .action = "complaint.decide",
                               .object_kind = "complaint",
                               .object_id = decided.id.text(),
                               .details = {{"number", std::to_string(decided.number)}, {"outcome", decided.outcome}}}));
  const auto& outcome = in_words(decided.outcome);
  const auto number = std::to_string(decided.number);
  TRY_STATUS(tell_complainant(tx, decided,
                              {.subject = {sentences::decision_subject, {number}},
                               .text = {sentences::decision_text, {number, outcome, decided.reasons}}}));
  if (decided.workspace.is_nil()) return decided;
  TRY_STATUS(send_notice(tx, decided.workspace,
                         {.subject = sentences::content_subject,
                          .text = {sentences::content_text, {decided.object, outcome, decided.reasons}}}));
  return decided;
}

}  // namespace answerable::policy

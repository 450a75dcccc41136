#include "mail/dkim.h"

#include <sys/types.h>

#include <algorithm>
#include <cstring>

#include "base/ensure.h"
#include "mail/ascii.h"
#include "mail/limits.h"

// A header of C from before C++ had bool of its own.
#define _Bool bool
extern "C" {
#include <opendkim/dkim.h>
}
#undef _Bool

namespace answerable::mail {

namespace {

using Bytes = unsigned char*;

Bytes bytes_of(std::string& text) { return reinterpret_cast<Bytes>(text.data()); }

std::string text_of(const unsigned char* bytes) {
  return bytes == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(bytes));
}

// Called by the library for each signature. The context is the caller's FindText.
DKIM_CBSTAT look_up_key(DKIM* dkim, DKIM_SIGINFO* signature, unsigned char* buffer, std::size_t size) {
  const auto& find_text = *static_cast<const FindText*>(dkim_get_user_context(dkim));
  const auto name = text_of(dkim_sig_getselector(signature)) + "._domainkey." + text_of(dkim_sig_getdomain(signature));
  if (name.size() > max_dns_name_bytes) return DKIM_CBSTAT_NOTFOUND;
  const auto answer = find_text(name);
  if (answer.outcome == DnsText::Outcome::failed) return DKIM_CBSTAT_TRYAGAIN;
  if (answer.outcome == DnsText::Outcome::absent || answer.records.empty()) return DKIM_CBSTAT_NOTFOUND;
  const auto& record = answer.records.front();
  if (record.size() >= size || record.find('\0') != std::string::npos) return DKIM_CBSTAT_ERROR;
  std::memcpy(buffer, record.c_str(), record.size() + 1);
  return DKIM_CBSTAT_CONTINUE;
}

// One for the process: after its options are set it is only read, and everything else belongs to one message.
DKIM_LIB* library() {
  static DKIM_LIB* const made = [] {
    auto* lib = dkim_init(nullptr, nullptr);
    ensure(lib != nullptr, "libopendkim starts");
    unsigned int flags = DKIM_LIBFLAGS_FIXCRLF;
    dkim_options(lib, DKIM_OP_SETOPT, DKIM_OPTS_FLAGS, &flags, sizeof flags);
    dkim_set_key_lookup(lib, look_up_key);
    return lib;
  }();
  return made;
}

struct Handle {
  Handle() {
    DKIM_STAT status = DKIM_STAT_OK;
    dkim = dkim_verify(library(), reinterpret_cast<const unsigned char*>("mail"), nullptr, &status);
    ensure(dkim != nullptr, "libopendkim gives a handle");
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { dkim_free(dkim); }
  DKIM* dkim;
};

// As it was on the wire: every line of the field ends in CRLF.
std::string with_crlf(std::string_view raw) {
  std::string field;
  field.reserve(raw.size() + 16);
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\n' && (i == 0 || raw[i - 1] != '\r')) field += '\r';
    field += raw[i];
  }
  return field;
}

bool feed(DKIM* dkim, const RawMessage& message) {
  std::size_t signatures = 0;
  for (const auto& one : message.fields) {
    if (same_letters(one.name, "DKIM-Signature") && ++signatures > max_dkim_signatures) continue;
    auto field = with_crlf(one.raw);
    if (field.find('\0') != std::string::npos) return false;
    if (dkim_header(dkim, bytes_of(field), field.size()) != DKIM_STAT_OK) return false;
  }
  if (dkim_eoh(dkim) != DKIM_STAT_OK) return false;
  // The library does not change what it is given; its interface is older than const.
  auto* body = reinterpret_cast<Bytes>(const_cast<char*>(message.body.data()));
  return message.body.empty() || dkim_body(dkim, body, message.body.size()) == DKIM_STAT_OK;
}

// Why a signature that verifies proves too little; empty when it does not.
std::string weakness(DKIM* dkim, DKIM_SIGINFO* signature) {
  dkim_alg_t algorithm = DKIM_SIGN_UNKNOWN;
  if (dkim_sig_getsignalg(signature, &algorithm) != DKIM_STAT_OK || algorithm == DKIM_SIGN_RSASHA1) return "SHA-1";
  if ((dkim_sig_getflags(signature) & DKIM_SIGFLAG_TESTKEY) != 0) return "the key is being tested";
  ssize_t body = 0, covered = 0, limit = 0;
  if (dkim_sig_getcanonlen(dkim, signature, &body, &covered, &limit) != DKIM_STAT_OK) return "length unknown";
  if (limit != -1 && covered < body) return "a part of the body only";
  return {};
}

DkimResult read(DKIM* dkim, DKIM_SIGINFO* signature) {
  using Outcome = DkimResult::Outcome;
  DkimResult result;
  result.domain = to_lower(text_of(dkim_sig_getdomain(signature)));
  result.selector = text_of(dkim_sig_getselector(signature));
  const auto error = dkim_sig_geterror(signature);
  const bool is_good =
      (dkim_sig_getflags(signature) & DKIM_SIGFLAG_PASSED) != 0 && dkim_sig_getbh(signature) == DKIM_SIGBH_MATCH;
  if (is_good) {
    result.reason = weakness(dkim, signature);
    result.outcome = result.reason.empty() ? Outcome::pass : Outcome::policy;
    return result;
  }
  if (error == DKIM_SIGERROR_KEYFAIL) result.outcome = Outcome::temporary;
  if (error == DKIM_SIGERROR_KEYTOOSMALL) result.outcome = Outcome::policy;
  const char* words = dkim_sig_geterrorstr(error);
  result.reason = error > DKIM_SIGERROR_OK && words != nullptr ? words : "the body or a field was changed";
  return result;
}

}  // namespace

std::vector<DkimResult> verify_dkim(const RawMessage& message, const FindText& find_text) {
  const auto is_signature = [](const RawField& field) { return same_letters(field.name, "DKIM-Signature"); };
  if (std::ranges::none_of(message.fields, is_signature)) return {};
  Handle handle;
  bool has_failed = false;
  const FindText noted = [&](const std::string& name) {
    auto answer = find_text(name);
    has_failed = has_failed || answer.outcome == DnsText::Outcome::failed;
    return answer;
  };
  dkim_set_user_context(handle.dkim, const_cast<FindText*>(&noted));
  std::vector<DkimResult> results;
  const bool is_fed = feed(handle.dkim, message);
  if (is_fed) dkim_eom(handle.dkim, nullptr);
  DKIM_SIGINFO** signatures = nullptr;
  int count = 0;
  if (!is_fed || dkim_getsiglist(handle.dkim, &signatures, &count) != DKIM_STAT_OK) {
    using Outcome = DkimResult::Outcome;
    results.push_back({has_failed ? Outcome::temporary : Outcome::fail, "", "", "it cannot be read as signed mail"});
    return results;
  }
  for (int i = 0; i < count; ++i) results.push_back(read(handle.dkim, signatures[i]));
  return results;
}

}  // namespace answerable::mail

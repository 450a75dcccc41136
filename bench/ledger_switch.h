// A ledger that can be switched off, for measurements alone: the linker leads the calls of append_entry, commitment_key
// and commit_to here (ledger_switch.link; cmake/folders.cmake), where they do their work or, while it is off, nothing.
// Included by one file of a program.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "audit/commitment_key.h"
#include "audit/ledger.h"

namespace answerable::bench {
inline std::atomic<bool> is_ledger_on = true;
}

#define ANSWERABLE_APPEND "_ZN10answerable5audit12append_entryERNS_5store11TransactionERKNS0_3ActE"
#define ANSWERABLE_COMMIT "_ZN10answerable5audit9commit_toB5cxx11ESt17basic_string_viewIcSt11char_traitsIcEES4_"
#define ANSWERABLE_KEY                                                                                                \
  "_ZN10answerable5audit14commitment_keyB5cxx11ERNS_5store11TransactionENS_2IdINS_12WorkspaceTagEEESt17basic_string_" \
  "viewIcSt11char_traitsIcEE"

namespace answerable::audit {

Result<std::int64_t> real_append(store::Transaction& tx, const Act& act) __asm__("__real_" ANSWERABLE_APPEND);
std::string real_commit(std::string_view key, std::string_view value) __asm__("__real_" ANSWERABLE_COMMIT);
Result<std::string> real_key(store::Transaction& tx, WorkspaceId workspace,
                             std::string_view subject) __asm__("__real_" ANSWERABLE_KEY);

Result<std::int64_t> switched_append(store::Transaction& tx, const Act& act) __asm__("__wrap_" ANSWERABLE_APPEND);
Result<std::int64_t> switched_append(store::Transaction& tx, const Act& act) {
  if (bench::is_ledger_on) return real_append(tx, act);
  return 0;
}
std::string switched_commit(std::string_view key, std::string_view value) __asm__("__wrap_" ANSWERABLE_COMMIT);
std::string switched_commit(std::string_view key, std::string_view value) {
  return bench::is_ledger_on ? real_commit(key, value) : std::string();
}
Result<std::string> switched_key(store::Transaction& tx, WorkspaceId workspace,
                                 std::string_view subject) __asm__("__wrap_" ANSWERABLE_KEY);
Result<std::string> switched_key(store::Transaction& tx, WorkspaceId workspace, std::string_view subject) {
  if (bench::is_ledger_on) return real_key(tx, workspace, subject);
  return std::string();
}

}  // namespace answerable::audit

// Every kind of entry there is and what its details hold: a closed list, so that nothing a person has written, no name
// and no address can come to stand in the ledger in clear. Pure. docs/formats/ledger-entries.md is the same table.
#pragma once

#include <span>
#include <string_view>

#include "audit/ledger.h"

namespace answerable::audit {

// The forms of a value:
//   id          a UUID
//   number      decimal digits
//   time        RFC 3339, in UTC
//   code        a word of the program's own: a to z, 0 to 9, _ . : or nothing
//   codes       several of them, a blank or a comma between
//   digest      lower-case hex, up to 64 characters: of bytes that stand elsewhere
//   commitment  64 of them: commit_to() of personal data
//   term        of an agreement: "clause rule = value", where a value in free text is a commitment
//   url         of a service, https
//   note        a signed note (C2SP), in full
struct EntryKind {
  std::string_view action;
  std::string_view objects;  // kinds that it is done to, a blank between; the id is a UUID, a number, hex or nothing
  std::string_view details;  // "name form, name form"; any may be missing
};

std::span<const EntryKind> entry_kinds();  // by action

// Errors: invalid "entry_unknown": the kind, its object or a detail is not in the table, or a value has another form.
Status check_entry(const Act& act);

}  // namespace answerable::audit

// A ledger as one file that anybody can check offline: docs/formats/ledger.md, "Export".
#pragma once

#include <functional>
#include <istream>
#include <string_view>

#include "audit/verify.h"

namespace answerable::audit {

// Called with piece after piece of the file; its error ends the export.
using ExportSink = std::function<Status(std::string_view)>;

// Entries that no stored checkpoint covers yet are covered by one that stands in the file only, unless they do not fit:
// otherwise the last of them could be changed in the file without a trace.
Status export_ledger(store::Session& session, WorkspaceId workspace, const SigningKey& key, const ExportSink& sink);

// Everything that verify() checks, from the file alone and a public key that was got some other way. A file that is cut
// off or not in the format is not ok; it is never an error.
// With a checkpoint that somebody kept (`held`, a signed note): also that the file continues it.
Verification verify_export(std::istream& file, const PublicKey& key, std::string_view held = {});

}  // namespace answerable::audit

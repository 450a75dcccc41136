// The ledger of a workspace as a file, which may be larger than memory, and how such a file is answered.
#pragma once

#include <memory>
#include <string_view>

#include "http/route.h"
#include "store/unnamed_file.h"

namespace answerable::http {

inline constexpr std::uint64_t ledger_file_bytes_max = 3ULL << 30;  // some eight million entries

// Errors: unavailable "no_ledger_key".
Status has_ledger_key(const Call& call);
// Of the caller's workspace, signed to its end. Errors: those of the database and the disk; limited
// "ledger_too_large".
Result<std::shared_ptr<const store::MappedBytes>> ledger_file(Call& call);
// A file to be saved, never kept by a cache.
net::Response download(std::shared_ptr<const store::MappedBytes> bytes, std::string_view name,
                       std::string_view content_type);

}  // namespace answerable::http

#include "store/blob_columns.h"

#include <algorithm>
#include <string>
#include <vector>

namespace answerable::store {
namespace {

struct Reference {
  std::string workspace, id;
  Digest blob{};
};

// No blob has a digest of another length; as zeroes it names none.
Reference read_reference(const Row& row) {
  Reference reference{.workspace = std::string(row.bytes(0)), .id = std::string(row.bytes(1)), .blob = {}};
  if (auto bytes = row.bytes(2); bytes.size() == reference.blob.size())
    std::ranges::copy(bytes, reinterpret_cast<char*>(reference.blob.data()));
  return reference;
}

Status each_blob_of(Session& session, const BlobColumn& column, const std::function<Status(const Digest&)>& see) {
  Reference last;
  while (true) {
    TRY(auto page, session.all(column.page, {Bytes{last.workspace}, Bytes{last.id}, blob_page_rows}, read_reference));
    for (const auto& reference : page) TRY_STATUS(see(reference.blob));
    if (page.size() < blob_page_rows) return {};
    last = std::move(page.back());
  }
}

}  // namespace

Status each_blob(Session& session, std::span<const BlobColumn> columns,
                 const std::function<Status(const Digest&)>& see) {
  for (const auto& column : columns) TRY_STATUS(each_blob_of(session, column, see));
  return {};
}

}  // namespace answerable::store

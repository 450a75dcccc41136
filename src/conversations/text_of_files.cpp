#include "conversations/text_of_files.h"

#include "conversations/attachments.h"
#include "policy/file_text.h"

namespace answerable::conversations {

Result<std::string> text_of_files(store::Blobs& blobs, const std::vector<Attachment>& files) {
  std::string all;
  for (const auto& file : files) {
    if (all.size() >= policy::files_text_bytes_max || !policy::may_be_text(file.content_type)) continue;
    TRY(const auto bytes, blobs.get(file.blob));
    policy::add_file_text(all, file.content_type, bytes);
  }
  return all;
}

Result<std::string> text_of_files(store::Database& database, store::Blobs& blobs, const access::Actor& actor,
                                  const std::vector<AttachmentId>& ids) {
  if (ids.empty()) return std::string();
  TRY(const auto files, database.query([&](store::Session& session) -> Result<std::vector<Attachment>> {
    std::vector<Attachment> found;
    for (const auto id : ids) {
      auto file = load_attachment(session, actor, id);
      // What is not there the act itself refuses, or has done already.
      if (!file && file.error().kind == ErrorKind::not_found) continue;
      if (!file) return std::unexpected(std::move(file).error());
      found.push_back(*std::move(file));
    }
    return found;
  }));
  return text_of_files(blobs, files);
}

}  // namespace answerable::conversations

#include "http/ledger_file.h"

#include "http/attachment_headers.h"

namespace answerable::http {

Status has_ledger_key(const Call& call) {
  if (call.api.config.ledger_key && call.api.config.export_ledger) return {};
  return fail(ErrorKind::unavailable, "no_ledger_key", "This server was started without the ledger's key.");
}

Result<std::shared_ptr<const store::MappedBytes>> ledger_file(Call& call) {
  TRY_STATUS(has_ledger_key(call));
  TRY(auto file, store::UnnamedFile::make(ledger_file_bytes_max));
  const auto written = call.api.database().read([&](store::Session& session) {
    return call.api.config.export_ledger(session, call.actor.workspace,
                                         [&](std::string_view piece) { return file.append(piece); });
  });
  if (!written && written.error().code == "file_too_large")
    return fail(ErrorKind::limited, "ledger_too_large",
                "The ledger is too large for the browser: ask the operator for answerable audit export.");
  if (!written) return std::unexpected(written.error());
  return file.finish();
}

net::Response download(std::shared_ptr<const store::MappedBytes> bytes, std::string_view name,
                       std::string_view content_type) {
  static const std::string nothing;
  net::Response response;
  response.static_body = bytes->view();
  // Keeps the bytes until they are sent.
  response.shared_body = std::shared_ptr<const std::string>(std::move(bytes), &nothing);
  add_download_headers(response.headers, name, content_type);
  response.headers.set("Cache-Control", "no-store");
  return response;
}

}  // namespace answerable::http

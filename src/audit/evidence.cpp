#include "audit/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>

#include "audit/export.h"
#include "audit/ledger.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/ensure.h"

namespace answerable::audit {
namespace {

constexpr std::size_t block = 512;
constexpr std::string_view manifest_name = "MANIFEST";
constexpr std::string_view first_line = "answerable evidence v1";
constexpr std::string_view ledger_name = "ledger.txt";

std::unexpected<Error> malformed(std::string_view what) {
  return fail(ErrorKind::invalid, "evidence_malformed", fmt::format("This is no evidence pack: {}.", what));
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= evidence_name_bytes_max && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

// One header for one content: regular file, mode 0444, of nobody, at the time of the pack. So the bytes of a pack
// follow from its files, and whoever reads one compares with what would have been written.
std::string tar_header(std::string_view name, std::size_t size, Time at) {
  std::string header(block, '\0');
  const auto put = [&](std::size_t where, std::string_view text) { header.replace(where, text.size(), text); };
  put(0, name);
  put(100, "0000444");
  put(108, "0000000");
  put(116, "0000000");
  put(124, fmt::format("{:011o}", size));
  put(136, fmt::format("{:011o}", std::max<std::int64_t>(at.ms / 1000, 0)));
  put(148, "        ");
  put(156, "0");
  put(257, std::string_view("ustar\00000", 8));
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put(148, fmt::format("{:06o}", sum));
  header[154] = '\0';
  return header;
}

void append_file(std::string& tar, std::string_view name, std::string_view content, Time at) {
  tar += tar_header(name, content.size(), at);
  tar += content;
  tar.append((block - content.size() % block) % block, '\0');
}

std::string manifest_of(const EvidenceHead& head, std::span<const EvidenceFile> files) {
  auto text = fmt::format("{}\n{}\n{}\n", first_line, head.subject, head.made_at.ms);
  for (const auto& file : files)
    text += fmt::format("{} {} {}\n", to_hex(as_bytes(sha256(file.content))), file.content.size(), file.name);
  return text;
}

std::string assemble(std::string_view manifest, const EvidenceHead& head, std::span<const EvidenceFile> files,
                     std::string_view ledger) {
  std::string tar;
  append_file(tar, manifest_name, manifest, head.made_at);
  append_file(tar, ledger_name, ledger, head.made_at);
  for (const auto& file : files) append_file(tar, file.name, file.content, head.made_at);
  tar.append(2 * block, '\0');
  return tar;
}

// Cuts the next file off; nothing when the bytes are not such a file.
std::optional<EvidenceFile> take_file(std::string_view& rest) {
  if (rest.size() < block) return std::nullopt;
  const auto header = rest.substr(0, block);
  const auto digits = header.substr(124, 11);
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 8);
  if (error != std::errc{} || end != digits.data() + digits.size() || size > evidence_bytes_max) return std::nullopt;
  const auto padded = (size + block - 1) / block * block;
  if (rest.size() - block < padded) return std::nullopt;
  EvidenceFile file{.name = std::string(header.substr(0, std::min(header.find('\0'), std::size_t{100}))),
                    .content = std::string(rest.substr(block, size))};
  rest.remove_prefix(block + padded);
  return file;
}

std::string_view take_line(std::string_view& rest) {
  const auto line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  return line;
}

// The entry that names this manifest, looked for from the end; the ledger is known to be intact.
std::optional<std::int64_t> find_entry(std::string_view ledger, std::string_view manifest) {
  const auto wanted = to_hex(as_bytes(sha256(manifest)));
  std::optional<std::int64_t> found;
  std::int64_t seq = 0;
  for (int line = 0; line < 3; ++line) take_line(ledger);
  while (!ledger.empty()) {
    const auto item = take_line(ledger);
    std::size_t size = 0;
    const auto digits = item.substr(item.rfind(' ') + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (item.starts_with("end ") || size > ledger.size()) break;
    if (item.starts_with("entry ")) {
      const auto act = decode_entry(ledger.substr(0, size));
      const std::pair<std::string, std::string> detail{"sha256", wanted};
      if (act && act->action == evidence_act && std::ranges::count(act->details, detail) == 1) found = seq;
      ++seq;
    }
    ledger.remove_prefix(size);
  }
  return found;
}

Result<EvidenceHead> read_head(std::string_view body) {
  if (take_line(body) != first_line) return malformed("its manifest is of another kind");
  EvidenceHead head{.subject = std::string(take_line(body)), .made_at = {}};
  const auto time = take_line(body);
  std::from_chars(time.data(), time.data() + time.size(), head.made_at.ms);
  return head;
}

// What differs, in words.
std::string first_difference(std::string_view body, std::string_view expected) {
  while (!body.empty() || !expected.empty()) {
    const auto line = take_line(body);
    const auto other = take_line(expected);
    if (line == other) continue;
    const auto named = line.empty() ? other : line;
    return std::string(named.substr(named.rfind(' ') + 1));
  }
  return "a frame";
}

}  // namespace

std::string evidence_manifest(const EvidenceHead& head, std::span<const EvidenceFile> files) {
  ensure(files.size() <= evidence_files_max, "a pack has at most 32 files");
  for (const auto& file : files) {
    ensure(is_name(file.name) && file.name != ledger_name, "a file of a pack has a plain name");
    ensure(std::ranges::count(files, file.name, &EvidenceFile::name) == 1, "each file of a pack has a name of its own");
  }
  return manifest_of(head, files);
}

std::string pack_evidence(const EvidenceHead& head, std::span<const EvidenceFile> files, std::string_view ledger) {
  return assemble(evidence_manifest(head, files), head, files, ledger);
}

Result<Evidence> open_evidence(const PublicKey& key, std::string_view tar) {
  if (tar.size() > evidence_bytes_max) return malformed("it is too large");
  auto rest = tar;
  const auto manifest = take_file(rest);
  const auto ledger = manifest ? take_file(rest) : std::nullopt;
  if (!ledger || manifest->name != manifest_name || ledger->name != ledger_name)
    return malformed("it does not begin with a manifest and a ledger");
  Evidence evidence;
  std::istringstream text(ledger->content);
  evidence.ledger = verify_export(text, key);
  if (!evidence.ledger.ok)
    return fail(ErrorKind::invalid, "evidence_ledger", "Its ledger is not intact, or is not signed by this key.");
  const auto entry = find_entry(ledger->content, manifest->content);
  if (!entry) return fail(ErrorKind::invalid, "evidence_changed", "The manifest is not one that the ledger names.");
  evidence.entry = *entry;
  TRY(evidence.head, read_head(manifest->content));
  while (rest.size() > 2 * block) {
    auto file = take_file(rest);
    if (!file || !is_name(file->name) || evidence.files.size() >= evidence_files_max)
      return malformed("a file in it has no right frame");
    evidence.files.push_back(*std::move(file));
  }
  const auto expected = manifest_of(evidence.head, evidence.files);
  if (expected != manifest->content)
    return fail(ErrorKind::invalid, "evidence_changed",
                fmt::format("{} is not what was packed, is missing, or was added.",
                            first_difference(manifest->content, expected)));
  if (assemble(manifest->content, evidence.head, evidence.files, ledger->content) != tar)
    return malformed("its frame was changed");
  return evidence;
}

}  // namespace answerable::audit

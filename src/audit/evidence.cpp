#include "audit/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <spanstream>

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

std::string_view padding_of(std::size_t size) {
  static constexpr char zeros[block] = {};
  return {zeros, (block - size % block) % block};
}

std::string end_of_tar() { return std::string(2 * block, '\0'); }

Status put_file(const ExportSink& sink, PackedFile file, Time at) {
  TRY_STATUS(sink(tar_header(file.name, file.content.size(), at)));
  TRY_STATUS(sink(file.content));
  return sink(padding_of(file.content.size()));
}

std::string manifest_of(const EvidenceHead& head, std::span<const PackedFile> files) {
  auto text = fmt::format("{}\n{}\n{}\n", first_line, head.subject, head.made_at.ms);
  for (const auto& file : files)
    text += fmt::format("{} {} {}\n", to_hex(as_bytes(sha256(file.content))), file.content.size(), file.name);
  return text;
}

std::vector<PackedFile> views_of(std::span<const EvidenceFile> files) {
  std::vector<PackedFile> views;
  for (const auto& file : files) views.push_back({.name = file.name, .content = file.content});
  return views;
}

// Cuts the next file off; nothing when the bytes are not such a file.
std::optional<PackedFile> take_file(std::string_view& rest) {
  if (rest.size() < block) return std::nullopt;
  const auto header = rest.substr(0, block);
  const auto digits = header.substr(124, 11);
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 8);
  if (error != std::errc{} || end != digits.data() + digits.size() || size > evidence_bytes_max) return std::nullopt;
  const auto padded = (size + block - 1) / block * block;
  if (rest.size() - block < padded) return std::nullopt;
  PackedFile file{.name = header.substr(0, std::min(header.find('\0'), std::size_t{100})),
                  .content = rest.substr(block, size)};
  rest.remove_prefix(block + padded);
  return file;
}

// Whether the pack's bytes are those that would be written for these files.
bool is_framed_so(std::string_view tar, std::span<const PackedFile> files, Time at) {
  auto is_next = [&tar](std::string_view expected) {
    const bool is_it = tar.starts_with(expected);
    tar.remove_prefix(std::min(expected.size(), tar.size()));
    return is_it;
  };
  for (const auto& file : files) {
    if (!is_next(tar_header(file.name, file.content.size(), at))) return false;
    tar.remove_prefix(std::min(file.content.size(), tar.size()));  // a view of these bytes
    if (!is_next(padding_of(file.content.size()))) return false;
  }
  return is_next(end_of_tar()) && tar.empty();
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
  return manifest_of(head, views_of(files));
}

Status pack_evidence(const EvidenceHead& head, std::span<const EvidenceFile> files, std::string_view ledger,
                     const ExportSink& sink) {
  const auto manifest = evidence_manifest(head, files);
  TRY_STATUS(put_file(sink, {.name = manifest_name, .content = manifest}, head.made_at));
  TRY_STATUS(put_file(sink, {.name = ledger_name, .content = ledger}, head.made_at));
  for (const auto& file : views_of(files)) TRY_STATUS(put_file(sink, file, head.made_at));
  return sink(end_of_tar());
}

Result<Evidence> open_evidence(const PublicKey& key, std::string_view tar) {
  if (tar.size() > evidence_bytes_max) return malformed("it is too large");
  auto rest = tar;
  const auto manifest = take_file(rest);
  const auto ledger = manifest ? take_file(rest) : std::nullopt;
  if (!ledger || manifest->name != manifest_name || ledger->name != ledger_name)
    return malformed("it does not begin with a manifest and a ledger");
  Evidence evidence;
  std::ispanstream text(std::span<const char>(ledger->content.data(), ledger->content.size()));
  evidence.ledger = verify_export(text, key);
  if (!evidence.ledger.ok)
    return fail(ErrorKind::invalid, "evidence_ledger", "Its ledger is not intact, or is not signed by this key.");
  const auto entry = find_entry(ledger->content, manifest->content);
  if (!entry) return fail(ErrorKind::invalid, "evidence_changed", "The manifest is not one that the ledger names.");
  evidence.entry = *entry;
  TRY(evidence.head, read_head(manifest->content));
  while (rest.size() > 2 * block) {
    const auto file = take_file(rest);
    if (!file || !is_name(file->name) || evidence.files.size() >= evidence_files_max)
      return malformed("a file in it has no right frame");
    evidence.files.push_back(*file);
  }
  const auto expected = manifest_of(evidence.head, evidence.files);
  if (expected != manifest->content)
    return fail(ErrorKind::invalid, "evidence_changed",
                fmt::format("{} is not what was packed, is missing, or was added.",
                            first_difference(manifest->content, expected)));
  auto all = evidence.files;
  all.insert(all.begin(), {*manifest, *ledger});
  if (!is_framed_so(tar, all, evidence.head.made_at)) return malformed("its frame was changed");
  return evidence;
}

}  // namespace answerable::audit

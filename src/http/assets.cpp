#include "http/assets.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <tuple>
#include <vector>

namespace {

struct EmbeddedBytes {
  const char* begin;
  std::uint64_t size;
  std::string_view view() const { return {begin, static_cast<std::size_t>(size)}; }
};

struct EmbeddedRepresentation {
  EmbeddedBytes bytes;
  EmbeddedBytes etag;
};

// The layout that tools/embed_assets.cmake writes.
struct EmbeddedAsset {
  EmbeddedBytes path;
  EmbeddedBytes content_type;
  EmbeddedRepresentation identity;
  EmbeddedRepresentation brotli;
  EmbeddedRepresentation gzip;
};

}  // namespace

extern "C" const EmbeddedAsset answerable_asset_table[];
extern "C" const std::uint64_t answerable_asset_count;

namespace answerable::http {
namespace {

Representation to_representation(const EmbeddedRepresentation& embedded) {
  return {embedded.bytes.view(), embedded.etag.view()};
}

std::vector<Asset> read_table() {
  std::vector<Asset> assets;
  assets.reserve(answerable_asset_count);
  for (std::uint64_t i = 0; i < answerable_asset_count; ++i) {
    const EmbeddedAsset& embedded = answerable_asset_table[i];
    assets.push_back({embedded.path.view(), embedded.content_type.view(), to_representation(embedded.identity),
                      to_representation(embedded.brotli), to_representation(embedded.gzip),
                      embedded.path.view().starts_with("/assets/")});
  }
  std::ranges::sort(assets, {}, &Asset::path);
  return assets;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view cut(std::string_view& rest, char separator) {
  const auto at = std::min(rest.find(separator), rest.size());
  const auto piece = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return trimmed(piece);
}

// "q=0", "q=0.0", "q=0.000": the only weight that forbids. We order by size, not by the client's preference.
bool forbids(std::string_view parameters) {
  while (!parameters.empty()) {
    auto parameter = cut(parameters, ';');
    if (parameter.size() < 3 || !same_ignoring_case(parameter.substr(0, 2), "q=")) continue;
    return parameter.substr(2).find_first_not_of("0.") == std::string_view::npos;
  }
  return false;
}

bool accepts(std::string_view header, std::string_view coding) {
  bool any = false;
  while (!header.empty()) {
    auto parameters = cut(header, ',');
    const auto name = cut(parameters, ';');
    if (same_ignoring_case(name, coding)) return !forbids(parameters);
    if (name == "*") any = !forbids(parameters);
  }
  return any;
}

}  // namespace

std::span<const Asset> all_assets() {
  static const std::vector<Asset> assets = read_table();
  return assets;
}

const Asset* find_asset(std::string_view path) {
  const auto assets = all_assets();
  const auto found = std::ranges::lower_bound(assets, path, {}, &Asset::path);
  return found != assets.end() && found->path == path ? &*found : nullptr;
}

ChosenRepresentation choose_representation(const Asset& asset, std::string_view accept_encoding) {
  const auto& [brotli, gzip] = std::tie(asset.brotli, asset.gzip);
  if (!brotli.bytes.empty() && accepts(accept_encoding, "br")) return {brotli.bytes, brotli.etag, "br"};
  if (!gzip.bytes.empty() && accepts(accept_encoding, "gzip")) return {gzip.bytes, gzip.etag, "gzip"};
  return {asset.identity.bytes, asset.identity.etag, {}};
}

}  // namespace answerable::http

#include "audit/entry.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/utf8.h"

namespace answerable::audit {
namespace {

constexpr std::string_view first_line = "answerable-ledger-entry v1\n";
constexpr std::size_t usual_bytes = 1'024;

std::unexpected<Error> malformed(std::string_view what) {
  return fail(ErrorKind::invalid, "entry_malformed", "The ledger entry is not well formed: " + std::string(what) + ".");
}

bool is_name(std::string_view name) {
  auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; };
  return !name.empty() && name.size() <= name_bytes_max && std::ranges::all_of(name, fits);
}

bool is_plain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '\\'; }

// Nearly every value is an id, a name or a number. Looks at all of it, so that the compiler can take many bytes at
// once.
bool is_plain_ascii(std::string_view text) {
  bool is_so = true;
  for (char c : text) is_so &= c >= 0x20 && c < 0x7f && c != '\\';
  return is_so;
}

void append_escaped(std::string& out, std::string_view text) {
  for (char c : text) {
    if (is_plain(c)) {
      out += c;
    } else if (c == '\\') {
      out += "\\\\";
    } else {
      out += "\\x" + to_hex({&c, 1});
    }
  }
}

std::optional<std::string> unescape(std::string_view text) {
  if (std::ranges::all_of(text, is_plain)) return std::string(text);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_plain(text[i])) {
      out += text[i];
      continue;
    }
    if (text[i] != '\\' || i + 1 >= text.size()) return std::nullopt;
    if (text[++i] == '\\') {
      out += '\\';
      continue;
    }
    auto byte = text[i] == 'x' ? from_hex(text.substr(i + 1, 2)) : std::nullopt;
    if (!byte || byte->size() != 1) return std::nullopt;
    out += *byte;
    i += 2;
  }
  return out;
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(1, '=');
  if (is_plain_ascii(value))
    out += value;
  else
    append_escaped(out, is_valid_utf8(value) ? value : to_valid_utf8(value));
  out += '\n';
}

// Takes "name=value\n" off the front, or nothing.
std::optional<std::string_view> take_line(std::string_view& rest, std::string_view name) {
  auto end = rest.find('\n');
  if (end == std::string_view::npos || !rest.starts_with(name) || rest.substr(name.size(), 1) != "=")
    return std::nullopt;
  auto value = rest.substr(name.size() + 1, end - name.size() - 1);
  rest.remove_prefix(end + 1);
  return value;
}

struct Decoded {
  Act act;
  std::int64_t seq = 0;
  Time at;
};

// Reads the lines; whether they are canonical is known only by encoding them again.
Result<Decoded> parse(std::string_view encoded) {
  Decoded decoded;
  auto rest = encoded;
  if (!rest.starts_with(first_line)) return malformed("another version");
  rest.remove_prefix(first_line.size());
  auto& act = decoded.act;
  auto workspace = take_line(rest, "workspace");
  auto id = workspace ? WorkspaceId::parse(*workspace) : std::nullopt;
  if (!id) return malformed("workspace");
  act.workspace = *id;
  auto seq = take_line(rest, "seq");
  if (!seq || std::from_chars(seq->data(), seq->data() + seq->size(), decoded.seq).ec != std::errc())
    return malformed("seq");
  auto at_text = take_line(rest, "at");
  auto at = at_text ? parse_rfc3339(*at_text) : std::nullopt;
  if (!at) return malformed("at");
  decoded.at = *at;
  const std::pair<std::string_view, std::string*> texts[] = {
      {"actor_kind", &act.actor.kind}, {"actor_id", &act.actor.id}, {"credential", &act.actor.credential}};
  for (const auto& [name, field] : texts) {
    auto line = take_line(rest, name);
    auto value = line ? unescape(*line) : std::nullopt;
    if (!value) return malformed(name);
    *field = *std::move(value);
  }
  auto action = take_line(rest, "action");
  auto object_kind = take_line(rest, "object_kind");
  auto object_line = take_line(rest, "object_id");
  auto object_id = object_line ? unescape(*object_line) : std::nullopt;
  if (!action || !object_kind || !object_id) return malformed("action or object");
  act.action = *action;
  act.object_kind = *object_kind;
  act.object_id = *std::move(object_id);
  while (!rest.empty()) {
    auto name = rest.substr(0, rest.find('='));
    auto line = take_line(rest, name);
    auto value = line ? unescape(*line) : std::nullopt;
    if (!value || !name.starts_with("detail.")) return malformed("detail");
    act.details.emplace_back(std::string(name.substr(7)), *std::move(value));
  }
  return decoded;
}

}  // namespace

Result<std::string> encode_entry(const Act& act, std::int64_t seq, Time at) {
  if (!is_name(act.actor.kind)) return malformed("actor_kind");
  if (!is_name(act.action)) return malformed("action");
  if (!act.object_kind.empty() && !is_name(act.object_kind)) return malformed("object_kind");
  std::string out;
  out.reserve(usual_bytes);
  out += first_line;
  append_line(out, "workspace", act.workspace.text());
  append_line(out, "seq", std::to_string(seq));
  append_line(out, "at", to_rfc3339(at));
  append_line(out, "actor_kind", act.actor.kind);
  append_line(out, "actor_id", act.actor.id);
  append_line(out, "credential", act.actor.credential);
  append_line(out, "action", act.action);
  append_line(out, "object_kind", act.object_kind);
  append_line(out, "object_id", act.object_id);
  std::vector<const std::pair<std::string, std::string>*> details;  // by name
  details.reserve(act.details.size());
  for (const auto& detail : act.details) details.push_back(&detail);
  std::ranges::sort(details, {}, [](const auto* detail) -> std::string_view { return detail->first; });
  for (std::size_t i = 0; i < details.size(); ++i) {
    const auto& [name, value] = *details[i];
    if (!is_name(name)) return malformed("the name of a detail");
    if (i > 0 && name == details[i - 1]->first) return malformed("a detail is given twice");
    out += "detail.";
    append_line(out, name, value);
  }
  if (out.size() > entry_bytes_max)
    return fail(ErrorKind::limited, "entry_too_large", "A ledger entry has at most 65,535 bytes: give fewer details.");
  return out;
}

Result<Act> decode_entry(std::string_view encoded, std::int64_t* seq, Time* at) {
  if (encoded.size() > entry_bytes_max || !is_valid_utf8(encoded)) return malformed("size or UTF-8");
  TRY(auto decoded, parse(encoded));
  auto again = encode_entry(decoded.act, decoded.seq, decoded.at);
  if (!again || *again != encoded) return malformed("not in the canonical form");
  if (seq) *seq = decoded.seq;
  if (at) *at = decoded.at;
  return std::move(decoded.act);
}

}  // namespace answerable::audit

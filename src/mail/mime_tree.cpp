#include "mail/mime_tree.h"

#include <gmime/gmime.h>

#include <memory>
#include <mutex>

#include "base/utf8.h"
#include "mail/ascii.h"
#include "mail/charset.h"
#include "mail/encoded_word.h"
#include "mail/limits.h"
#include "mail/message_ids.h"
#include "mail/mime_bounds.h"
#include "mail/mime_parameters.h"
#include "mail/raw_fields.h"

#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#endif

namespace answerable::mail {

namespace {

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

struct Free {
  void operator()(void* memory) const { g_free(memory); }
};
using OwnedText = std::unique_ptr<char, Free>;

// A message within is a part like others: its bytes are kept and not read. GMime would read it whole, and its address
// fields in time that grows with the square of their length.
void start_gmime() {
#if __has_feature(address_sanitizer)
  __lsan::ScopedDisabler not_ours;  // GMime does not free what it had registered before: 48 bytes, once
#endif
  g_mime_init();
  for (const auto* subtype : {"rfc822", "rfc-822", "news", "global"})
    g_mime_object_register_type("message", subtype, GMIME_TYPE_PART);
}

// Shared by all threads and never changed after it is made.
GMimeParserOptions* parser_options() {
  static GMimeParserOptions* options = [] {
    start_gmime();
    auto* made = g_mime_parser_options_new();
    const char* charsets[] = {"utf-8", "windows-1252", nullptr};
    g_mime_parser_options_set_fallback_charsets(made, charsets);
    return made;
  }();
  return options;
}

std::string text_of(const char* c_string) { return c_string == nullptr ? std::string{} : decode_header_text(c_string); }

// What one message may cost, counted also where a part of it is parsed again.
struct Budget {
  std::size_t parts = 0;
  std::size_t rebuilds = 0;
};

MimeMessage read_at_depth(std::string_view raw, std::size_t depth, Budget& budget);

void own_slices(MimeNode& node) {
  if (node.owned.empty()) node.owned = node.raw;
  node.raw = {};
  for (auto& child : node.children) own_slices(child);
}

class TreeReader {
 public:
  TreeReader(std::string_view source, Budget& budget) : source_(source), budget_(budget) {}

  MimeNode read(GMimeObject* object, std::size_t depth) {
    MimeNode node;
    read_type(object, node);
    if (GMIME_IS_MULTIPART(object))
      read_multipart(GMIME_MULTIPART(object), node, depth);
    else if (GMIME_IS_PART(object))
      read_leaf(GMIME_PART(object), node);
    return node;
  }

  std::vector<std::string> defects;

 private:
  static std::string_view raw_field(GMimeObject* object, const char* name) {
    auto* header = g_mime_header_list_get_header(g_mime_object_get_header_list(object), name);
    const auto* value = header == nullptr ? nullptr : g_mime_header_get_raw_value(header);
    return value == nullptr ? std::string_view{} : value;
  }

  // Whether there is a type at all in a Content-Type field: "text", "" and "; charset=utf-8" are none.
  static bool is_written_type(GMimeObject* object) {
    const auto* field = g_mime_object_get_header(object, "Content-Type");
    if (field == nullptr) return true;
    auto type = std::string_view(field).substr(0, std::string_view(field).find(';'));
    auto slash = type.find('/');
    return slash != std::string_view::npos && !trim(type.substr(0, slash)).empty();
  }

  void read_type(GMimeObject* object, MimeNode& node) {
    if (auto* type = g_mime_object_get_content_type(object); type != nullptr) {
      const auto* major = g_mime_content_type_get_media_type(type);
      const auto* minor = g_mime_content_type_get_media_subtype(type);
      if (major != nullptr && minor != nullptr) node.type = to_lower(text_of(major) + "/" + text_of(minor));
      MimeParameters parameters(raw_field(object, "Content-Type"));
      auto charset = parameters.find("charset");
      node.charset = charset.substr(0, charset.find_first_of(" ("));
      node.filename = parameters.find("name");
      if (node.filename.empty()) node.filename = parameters.find("file");  // as some programs call it
      node.flowed = same_letters(parameters.find("format"), "flowed");
      node.delete_space = same_letters(parameters.find("delsp"), "yes");
      if (node.type == "multipart/report") node.report_type = to_lower(parameters.find("report-type"));
    }
    if (auto* disposition = g_mime_object_get_content_disposition(object); disposition != nullptr) {
      node.disposition = to_lower(text_of(g_mime_content_disposition_get_disposition(disposition)));
      auto name = MimeParameters(raw_field(object, "Content-Disposition")).find("filename");
      if (!name.empty()) node.filename = name;
    }
    if (!is_written_type(object))  // RFC 2045 section 5.2
      node.type = node.filename.empty() ? "text/plain" : "application/octet-stream";
    node.description = decode_header_text(trim(raw_field(object, "Content-Description")));
    node.location = decode_header_text(trim(raw_field(object, "Content-Location")));
    auto ids = parse_message_ids(text_of(g_mime_object_get_content_id(object)));
    if (!ids.empty()) node.content_id = ids.front();
  }

  void read_multipart(GMimeMultipart* multipart, MimeNode& node, std::size_t depth) {
    auto count = g_mime_multipart_get_count(multipart);
    if (count == 0) return read_unbounded(multipart, node, depth);
    if (depth >= max_nesting) {
      defects.emplace_back("nesting_too_deep");
      return keep_raw(GMIME_OBJECT(multipart), node);
    }
    const auto* boundary = g_mime_multipart_get_boundary(multipart);
    boundaries_.push_back(boundary == nullptr ? "" : std::string("--") + boundary);
    for (int i = 0; i < count; ++i) {
      if (++budget_.parts > max_parts) {
        defects.emplace_back("too_many_parts");
        break;
      }
      node.children.push_back(read(g_mime_multipart_get_part(multipart, i), depth + 1));
    }
    boundaries_.pop_back();
  }

  // A multipart none of whose boundaries was found: everything is in what GMime takes for the prologue.
  void read_unbounded(GMimeMultipart* multipart, MimeNode& node, std::size_t depth) {
    defects.emplace_back("no_boundary");
    const auto* prologue = g_mime_multipart_get_prologue(multipart);
    std::string_view text = prologue == nullptr ? "" : prologue;
    auto boundary = guess_boundary(text);
    // Each rebuilding keeps a copy of the rest of the message: nested ones would multiply its size.
    if (boundary.empty() || depth >= max_nesting || ++budget_.rebuilds > max_rebuilt_multiparts) {
      node.owned = text;
      node.type = "text/plain";
      read_encoding(GMIME_OBJECT(multipart), node);
      return;
    }
    auto rebuilt = "Content-Type: " + node.type + "; boundary=\"" + boundary + "\"\n\n";
    rebuilt += text;
    g_mime_multipart_set_prologue(multipart, nullptr);  // `text` is gone, and the memory of it
    auto inner = read_at_depth(rebuilt, depth + 1, budget_);
    node = std::move(inner.root);
    own_slices(node);
  }

  // The first line that begins with -- and is followed by a Content- field.
  static std::string guess_boundary(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      auto end = text.find('\n', at);
      if (end == std::string_view::npos) return {};
      auto line = trim(text.substr(at, end - at));
      if (line.starts_with("--") && line.size() > 2 && line.size() < 200 && line.find('"') == line.npos &&
          starts_with_letters(text.substr(end + 1), "content-"))
        return std::string(line.substr(2));
      at = end + 1;
    }
    return {};
  }

  // The bytes of an object from its first field to the next boundary around it, as they came.
  void keep_raw(GMimeObject* object, MimeNode& node) {
    if (node.is_multipart()) node.type = "application/octet-stream";
    auto* list = g_mime_object_get_header_list(object);
    auto* first = g_mime_header_list_get_count(list) > 0 ? g_mime_header_list_get_header_at(list, 0) : nullptr;
    auto offset = first == nullptr ? -1 : g_mime_header_get_offset(first);
    if (offset < 0 || static_cast<std::size_t>(offset) > source_.size()) return keep_rewritten(object, node);
    auto start = static_cast<std::size_t>(offset);
    node.raw = source_.substr(start, next_boundary(start) - start);
  }

  std::size_t next_boundary(std::size_t start) const {
    auto line_end = source_.find("\n--", start);
    for (; line_end != std::string_view::npos; line_end = source_.find("\n--", line_end + 1)) {
      auto rest = source_.substr(line_end + 1);
      for (const auto& boundary : boundaries_)
        if (boundary.size() > 2 && rest.starts_with(boundary) && ends_boundary(rest.substr(boundary.size())))
          return line_end > start && source_[line_end - 1] == '\r' ? line_end - 1 : line_end;
    }
    return source_.size();
  }

  static bool ends_boundary(std::string_view rest) {
    return rest.empty() || rest.starts_with("--") || is_space(rest[0]);
  }

  static void keep_rewritten(GMimeObject* object, MimeNode& node) {
    Owned<GMimeStream> stream(g_mime_stream_mem_new());
    g_mime_object_write_to_stream(object, nullptr, stream.get());
    const auto* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
    node.owned.assign(reinterpret_cast<const char*>(bytes->data), bytes->len);
  }

  static void read_encoding(GMimeObject* object, MimeNode& node) {
    node.encoding = transfer_encoding_of(text_of(g_mime_object_get_header(object, "Content-Transfer-Encoding")));
  }

  void read_leaf(GMimePart* part, MimeNode& node) {
    read_encoding(GMIME_OBJECT(part), node);
    auto* content = g_mime_part_get_content(part);
    if (content == nullptr) return;
    auto* stream = g_mime_data_wrapper_get_stream(content);
    if (stream == nullptr || !GMIME_IS_STREAM_MEM(stream)) return;
    auto start = static_cast<std::size_t>(stream->bound_start);
    auto end = stream->bound_end < 0 ? source_.size() : static_cast<std::size_t>(stream->bound_end);
    if (start > end || end > source_.size()) return;
    // The line end before a boundary is the boundary's. Of another kind than those above, GMime takes a character more;
    // it leaves half of it when nothing follows the last boundary.
    if (!boundaries_.empty() && end < source_.size() && !is_space(source_[end]) &&
        source_.substr(end + 1).starts_with("\n--"))
      ++end;
    node.raw = source_.substr(start, end - start);
    if (!boundaries_.empty() && node.raw.ends_with('\r') && source_.substr(end).starts_with("\n--"))
      node.raw.remove_suffix(1);
    cut_closing_boundary(node.raw);
  }

  // "Good bye--boundary--": a program forgot the line end above the last boundary.
  void cut_closing_boundary(std::string_view& content) const {
    if (boundaries_.empty() || boundaries_.back().size() <= 2) return;
    auto last = content;
    while (!last.empty() && is_space(last.back())) last.remove_suffix(1);
    auto closing = boundaries_.back() + "--";
    if (last.ends_with(closing)) content = last.substr(0, last.size() - closing.size());
  }

  std::string_view source_;
  std::vector<std::string> boundaries_;  // of the multiparts around, outermost first
  Budget& budget_;
};

std::string charset_of_parts(const MimeNode& node) {
  const auto is_file = !node.filename.empty() || node.disposition == "attachment";
  if (!node.charset.empty() && !is_file) return node.charset;
  for (const auto& child : node.children)
    if (auto found = charset_of_parts(child); !found.empty()) return found;
  return {};
}

std::string charset_of_fields(GMimeHeaderList* list) {
  for (const auto* name : {"Subject", "From"}) {
    auto* header = g_mime_header_list_get_header(list, name);
    const auto* value = header == nullptr ? nullptr : g_mime_header_get_raw_value(header);
    if (value == nullptr) continue;
    if (auto charset = charset_of_words(value); !charset.empty()) return std::string(charset);
  }
  return {};
}

void read_headers(GMimeObject* object, MimeMessage& out) {
  auto* list = g_mime_object_get_header_list(object);
  out.likely_charset = charset_of_parts(out.root);
  if (out.likely_charset.empty()) out.likely_charset = charset_of_fields(list);
  auto count = g_mime_header_list_get_count(list);
  for (int i = 0; i < count; ++i) {
    auto* header = g_mime_header_list_get_header_at(list, i);
    const auto* name = g_mime_header_get_name(header);
    const auto* value = g_mime_header_get_raw_value(header);
    if (name == nullptr || value == nullptr) continue;
    // A name is ASCII: "\u{FEFF}From" must not become a From that stands before the true one.
    Header read{to_valid_utf8(trim(name)), unfold(decode_raw_header(trim(value), out.likely_charset))};
    out.headers.push_back(std::move(read));
  }
}

MimeMessage read_at_depth(std::string_view whole, std::size_t depth, Budget& budget) {
  auto* options = parser_options();
  MimeMessage out;
  MimeBounds bounds;
  bound_mime(whole, bounds);
  auto raw = bounds.text;
  // A byte array that borrows: the streams only read it, and do not own it.
  GByteArray bytes{.data = reinterpret_cast<guint8*>(const_cast<char*>(raw.data())),
                   .len = static_cast<guint>(std::min<std::size_t>(raw.size(), G_MAXINT32))};
  Owned<GMimeStream> stream(g_mime_stream_mem_new_with_byte_array(&bytes));
  g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream.get()), FALSE);
  Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  g_mime_parser_set_persist_stream(parser.get(), TRUE);
  // Read as a part, not as a message: the fields of a message are ours to read, and GMime would parse them too.
  Owned<GMimeObject> message(g_mime_parser_construct_part(parser.get(), options));
  if (!message) {
    out.defects.emplace_back("no_header");
    out.root.raw = whole;
    return out;
  }
  TreeReader reader(raw, budget);
  out.root = reader.read(message.get(), depth);
  read_headers(message.get(), out);
  out.defects = std::move(bounds.defects);
  out.defects.insert(out.defects.end(), reader.defects.begin(), reader.defects.end());
  if (!bounds.owned.empty()) own_slices(out.root);
  return out;
}

}  // namespace

MimeMessage read_mime(std::string_view raw) {
  Budget budget;
  return read_at_depth(raw, 0, budget);
}

}  // namespace answerable::mail

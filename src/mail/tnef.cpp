#include "mail/tnef.h"

#include "base/utf8.h"
#include "mail/byte_reader.h"
#include "mail/charset.h"
#include "mail/limits.h"
#include "mail/rtf_text.h"

namespace answerable::mail {

namespace {

// Attributes (MS-OXTNEF 2.1.3.1) and properties of MAPI (MS-OXPROPS) that matter to a reader.
constexpr std::uint32_t signature = 0x223E9F78;
constexpr std::uint32_t att_body = 0x0002800C, att_message_properties = 0x00069003, att_code_page = 0x00069007;
constexpr std::uint32_t att_begin_file = 0x00069002, att_file_title = 0x00018010, att_file_data = 0x0006800F,
                        att_file_properties = 0x00069005;
constexpr std::uint32_t prop_body = 0x1000, prop_html = 0x1013, prop_rtf = 0x1009;
constexpr std::uint32_t prop_file_data = 0x3701, prop_long_name = 0x3707, prop_short_name = 0x3704, prop_name = 0x3001,
                        prop_mime_type = 0x370E, prop_content_id = 0x3712;
constexpr std::uint32_t type_string8 = 0x1E, type_unicode = 0x1F, type_object = 0x0D, type_binary = 0x102;

struct Property {
  std::uint32_t id = 0, type = 0;
  std::string_view value;  // the first one of several
};

std::size_t size_of_type(std::uint32_t type) {
  switch (type) {
    case 0x02:
    case 0x0B: return 2;
    case 0x03:
    case 0x04:
    case 0x0A: return 4;
    case 0x05:
    case 0x06:
    case 0x07:
    case 0x14:
    case 0x40: return 8;
    case 0x48: return 16;
    default: return 0;
  }
}

std::size_t padded(std::size_t size) { return (size + 3) / 4 * 4; }

bool has_length(std::uint32_t type) {
  return type == type_string8 || type == type_unicode || type == type_object || type == type_binary;
}

void skip_name(ByteReader& in) {  // of a named property
  in.take(16);
  if (in.number(4) == 0) return void(in.number(4));
  in.take(padded(in.number(4)));
}

Property read_property(ByteReader& in) {
  Property property;
  auto type = in.number(2);
  property.id = in.number(2);
  property.type = type & 0x0FFFU;
  if (property.id >= 0x8000U) skip_name(in);
  auto many = (type & 0x1000U) != 0;
  auto count = many || has_length(property.type) ? in.number(4) : 1;
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    auto size = has_length(property.type) ? in.number(4) : size_of_type(property.type);
    if (!has_length(property.type) && size == 0) in.take(in.left() + 1);  // unknown: nothing after it can be read
    auto value = in.take(size);
    in.take(padded(size) - size);
    if (i == 0) property.value = value;
  }
  return property;
}

class TnefReader {
 public:
  explicit TnefReader(std::string_view bytes) : in_(bytes) {}

  std::optional<Tnef> read() {
    if (in_.number(4) != signature) return std::nullopt;
    in_.number(2);
    while (in_.ok() && in_.left() > 0) read_attribute();
    out_.damaged = !in_.ok();
    std::erase_if(out_.files, [](const TnefFile& file) { return file.content.empty() && file.name.empty(); });
    return std::move(out_);
  }

 private:
  void read_attribute() {
    in_.number(1);  // of the message or of a file
    auto id = in_.number(4);
    auto data = in_.take(in_.number(4));
    in_.number(2);  // checksum
    if (id == att_code_page)
      code_page_ = "cp" + std::to_string(ByteReader(data).number(4));
    else if (id == att_body)
      out_.text = text8(data);
    else if (id == att_message_properties)
      read_properties(data, [this](const Property& property) { set_body(property); });
    else if (id == att_begin_file)
      begin_file();
    else if (!out_.files.empty())
      read_file_attribute(id, data);
  }

  void begin_file() {
    if (out_.files.size() < max_attachments)
      out_.files.emplace_back();
    else
      in_.take(in_.left());
  }

  void read_file_attribute(std::uint32_t id, std::string_view data) {
    auto& file = out_.files.back();
    if (id == att_file_title && file.name.empty())
      file.name = text8(data);
    else if (id == att_file_data)
      file.content = data;
    else if (id == att_file_properties)
      read_properties(data, [&](const Property& property) { set_file(file, property); });
  }

  template <class Each>
  void read_properties(std::string_view data, Each each) {
    ByteReader in(data);
    auto count = in.number(4);
    for (std::uint32_t i = 0; i < count && in.ok() && in.left() > 0; ++i) each(read_property(in));
  }

  void set_body(const Property& property) {
    if (property.id == prop_body) out_.text = text(property);
    if (property.id == prop_html) out_.html = property.type == type_binary ? text8(property.value) : text(property);
    if (property.id == prop_rtf && out_.text.empty() && out_.html.empty())
      out_.text = rtf_to_text(decompress_rtf(property.value));
  }

  void set_file(TnefFile& file, const Property& property) {
    if (property.id == prop_long_name) file.name = text(property);
    if ((property.id == prop_short_name || property.id == prop_name) && file.name.empty()) file.name = text(property);
    if (property.id == prop_mime_type) file.type = text(property);
    if (property.id == prop_content_id) file.content_id = text(property);
    if (property.id != prop_file_data || !file.content.empty()) return;
    // An embedded message begins with the id of its interface; inside is TNEF again, kept as the file it is.
    file.content =
        property.type == type_object && property.value.size() > 16 ? property.value.substr(16) : property.value;
  }

  std::string text(const Property& property) const {
    if (property.type != type_unicode) return text8(property.value);
    return until_nul(decode_charset(property.value, "utf-16le").text);
  }

  std::string text8(std::string_view bytes) const {
    return until_nul(decode_charset(bytes.substr(0, bytes.find('\0')), code_page_).text);
  }

  static std::string until_nul(std::string text) { return text.substr(0, text.find('\0')); }

  ByteReader in_;
  Tnef out_;
  std::string code_page_ = "windows-1252";
};

}  // namespace

bool is_tnef(std::string_view bytes) { return ByteReader(bytes).number(4) == signature; }

std::optional<Tnef> read_tnef(std::string_view bytes) { return TnefReader(bytes).read(); }

}  // namespace answerable::mail

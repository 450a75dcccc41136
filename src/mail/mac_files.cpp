#include "mail/mac_files.h"

#include <array>
#include <cstdint>

#include "base/utf8.h"
#include "mail/ascii.h"
#include "mail/charset.h"

namespace answerable::mail {

namespace {

constexpr std::string_view binhex_alphabet = "!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr";
constexpr std::uint8_t no_value = 0xFF;

constexpr std::array<std::uint8_t, 256> make_binhex_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_value);
  for (std::size_t i = 0; i < binhex_alphabet.size(); ++i)
    values[static_cast<unsigned char>(binhex_alphabet[i])] = static_cast<std::uint8_t>(i);
  return values;
}
constexpr auto binhex_values = make_binhex_values();

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (char c : bytes) value = value << 8U | static_cast<unsigned char>(c);
  return value;
}

// CRC-16 of CCITT, the 16 zero bits at the end counted.
std::uint32_t checksum(std::string_view bytes) {
  std::uint32_t crc = 0;
  auto feed = [&](unsigned byte) {
    crc ^= byte << 8U;
    for (int i = 0; i < 8; ++i) crc = (crc & 0x8000U) != 0 ? (crc << 1U ^ 0x1021U) & 0xFFFFU : crc << 1U & 0xFFFFU;
  };
  for (char c : bytes) feed(static_cast<unsigned char>(c));
  return crc;
}

// Six bits a character, then runs: 0x90 n repeats the byte before it, 0x90 0 is a 0x90.
class BinhexReader {
 public:
  explicit BinhexReader(std::string_view text) : rest_(text) {}

  std::string take(std::size_t size) {
    std::string out;
    while (out.size() < size && (repeat_ > 0 || next())) {
      auto count = std::min<std::size_t>(repeat_, size - out.size());
      out.append(count, last_);
      repeat_ -= count;
    }
    return out;
  }

 private:
  bool next() {
    auto byte = raw();
    if (byte < 0) return false;
    if (byte != 0x90) {
      last_ = static_cast<char>(byte);
      repeat_ = 1;
      return true;
    }
    auto count = raw();
    if (count < 0) return false;
    if (count == 0) last_ = '\x90';
    repeat_ = count == 0 ? 1 : static_cast<std::size_t>(count) - 1;
    return true;
  }

  int raw() {
    while (held_ < 8) {
      if (rest_.empty() || rest_[0] == ':') return -1;
      auto value = binhex_values[static_cast<unsigned char>(rest_[0])];
      rest_.remove_prefix(1);
      if (value == no_value) continue;
      bits_ = (bits_ << 6U | value) & 0xFFFFU;
      held_ += 6;
    }
    held_ -= 8;
    return static_cast<int>(bits_ >> held_ & 0xFFU);
  }

  std::string_view rest_;
  std::uint32_t bits_ = 0;
  unsigned held_ = 0;
  std::size_t repeat_ = 0;  // how often `last_` still comes
  char last_ = 0;
};

std::string mac_name(std::string_view bytes) {
  return to_valid_utf8(decode_charset(bytes.substr(0, bytes.find('\0')), "macintosh").text);
}

}  // namespace

std::optional<MacFile> read_binhex(std::string_view text, std::size_t max_bytes) {
  auto marker = text.find("(This file must be converted with BinHex");
  auto start = text.find("\n:", marker == std::string_view::npos ? 0 : marker);
  if (text.starts_with(':'))
    text.remove_prefix(1);
  else if (start != std::string_view::npos)
    text.remove_prefix(start + 2);
  else
    return std::nullopt;
  BinhexReader in(text);
  auto head = in.take(1);
  if (head.empty()) return std::nullopt;
  auto name_size = static_cast<unsigned char>(head[0]);
  constexpr std::size_t after_name = 1 + 4 + 4 + 2 + 4 + 4;  // version, type, creator, flags, sizes of both forks
  head += in.take(name_size + after_name);
  auto crc = in.take(2);
  if (crc.size() < 2 || name_size == 0 || name_size > 63 || big_endian(crc) != checksum(head)) return std::nullopt;
  std::string_view fields = head;
  auto size = big_endian(fields.substr(fields.size() - 8, 4));
  if (size > max_bytes) return std::nullopt;
  MacFile file{.name = mac_name(fields.substr(1, name_size)), .content = in.take(size)};
  crc = in.take(2);
  file.damaged = crc.size() < 2 || big_endian(crc) != checksum(file.content);
  return file;
}

std::optional<MacFile> read_apple_single(std::string_view bytes) {
  constexpr std::uint32_t magic = 0x00051600, data_fork = 1, real_name = 3;
  constexpr std::size_t head_size = 26, entry_size = 12;
  if (bytes.size() < head_size || big_endian(bytes.substr(0, 4)) != magic) return std::nullopt;
  auto count = big_endian(bytes.substr(24, 2));
  std::optional<MacFile> file;
  std::string name;
  for (std::size_t i = 0; i < count && head_size + (i + 1) * entry_size <= bytes.size(); ++i) {
    auto entry = bytes.substr(head_size + i * entry_size, entry_size);
    auto id = big_endian(entry.substr(0, 4));
    std::size_t offset = big_endian(entry.substr(4, 4)), size = big_endian(entry.substr(8, 4));
    if (id != data_fork && id != real_name) continue;
    auto slice = offset <= bytes.size() ? bytes.substr(offset, size) : std::string_view{};
    if (id == real_name) name = mac_name(slice.substr(0, 255));
    if (id == data_fork) file = MacFile{.name = {}, .content = std::string(slice), .damaged = slice.size() < size};
  }
  if (file) file->name = name;
  return file;
}

}  // namespace answerable::mail

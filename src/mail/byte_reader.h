// Little-endian numbers and slices off the front of bytes that a stranger sent. Past the end everything is 0 or empty,
// and `ok` says so.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace answerable::mail {

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  std::size_t left() const { return rest_.size(); }

  std::string_view take(std::size_t size) {
    ok_ = ok_ && size <= rest_.size();
    auto slice = rest_.substr(0, size);
    rest_.remove_prefix(slice.size());
    return slice;
  }

  std::uint32_t number(unsigned size) {
    std::uint32_t value = 0;
    auto bytes = take(size);
    for (std::size_t i = bytes.size(); i > 0; --i) value = value << 8U | static_cast<unsigned char>(bytes[i - 1]);
    return value;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace answerable::mail

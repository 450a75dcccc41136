// Writes a MaxMind DB (format 2.0, IPv6 tree with the IPv4 addresses below ::/96, records of 24 bits) for tests.
#pragma once

#include <arpa/inet.h>

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace answerable::access {

class GeoFile {
 public:
  // The whole /24 or /64 of an address; `fields` of its map "location", as text() and number() write them.
  void add(const char* address, std::string fields, std::uint32_t count) {
    const auto offset = static_cast<std::uint32_t>(data_.size());
    data_ += map(1) + text("location") + map(count) + std::move(fields);
    places_.emplace_back(bits_of(address), offset);
  }
  static std::string text(std::string_view value) {
    return static_cast<char>((2 << 5) | static_cast<int>(value.size())) + std::string(value);
  }
  static std::string real(double value) {
    return static_cast<char>((3 << 5) | 8) + big_endian(std::bit_cast<std::uint64_t>(value), 8);
  }
  static std::string number(std::uint16_t value) { return static_cast<char>((5 << 5) | 2) + big_endian(value, 2); }
  static std::string map(std::uint32_t count) { return {static_cast<char>((7 << 5) | static_cast<int>(count))}; }

  std::string bytes() const {
    std::vector<std::array<std::uint32_t, 2>> nodes{{0, 0}};  // 0: nothing yet; marked: a place
    constexpr std::uint32_t mark = 1U << 31;
    for (const auto& [bits, offset] : places_) {
      std::size_t node = 0;
      for (std::size_t i = 0; i + 1 < bits.size(); ++i) {
        const std::size_t side = bits[i];
        if (nodes[node][side] == 0) {
          nodes[node][side] = static_cast<std::uint32_t>(nodes.size());
          nodes.push_back({0, 0});
        }
        node = nodes[node][side];
      }
      nodes[node][bits.back()] = mark | offset;
    }
    const auto count = static_cast<std::uint32_t>(nodes.size());
    std::string tree;
    for (const auto& node : nodes) {
      for (const auto record : node)
        tree += big_endian(record == 0 ? count : (record & mark) != 0 ? count + 16 + (record & ~mark) : record, 3);
    }
    const auto metadata =
        map(9) + text("node_count") + uint32(count) + text("record_size") + number(24) + text("ip_version") +
        number(6) + text("database_type") + text("Test-City") + text("build_epoch") + std::string("\x01\x02\x01", 3) +
        text("languages") + std::string("\x01\x04", 2) + text("en") + text("description") + map(0) +
        text("binary_format_major_version") + number(2) + text("binary_format_minor_version") + number(0);
    return tree + std::string(16, '\0') + data_ + "\xab\xcd\xefMaxMind.com" + metadata;
  }

 private:
  static std::string big_endian(std::uint64_t value, int bytes) {
    std::string out;
    for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>((value >> (8 * i)) & 0xff);
    return out;
  }
  static std::string uint32(std::uint32_t value) { return static_cast<char>((6 << 5) | 4) + big_endian(value, 4); }
  static std::vector<bool> bits_of(const char* address) {
    std::array<unsigned char, 16> bytes{};
    const bool is_v4 = inet_pton(AF_INET, address, bytes.data() + 12) == 1;
    if (!is_v4) inet_pton(AF_INET6, address, bytes.data());
    std::vector<bool> bits;
    for (std::size_t i = 0; i < (is_v4 ? 120U : 64U); ++i) bits.push_back((bytes[i / 8] >> (7 - i % 8) & 1) != 0);
    return bits;
  }

  std::string data_;
  std::vector<std::pair<std::vector<bool>, std::uint32_t>> places_;
};

}  // namespace answerable::access

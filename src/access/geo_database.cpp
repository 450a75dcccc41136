#include "access/geo_database.h"

#include <maxminddb.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace answerable::access {
namespace {

constexpr double earth_radius_km = 6'371;

double radians(double degrees) { return degrees * std::numbers::pi / 180; }

class File final : public GeoDatabase {
 public:
  ~File() override {
    if (is_open_) MMDB_close(&file_);
  }
  Status open(const std::string& file) {
    const int status = MMDB_open(file.c_str(), MMDB_MODE_MMAP, &file_);
    is_open_ = status == MMDB_SUCCESS;
    if (is_open_) return {};
    return fail(ErrorKind::invalid, "bad_geo_database",
                file + " is not a MaxMind DB that can be read: " + MMDB_strerror(status));
  }
  std::optional<Location> find(std::string_view address) const override {
    int no_address = 0, trouble = MMDB_SUCCESS;
    auto found = MMDB_lookup_string(&file_, std::string(address).c_str(), &no_address, &trouble);
    if (no_address != 0 || trouble != MMDB_SUCCESS || !found.found_entry) return std::nullopt;
    const auto latitude = number(found.entry, "latitude"), longitude = number(found.entry, "longitude");
    if (!latitude || !longitude || std::abs(*latitude) > 90 || std::abs(*longitude) > 180) return std::nullopt;
    return Location{.latitude = *latitude,
                    .longitude = *longitude,
                    .accuracy_km = number(found.entry, "accuracy_radius").value_or(usual_accuracy_km)};
  }

 private:
  static std::optional<double> number(MMDB_entry_s& entry, const char* name) {
    MMDB_entry_data_s data;
    if (MMDB_get_value(&entry, &data, "location", name, nullptr) != MMDB_SUCCESS || !data.has_data) return std::nullopt;
    if (data.type == MMDB_DATA_TYPE_DOUBLE) return data.double_value;
    if (data.type == MMDB_DATA_TYPE_FLOAT) return static_cast<double>(data.float_value);
    if (data.type == MMDB_DATA_TYPE_UINT16) return data.uint16;
    return std::nullopt;
  }

  MMDB_s file_{};
  bool is_open_ = false;
};

}  // namespace

// The haversine formula.
double kilometres_between(const Location& one, const Location& other) {
  const auto half = [](double a, double b) { return std::sin(radians(b - a) / 2); };
  const auto north = half(one.latitude, other.latitude), east = half(one.longitude, other.longitude);
  const auto chord = north * north + std::cos(radians(one.latitude)) * std::cos(radians(other.latitude)) * east * east;
  const auto distance = 2 * earth_radius_km * std::asin(std::sqrt(std::clamp(chord, 0.0, 1.0)));
  return std::max(0.0, distance - one.accuracy_km - other.accuracy_km);
}

Result<std::shared_ptr<const GeoDatabase>> GeoDatabase::open(const std::string& file) {
  if (file.empty()) return std::shared_ptr<const GeoDatabase>();
  auto opened = std::make_shared<File>();
  TRY_STATUS(opened->open(file));
  return opened;
}

}  // namespace answerable::access

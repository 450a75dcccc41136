// Where network addresses are, as far as a file of the operator's says: a MaxMind DB with locations (GeoLite2 City,
// DB-IP City Lite and others). Nothing is asked over the network.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace answerable::access {

struct Location {
  double latitude = 0, longitude = 0;  // degrees
  double accuracy_km = 0;              // it may be so far off
};
// On the surface of the earth, less what both may be off; never below 0.
double kilometres_between(const Location& one, const Location& other);

// Thread-safe. The file is read once and may be replaced; a restart reads the new one.
class GeoDatabase {
 public:
  static constexpr double usual_accuracy_km = 100;  // where the file names none

  // No file named: nothing. Errors: invalid "bad_geo_database".
  static Result<std::shared_ptr<const GeoDatabase>> open(const std::string& file);
  virtual ~GeoDatabase() = default;
  // Nothing: the file does not know, or `address` is none.
  virtual std::optional<Location> find(std::string_view address) const = 0;
};

}  // namespace answerable::access

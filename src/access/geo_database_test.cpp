#include "access/geo_database.h"

#include <doctest/doctest.h>

#include <fstream>

#include "access/geo_file_test.h"
#include "store/testing.h"

using namespace answerable;
using namespace answerable::access;

namespace {

struct Maps {
  store::TemporaryFolder folder;

  Result<std::shared_ptr<const GeoDatabase>> open(const std::string& bytes) {
    const auto file = folder.path() + "/places.mmdb";
    std::ofstream(file, std::ios::binary) << bytes;
    return GeoDatabase::open(file);
  }
  static std::string location(double latitude, double longitude) {
    return GeoFile::text("latitude") + GeoFile::real(latitude) + GeoFile::text("longitude") + GeoFile::real(longitude);
  }
};

}  // namespace

TEST_CASE_FIXTURE(Maps, "an address of a map has its place, with how far it may be off") {
  GeoFile file;
  file.add("198.51.100.0", location(38.7, -9.1) + GeoFile::text("accuracy_radius") + GeoFile::number(20), 3);
  file.add("2001:db8:1:2::", location(35.7, 139.7), 2);
  file.add("203.0.113.0", location(120, 139.7), 2);
  const auto map = open(file.bytes()).value();
  const auto lisbon = map->find("198.51.100.7");
  REQUIRE(lisbon);
  CHECK(lisbon->latitude == doctest::Approx(38.7));
  CHECK(lisbon->longitude == doctest::Approx(-9.1));
  CHECK(lisbon->accuracy_km == 20);
  const auto tokyo = map->find("2001:db8:1:2:3::4");
  REQUIRE(tokyo);
  CHECK(tokyo->accuracy_km == GeoDatabase::usual_accuracy_km);
  for (const auto* nowhere : {"192.0.2.1", "2001:db8:1:3::1", "203.0.113.9", "localhost", ""}) {
    CAPTURE(nowhere);
    CHECK(!map->find(nowhere));
  }
  CHECK(kilometres_between(*lisbon, *tokyo) == doctest::Approx(11'149 - 120).epsilon(0.01));
  CHECK(kilometres_between(*lisbon, *lisbon) == 0);
}

TEST_CASE_FIXTURE(Maps, "a file that is no map is refused with its name") {
  for (const auto& bytes : {std::string(), std::string("hello"), std::string(1'000, '\xff')}) {
    const auto opened = open(bytes);
    REQUIRE(!opened);
    CHECK(opened.error().code == "bad_geo_database");
    CHECK(opened.error().detail.contains("places.mmdb"));
  }
  CHECK(GeoDatabase::open(folder.path() + "/none").error().code == "bad_geo_database");
}

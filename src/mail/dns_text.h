// What the checks of a sender ask of the DNS: the TXT records of a name. The caller brings the answer, so that this
// folder does no I/O.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace answerable::mail {

struct DnsText {
  enum class Outcome : std::uint8_t {
    found,
    absent,  // the name, or a TXT record of it, does not exist
    failed,  // no answer now: another time it may be there
  };
  Outcome outcome = Outcome::failed;
  std::vector<std::string> records;  // the strings of one record joined
};

using FindText = std::function<DnsText(const std::string& name)>;

}  // namespace answerable::mail

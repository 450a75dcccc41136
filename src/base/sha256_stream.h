// SHA-256 (FIPS 180-4) of bytes that come piece by piece. One thread at a time.
#pragma once

#include <memory>
#include <string_view>

#include "base/digest.h"

namespace answerable {

class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  void add(std::string_view bytes);
  Digest finish();  // once; nothing is added after it

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace answerable

// A certificate chain and its private key for servers (TLS 1.2 and 1.3). Thread-safe.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace answerable::net {

class TlsIdentity {
 public:
  // PEM files. Fails with a sentence that names the file when they cannot be read or do not belong together.
  static Result<std::shared_ptr<TlsIdentity>> load(std::string certificate_file, std::string key_file);
  ~TlsIdentity();
  // Reads the files again; connections that exist keep what they have. On failure the old identity stays in use.
  Status reload();

  struct Context;
  std::shared_ptr<Context> context() const;  // for src/net/*.cpp

 private:
  TlsIdentity(std::string certificate_file, std::string key_file);
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace answerable::net

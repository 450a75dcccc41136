// What handlers share. Lives as long as the Api; thread-safe through its parts.
#pragma once

#include <memory>

#include "access/read_recorder.h"
#include "access/sign_in.h"
#include "access/throttle.h"
#include "http/api.h"
#include "http/directory.h"
#include "http/image_proxy.h"
#include "http/lanes.h"
#include "http/rate_limit.h"
#include "http/standing.h"

namespace answerable::http {

class LiveHub;
class Watch;

struct ApiContext {
  ApiContext(const ApiParts& given, ApiConfig settings);
  ~ApiContext();

  ApiParts parts;
  ApiConfig config;
  access::Authenticator authenticator;
  access::SignInThrottle throttle;
  RateGuard rates;
  Lanes lanes;
  Directory directory;
  Standing standing;
  access::ReadRecorder reads;
  std::shared_ptr<LiveHub> live;
  std::unique_ptr<Watch> watch;
  ImageProxy images;  // the last two: their jobs use all the others
  access::HashingThreads hashing;

  store::Database& database() const { return parts.database; }
};

}  // namespace answerable::http

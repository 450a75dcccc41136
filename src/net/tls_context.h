// What a TlsIdentity holds at one moment. For src/net/*.cpp only.
#pragma once

#include <boost/asio/ssl/context.hpp>

#include "net/tls.h"

namespace answerable::net {

struct TlsIdentity::Context {
  boost::asio::ssl::context ssl{boost::asio::ssl::context::tls_server};
};

}  // namespace answerable::net

#include "channels/email/certificate_check.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

#include "net/address.h"

namespace answerable::channels {

namespace {

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};

template <class T>
using Owned = std::unique_ptr<T, Free>;

Owned<X509> parse(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  return Owned<X509>(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

std::unexpected<Error> untrusted(const std::string& why) {
  return fail(ErrorKind::unavailable, "certificate_untrusted", "The server's certificate is not trusted: " + why + ".");
}

}  // namespace

Status check_certificate(const std::vector<std::string>& chain, const std::string& host, const std::string& ca_file) {
  if (chain.empty()) return untrusted("there is none");
  auto leaf = parse(chain.front());
  Owned<STACK_OF(X509)> between(sk_X509_new_null());
  for (std::size_t i = 1; i < chain.size(); ++i)
    if (auto one = parse(chain[i])) sk_X509_push(between.get(), one.release());
  Owned<X509_STORE> store(X509_STORE_new());
  Owned<X509_STORE_CTX> context(X509_STORE_CTX_new());
  if (!leaf || !between || !store || !context) return untrusted("it cannot be read");
  X509_STORE_set_default_paths(store.get());
  if (!ca_file.empty() && X509_STORE_load_file(store.get(), ca_file.c_str()) != 1)
    return untrusted("the file of roots cannot be read");
  if (X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), between.get()) != 1)
    return untrusted("it cannot be checked");
  auto* parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER);
  const bool is_address = net::IpAddress::parse(host).has_value();
  const int named = is_address ? X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str())
                               : X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size());
  if (named != 1) return untrusted("the host name cannot be checked");
  if (X509_verify_cert(context.get()) == 1) return {};
  return untrusted(X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())));
}

}  // namespace answerable::channels

#include "net/tls.h"

#include <openssl/ssl.h>

#include <mutex>
#include <utility>

#include "net/tls_context.h"

namespace answerable::net {

struct TlsIdentity::State {
  std::string certificate_file, key_file;
  mutable std::mutex mutex;
  std::shared_ptr<Context> context;
};

namespace {

Result<std::shared_ptr<TlsIdentity::Context>> read(const std::string& certificate_file, const std::string& key_file) {
  auto context = std::make_shared<TlsIdentity::Context>();
  auto* native = context->ssl.native_handle();
  boost::system::error_code error;
  context->ssl.use_certificate_chain_file(certificate_file, error);
  if (error) {
    return fail(ErrorKind::invalid, "tls_certificate_unreadable",
                "the certificate file " + certificate_file + " cannot be read: " + error.message());
  }
  context->ssl.use_private_key_file(key_file, boost::asio::ssl::context::pem, error);
  if (error) {
    return fail(ErrorKind::invalid, "tls_key_unreadable",
                "the key file " + key_file + " cannot be read or does not belong to " + certificate_file + ": " +
                    error.message());
  }
  if (SSL_CTX_check_private_key(native) != 1) {
    return fail(ErrorKind::invalid, "tls_key_mismatch",
                "the key in " + key_file + " does not belong to " + certificate_file);
  }
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  // Of TLS 1.2 what is as good as 1.3: keys of this connection alone, and sealed as they are encrypted.
  if (SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1)
    return fail(ErrorKind::internal, "tls_ciphers", "this OpenSSL knows none of the cipher suites of TLS 1.2");
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  return context;
}

}  // namespace

TlsIdentity::TlsIdentity(std::string certificate_file, std::string key_file) : state_(std::make_unique<State>()) {
  state_->certificate_file = std::move(certificate_file);
  state_->key_file = std::move(key_file);
}

TlsIdentity::~TlsIdentity() = default;

Result<std::shared_ptr<TlsIdentity>> TlsIdentity::load(std::string certificate_file, std::string key_file) {
  std::shared_ptr<TlsIdentity> identity(new TlsIdentity(std::move(certificate_file), std::move(key_file)));
  TRY_STATUS(identity->reload());
  return identity;
}

Status TlsIdentity::reload() {
  TRY(auto context, read(state_->certificate_file, state_->key_file));
  std::lock_guard lock(state_->mutex);
  state_->context = std::move(context);
  return {};
}

std::shared_ptr<TlsIdentity::Context> TlsIdentity::context() const {
  std::lock_guard lock(state_->mutex);
  return state_->context;
}

}  // namespace answerable::net

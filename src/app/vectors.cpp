#include "app/vectors.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cstring>
#include <optional>

#include "access/totp.h"
#include "audit/merkle.h"
#include "base/base32.h"
#include "base/encoding.h"
#include "net/webhook_signature.h"

namespace answerable::app {

namespace {

namespace json = boost::json;

constexpr std::size_t depth_max = 512;  // one strange vector does not spoil the others
const json::value& member(const json::object& in, std::string_view name) {
  static const json::value none;
  const auto* found = in.if_contains(name);
  return found ? *found : none;
}

std::unexpected<Error> malformed(std::string_view name, std::string_view what) {
  return fail(ErrorKind::invalid, "vector_malformed", "\"" + std::string(name) + "\" " + std::string(what));
}

// Also as decimal text, for not every writer of JSON has 64 bits.
template <class Number>
std::optional<Number> number_in(const json::value& value) {
  if (const auto* text = value.if_string()) {
    Number number = 0;
    std::from_chars(text->data(), text->data() + text->size(), number);
    if (std::to_string(number) != std::string_view(*text)) return std::nullopt;
    return number;
  }
  boost::system::error_code error;
  auto number = value.to_number<Number>(error);
  return error ? std::nullopt : std::optional(number);
}

// Text as it stands or a whole number; "" where there is nothing.
Result<std::string> text_of(const json::value& value, std::string_view name) {
  if (value.is_null()) return std::string();
  if (value.is_string()) return std::string(value.as_string());
  if (auto number = number_in<std::int64_t>(value)) return std::to_string(*number);
  return malformed(name, "is text.");
}

Result<std::string> text_of(const json::object& in, std::string_view name) { return text_of(member(in, name), name); }

std::optional<std::uint64_t> count_of(const json::object& in, std::string_view name) {
  return number_in<std::uint64_t>(member(in, name));
}

Result<std::int64_t> number_of(const json::object& in, std::string_view name, std::optional<std::int64_t> otherwise) {
  const auto& value = member(in, name);
  if (value.is_null() && otherwise) return *otherwise;
  if (auto number = number_in<std::int64_t>(value)) return *number;
  return malformed(name, "is a whole number.");
}

std::optional<std::string> bytes_of(const json::value& value) {
  if (!value.is_string()) return std::nullopt;
  return from_base64(std::string_view(value.as_string()));
}

std::optional<Digest> digest_of(const json::value& value) {
  auto bytes = bytes_of(value);
  Digest digest;
  if (!bytes || bytes->size() != digest.size()) return std::nullopt;
  std::memcpy(digest.data(), bytes->data(), digest.size());
  return digest;
}

// null is the empty proof, as some write it.
std::optional<std::vector<Digest>> proof_of(const json::object& in) {
  const auto& value = member(in, "proof");
  std::vector<Digest> proof;
  if (value.is_null()) return proof;
  if (!value.is_array()) return std::nullopt;
  for (const auto& item : value.as_array()) {
    auto hash = digest_of(item);
    if (!hash) return std::nullopt;
    proof.push_back(*hash);
  }
  return proof;
}

bool inclusion(const json::object& in) {
  auto index = count_of(in, "leafIdx");
  auto size = count_of(in, "treeSize");
  auto leaf = digest_of(member(in, "leafHash"));
  auto root = digest_of(member(in, "root"));
  auto proof = proof_of(in);
  return index && size && leaf && root && proof && audit::verify_inclusion(*leaf, *index, *size, *proof, *root);
}

// Two trees of one size have nothing to prove: their roots are equal, of whatever length they are.
bool consistency(const json::object& in) {
  auto size1 = count_of(in, "size1");
  auto size2 = count_of(in, "size2");
  auto proof = proof_of(in);
  if (!size1 || !size2 || !proof || *size1 == 0) return false;
  if (*size1 == *size2) {
    auto bytes = bytes_of(member(in, "root1"));
    return proof->empty() && bytes && !bytes->empty() && bytes == bytes_of(member(in, "root2"));
  }
  auto root1 = digest_of(member(in, "root1"));
  auto root2 = digest_of(member(in, "root2"));
  return root1 && root2 && audit::verify_consistency({*size1, *root1}, {*size2, *root2}, *proof);
}

Result<json::value> merkle(const json::object& in) {
  if (in.contains("size1") || in.contains("size2")) return json::value(consistency(in));
  return json::value(inclusion(in));
}

std::optional<HashFunction> hash_called(std::string_view text) {
  std::string name;  // "SHA-256", "HmacSHA256", "sha256"
  for (char c : text) {
    if (c != '-' && c != '_' && c != ' ') name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (name.starts_with("hmac")) name.erase(0, 4);
  if (name.empty() || name == "sha1") return HashFunction::sha1;
  if (name == "sha256") return HashFunction::sha256;
  if (name == "sha512") return HashFunction::sha512;
  return std::nullopt;
}

Result<json::value> totp(const json::object& in) {
  TRY(auto secret, text_of(in, "secret_base32"));
  TRY(auto algorithm, text_of(in, "algorithm"));
  auto key = from_base32(secret);
  auto hash = hash_called(algorithm);
  if (!key) return malformed("secret_base32", "is no base32 (RFC 4648).");
  if (!hash) return malformed("algorithm", "is SHA1, SHA256 or SHA512.");
  TRY(auto digits, number_of(in, "digits", 6));
  TRY(auto period, number_of(in, "period", 30));
  TRY(auto at, number_of(in, "time", std::nullopt));
  auto small = [](std::int64_t number) { return static_cast<int>(std::clamp<std::int64_t>(number, -1, 100'000)); };
  TRY(auto code, access::totp_code(*key, {.hash = *hash, .digits = small(digits), .period_s = small(period)}, at));
  return json::value(code);
}

Result<json::value> webhook(const json::object& in) {
  TRY(auto scheme, text_of(in, "scheme"));
  net::WebhookCall call;
  TRY(call.secret, text_of(in, "secret"));
  TRY(call.body, text_of(in, "body"));
  TRY(call.timestamp, text_of(in, "timestamp"));
  TRY(call.id, text_of(in, "webhook_id"));
  TRY(call.url, text_of(in, "url"));
  const auto& params = member(in, "params");
  if (!params.is_object() && !params.is_null()) return malformed("params", "is an object.");
  for (const auto& [name, value] : params.is_object() ? params.as_object() : json::object()) {
    for (const auto& item : value.is_array() ? value.as_array() : json::array{value}) {
      TRY(auto text, text_of(item, name));
      call.params.emplace_back(name, std::move(text));
    }
  }
  TRY(auto signature, net::sign_webhook(scheme, call));
  return json::value(signature);
}

using Answer = Result<json::value> (*)(const json::object&);

std::string line_of(const json::value& item, Answer answer) {
  static const json::object nothing;
  const auto* object = item.if_object();
  const auto& vector = object ? *object : nothing;
  json::object line{{"id", member(vector, "id")}};
  const auto* in = member(vector, "in").if_object();
  auto out = in ? answer(*in) : fail(ErrorKind::invalid, "vector_malformed", "A vector has an object \"in\".");
  if (out)
    line["out"] = *out;
  else
    line["error"] = out.error().detail;
  return json::serialize(line) + "\n";
}

}  // namespace

Result<std::string> answer_vectors(std::string_view kind, std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = depth_max;
  auto parsed = json::parse(text, error, {}, options);
  if (error || !parsed.is_array())
    return fail(ErrorKind::invalid, "vectors_malformed", "The file is no JSON array of vectors.");
  Answer answer = kind == "merkle" ? merkle : kind == "totp" ? totp : webhook;
  std::string lines;
  for (const auto& item : parsed.as_array()) lines += line_of(item, answer);
  return lines;
}

}  // namespace answerable::app

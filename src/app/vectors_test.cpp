#include "app/vectors.h"

#include <doctest/doctest.h>

#include <vector>

#include "audit/merkle.h"
#include "base/encoding.h"

using namespace answerable;
using app::answer_vectors;

namespace {

std::string quoted(const Digest& hash) { return "\"" + to_base64(as_bytes(hash)) + "\""; }

std::string list(const std::vector<Digest>& hashes) {
  std::string text;
  for (const auto& hash : hashes) text += (text.empty() ? "[" : ",") + quoted(hash);
  return text.empty() ? "[]" : text + "]";
}

bool verifies(const std::string& in) {
  auto line = answer_vectors("merkle", R"([{"id":1,"in":{)" + in + "}}]");
  REQUIRE(line);
  if (*line == "{\"id\":1,\"out\":true}\n") return true;
  CHECK(*line == "{\"id\":1,\"out\":false}\n");
  return false;
}

struct Tree {
  std::vector<Digest> leaves;
  explicit Tree(int size) {
    for (int i = 0; i < size; ++i) leaves.push_back(audit::hash_leaf("leaf " + std::to_string(i)));
  }
};

std::string inclusion(const std::string& index, const std::string& size, const Tree& tree, const std::string& proof) {
  return "\"leafIdx\":" + index + ",\"treeSize\":" + size + ",\"root\":" + quoted(audit::root_of(tree.leaves)) +
         ",\"leafHash\":" + quoted(tree.leaves.at(2)) + ",\"proof\":" + proof;
}

std::string consistency(const std::string& size1, const std::string& size2, const Tree& tree,
                        const std::string& proof) {
  auto older = audit::root_of(std::span(tree.leaves).first(3));
  return "\"size1\":" + size1 + ",\"size2\":" + size2 + ",\"root1\":" + quoted(older) +
         ",\"root2\":" + quoted(audit::root_of(tree.leaves)) + ",\"proof\":" + proof;
}

}  // namespace

TEST_CASE("an inclusion vector verifies only as it is") {
  Tree tree(7);
  auto proof = audit::inclusion_proof(tree.leaves, 2);
  CHECK(verifies(inclusion("2", "7", tree, list(proof))));
  CHECK(verifies(inclusion("\"2\"", "\"7\"", tree, list(proof))));
  for (auto index : {"-1", "0", "3", "7", "18446744073709551615", "18446744073709551616", "1e300", "2.5", "\"02\"",
                     "\"2 \"", "null"}) {
    CAPTURE(index);
    CHECK_FALSE(verifies(inclusion(index, "7", tree, list(proof))));
  }
  for (auto size : {"-7", "0", "2", "3", "15", "18446744073709551615", "1e300", "null", "{}"}) {
    CAPTURE(size);
    CHECK_FALSE(verifies(inclusion("2", size, tree, list(proof))));
  }
  for (auto wrong : {"[]", "null", "1", "{}", R"("AA==")", R"(["AA=="])", R"(["%"])", "[null]", "[[]]"}) {
    CAPTURE(wrong);
    CHECK_FALSE(verifies(inclusion("2", "7", tree, wrong)));
  }
  auto longer = proof;
  longer.push_back(proof.front());
  CHECK_FALSE(verifies(inclusion("2", "7", tree, list(longer))));
  CHECK_FALSE(verifies(inclusion("2", "7", tree, list({proof.begin(), proof.end() - 1}))));
  CHECK_FALSE(verifies(""));
}

TEST_CASE("a consistency vector verifies only as it is") {
  Tree tree(7);
  auto proof = audit::consistency_proof(tree.leaves, 3);
  CHECK(verifies(consistency("3", "7", tree, list(proof))));
  for (auto size : {"-3", "0", "2", "4", "7", "8", "18446744073709551615", "1e300", "null"}) {
    CAPTURE(size);
    CHECK_FALSE(verifies(consistency(size, "7", tree, list(proof))));
    CHECK_FALSE(verifies(consistency(size, "7", tree, "[]")));
  }
  for (auto size : {"-7", "0", "2", "3", "15", "18446744073709551615"}) {
    CAPTURE(size);
    CHECK_FALSE(verifies(consistency("3", size, tree, list(proof))));
  }
  CHECK_FALSE(verifies(consistency("0", "0", tree, "[]")));
}

TEST_CASE("two trees of one size verify when the roots are equal and nothing is proved") {
  CHECK(verifies(R"("size1":1,"size2":1,"root1":"AAAA","root2":"AAAA","proof":[])"));
  CHECK(verifies(R"("size1":1,"size2":1,"root1":"AAAA","root2":"AAAA","proof":null)"));
  CHECK_FALSE(verifies(R"("size1":1,"size2":1,"root1":"AAAA","root2":"AAAB","proof":[])"));
  CHECK_FALSE(verifies(R"("size1":1,"size2":1,"root1":"%","root2":"%","proof":[])"));
  CHECK_FALSE(verifies(R"("size1":0,"size2":0,"root1":"AAAA","root2":"AAAA","proof":[])"));
  auto hash = quoted(Digest{});
  CHECK_FALSE(verifies(R"("size1":1,"size2":1,"root1":"AAAA","root2":"AAAA","proof":[)" + hash + "]"));
}

TEST_CASE("a one-time password or the reason why there is none") {
  auto code = [](const std::string& in) { return answer_vectors("totp", R"([{"id":"a","in":{)" + in + "}}]").value(); };
  constexpr auto expected = "{\"id\":\"a\",\"out\":\"94287082\"}\n";
  constexpr auto secret = R"("secret_base32":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",)";
  CHECK(code(std::string(secret) + R"("algorithm":"SHA1","digits":8,"period":30,"time":59)") == expected);
  CHECK(code(R"("secret_base32":"gezd gnbv gy3t qojq gezd gnbv gy3t qojq","algorithm":"HMAC-SHA-1",)"
             R"("digits":8,"time":59.0)") == expected);
  CHECK(code(std::string(secret) + R"("time":59)") == "{\"id\":\"a\",\"out\":\"287082\"}\n");
  for (auto wrong : {R"("time":-1)", R"("time":null)", R"("time":59,"digits":5)", R"("time":59,"digits":99999999999)",
                     R"("time":59,"period":0)", R"("time":59,"algorithm":"MD5")", R"("time":59.5)"}) {
    CAPTURE(wrong);
    CHECK(code(std::string(secret) + wrong).starts_with("{\"id\":\"a\",\"error\":"));
  }
  CHECK(code(R"("secret_base32":"0189","time":59)").starts_with("{\"id\":\"a\",\"error\":"));
}

TEST_CASE("a webhook's header or the reason why there is none") {
  auto sign = [](const std::string& in) {
    return answer_vectors("webhook", R"([{"id":null,"in":{)" + in + "}}]").value();
  };
  CHECK(sign(R"("scheme":"stripe","secret":"key","body":"body","timestamp":12)") ==
        "{\"id\":null,\"out\":\"t=12,v1=207315d59098aa7f7eda7f2b5ea2bb7fde0990a5248266262dc02564b4a4efe7\"}\n");
  CHECK(sign(R"("scheme":"twilio","secret":"12345","url":"https://mycompany.com/myapp.php?foo=1&bar=2","params":{)"
             R"("Digits":"1234","To":"+18005551212","From":"+14158675310","Caller":["+14158675310"],)"
             R"("CallSid":"CA1234567890ABCDE"})") == "{\"id\":null,\"out\":\"GvWf1cFY/Q7PnoempGyD5oXAezc=\"}\n");
  for (auto wrong : {R"("body":{})", R"("body":1.5)", R"("body":true)", R"("secret":[])", R"("params":7)",
                     R"("params":{"a":{}})", R"("params":{"a":[[]]})"}) {
    CAPTURE(wrong);
    CHECK(sign(R"("scheme":"telegram",)" + std::string(wrong)).starts_with("{\"id\":null,\"error\":"));
  }
  CHECK(sign(R"("scheme":"carrier-pigeon")").starts_with("{\"id\":null,\"error\":"));
  CHECK(sign("").starts_with("{\"id\":null,\"error\":"));
}

TEST_CASE("a vector without sense is answered, a file without sense is not") {
  CHECK(answer_vectors("merkle", "[]") == "");
  CHECK(answer_vectors("merkle", "\xef\xbb\xbf[]") == "");
  auto deep = [](std::size_t depth) {
    return R"([{"id":1,"in":{"proof":)" + std::string(depth, '[') + std::string(depth, ']') + R"(}},{"id":2,"in":{}}])";
  };
  CHECK(answer_vectors("merkle", deep(509)) == "{\"id\":1,\"out\":false}\n{\"id\":2,\"out\":false}\n");
  CHECK(answer_vectors("merkle", deep(510)).error().code == "vectors_malformed");
  auto lines = answer_vectors("merkle", R"([7,{"id":"b"},{"id":["c"],"in":7}])").value();
  CHECK(lines.starts_with("{\"id\":null,\"error\":"));
  CHECK(lines.find("\n{\"id\":\"b\",\"error\":") != std::string::npos);
  CHECK(lines.find("\n{\"id\":[\"c\"],\"error\":") != std::string::npos);
  for (auto text : {"", "{}", "[", "[1]]", "nonsense"}) {
    CAPTURE(text);
    CHECK(answer_vectors("merkle", text).error().code == "vectors_malformed");
  }
}

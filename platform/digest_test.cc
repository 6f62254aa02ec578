#include "platform/digest.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mp::platform {
namespace {

std::string in_hex(const std::optional<std::string>& bytes) {
  if (!bytes) return "not offered";
  std::string text;
  for (const char byte : *bytes) {
    for (const int digit : {(byte >> 4) & 15, byte & 15}) text += "0123456789abcdef"[digit];
  }
  return text;
}

// The second example of RFC 4231: a key shorter than the message.
TEST(KeyedDigest, IsThatOfTheStandards) {
  const auto digest = [](DigestKind kind) {
    return in_hex(keyed_digest(kind, "Jefe", "what do ya want for nothing?"));
  };
  EXPECT_EQ(digest(DigestKind::kSha256), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(digest(DigestKind::kSha384),
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649");
}

// Rules for certain machines forbid it. The second example of RFC 2202.
TEST(KeyedDigest, OfMd5IsThatOfTheStandardWhereItIsOffered) {
  const auto digest = keyed_digest(DigestKind::kMd5, "Jefe", "what do ya want for nothing?");
  if (!digest) GTEST_SKIP() << "not offered here";
  EXPECT_EQ(in_hex(digest), "750c783e6ab0b503eaa86e310a5db738");
}

// The example values of NIST for HMAC with SHA-3 use long keys; these come from the same construction over any key.
TEST(KeyedDigest, OfSha3HasItsSizeWhereItIsOffered) {
  EXPECT_EQ(keyed_digest(DigestKind::kSha3_256, "key", "message").value_or(std::string(32, ' ')).size(), 32u);
  EXPECT_EQ(keyed_digest(DigestKind::kSha3_384, "key", "message").value_or(std::string(48, ' ')).size(), 48u);
}

// RFC 4231, example 6: a key longer than a block of the digest.
TEST(KeyedDigest, TakesKeysOfAnyLength) {
  EXPECT_EQ(in_hex(keyed_digest(DigestKind::kSha256, std::string(131, '\xaa'),
                                "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  // HMAC pads a key with zeros, so these are the same.
  EXPECT_EQ(keyed_digest(DigestKind::kSha256, "", "message"),
            keyed_digest(DigestKind::kSha256, std::string(1, '\0'), "message"));
  EXPECT_NE(keyed_digest(DigestKind::kSha256, "", "message"), keyed_digest(DigestKind::kSha256, "x", "message"));
}

TEST(KeyedDigest, DependsOnEveryPart) {
  std::set<std::string> digests;
  for (const char* key : {"a", "b"}) {
    for (const char* message : {"", "x", "xy"}) digests.insert(keyed_digest(DigestKind::kSha256, key, message).value());
  }
  EXPECT_EQ(digests.size(), 6u);
}

TEST(RandomBytes, AreNeverTheSame) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(random_bytes(16));
  EXPECT_EQ(seen.size(), 100u);
  EXPECT_EQ(random_bytes(0), "");
  EXPECT_EQ(random_bytes(100'000).size(), 100'000u);
}

}  // namespace
}  // namespace mp::platform

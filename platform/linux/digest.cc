#include "platform/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

#include <array>
#include <cerrno>
#include <climits>

#include "platform/error.h"

namespace mp::platform {
namespace {

const EVP_MD* algorithm(DigestKind kind) {
  switch (kind) {
    case DigestKind::kMd5: return EVP_md5();
    case DigestKind::kSha256: return EVP_sha256();
    case DigestKind::kSha384: return EVP_sha384();
    case DigestKind::kSha3_256: return EVP_sha3_256();
    case DigestKind::kSha3_384: return EVP_sha3_384();
  }
  return nullptr;
}

}  // namespace

std::optional<std::string> keyed_digest(DigestKind kind, std::string_view key, std::string_view message) {
  if (key.size() > INT_MAX) return std::nullopt;  // what HMAC() can be told; a part of the key would be another key
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  // For HMAC() a null pointer means "the key of last time", which an empty key is not.
  const char* const key_data = key.empty() ? "" : key.data();
  const auto* const data = reinterpret_cast<const unsigned char*>(message.empty() ? "" : message.data());
  if (::HMAC(algorithm(kind), key_data, static_cast<int>(key.size()), data, message.size(), digest.data(), &size) ==
      nullptr) {
    return std::nullopt;
  }
  return std::string(reinterpret_cast<const char*>(digest.data()), size);
}

std::string random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t filled = 0; filled < size;) {
    const ssize_t got = ::getrandom(bytes.data() + filled, size - filled, 0);
    if (got > 0) {
      filled += static_cast<std::size_t>(got);
    } else if (errno != EINTR) {
      throw OsError("get random bytes", errno);
    }
  }
  return bytes;
}

}  // namespace mp::platform

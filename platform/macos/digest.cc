#include "platform/digest.h"

#include <cstddef>
#include <cstdint>

// The system's own cryptography (CommonCrypto/CommonHMAC.h, which not every set of headers has). It knows no SHA-3.
extern "C" void CCHmac(std::uint32_t algorithm, const void* key, std::size_t key_size, const void* data,
                       std::size_t size, void* digest);

namespace mp::platform {
namespace {

struct Algorithm {
  std::uint32_t number;
  std::size_t size;
};

std::optional<Algorithm> algorithm(DigestKind kind) {
  switch (kind) {
    case DigestKind::kMd5: return Algorithm{1, 16};
    case DigestKind::kSha256: return Algorithm{2, 32};
    case DigestKind::kSha384: return Algorithm{3, 48};
    case DigestKind::kSha3_256:
    case DigestKind::kSha3_384: break;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> keyed_digest(DigestKind kind, std::string_view key, std::string_view message) {
  const std::optional<Algorithm> found = algorithm(kind);
  if (!found) return std::nullopt;
  std::string digest(found->size, '\0');
  ::CCHmac(found->number, key.data(), key.size(), message.data(), message.size(), digest.data());
  return digest;
}

}  // namespace mp::platform

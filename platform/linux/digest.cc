#include "platform/digest.h"

#include <nettle/hmac.h>
#include <nettle/nettle-meta.h>

#include <cstdint>
#include <vector>

namespace mp::platform {
namespace {

const nettle_hash& algorithm(DigestKind kind) {
  switch (kind) {
    case DigestKind::kMd5: return nettle_md5;
    case DigestKind::kSha256: return nettle_sha256;
    case DigestKind::kSha384: return nettle_sha384;
    case DigestKind::kSha3_256: return nettle_sha3_256;
    case DigestKind::kSha3_384: break;
  }
  return nettle_sha3_384;
}

const std::uint8_t* bytes_of(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

// The working memory of one hash.
class Context {
 public:
  explicit Context(const nettle_hash& hash)
      : memory_((hash.context_size + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t)) {}
  void* get() { return memory_.data(); }

 private:
  std::vector<std::uint64_t> memory_;
};

}  // namespace

std::optional<std::string> keyed_digest(DigestKind kind, std::string_view key, std::string_view message) {
  const nettle_hash& hash = algorithm(kind);
  Context outer(hash), inner(hash), state(hash);
  hmac_set_key(outer.get(), inner.get(), state.get(), &hash, key.size(), bytes_of(key));
  hmac_update(state.get(), &hash, message.size(), bytes_of(message));
  std::string digest(hash.digest_size, '\0');
  hmac_digest(outer.get(), inner.get(), state.get(), &hash, digest.size(),
              reinterpret_cast<std::uint8_t*>(digest.data()));
  return digest;
}

}  // namespace mp::platform

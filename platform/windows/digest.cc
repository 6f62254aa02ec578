#include "platform/digest.h"

#include <windows.h>
// After windows.h, which it needs.
#include <bcrypt.h>

#include <algorithm>
#include <climits>

#include "platform/error.h"

namespace mp::platform {
namespace {

const wchar_t* algorithm(DigestKind kind) {
  switch (kind) {
    case DigestKind::kMd5: return BCRYPT_MD5_ALGORITHM;
    case DigestKind::kSha256: return BCRYPT_SHA256_ALGORITHM;
    case DigestKind::kSha384: return BCRYPT_SHA384_ALGORITHM;
    case DigestKind::kSha3_256: return L"SHA3-256";  // since Windows 11, version 24H2
    case DigestKind::kSha3_384: return L"SHA3-384";
  }
  return L"";
}

bool worked(NTSTATUS status) { return status >= 0; }

// The functions of the system take bytes that they do not change as if they did.
UCHAR* bytes(std::string_view text) { return reinterpret_cast<UCHAR*>(const_cast<char*>(text.data())); }

class Digest {
 public:
  Digest(DigestKind kind, std::string_view key) {
    if (!worked(::BCryptOpenAlgorithmProvider(&provider_, algorithm(kind), nullptr, BCRYPT_ALG_HANDLE_HMAC_FLAG))) return;
    // HMAC pads a short key with zeros, so this is the empty key, which some editions of the system refuse.
    if (key.empty()) key = std::string_view("\0", 1);
    if (!worked(::BCryptCreateHash(provider_, &hash_, nullptr, 0, bytes(key), static_cast<ULONG>(key.size()), 0))) hash_ = nullptr;
  }
  ~Digest() {
    if (hash_ != nullptr) ::BCryptDestroyHash(hash_);
    if (provider_ != nullptr) ::BCryptCloseAlgorithmProvider(provider_, 0);
  }
  Digest(const Digest&) = delete;

  bool add(std::string_view message) {
    while (hash_ != nullptr && !message.empty()) {
      const std::string_view piece = message.substr(0, INT_MAX);
      if (!worked(::BCryptHashData(hash_, bytes(piece), static_cast<ULONG>(piece.size()), 0))) return false;
      message.remove_prefix(piece.size());
    }
    return hash_ != nullptr;
  }

  std::optional<std::string> finish() {
    DWORD size = 0;
    ULONG got = 0;
    const auto property = reinterpret_cast<UCHAR*>(&size);
    if (!worked(::BCryptGetProperty(provider_, BCRYPT_HASH_LENGTH, property, sizeof(size), &got, 0))) return std::nullopt;
    std::string digest(size, '\0');
    if (!worked(::BCryptFinishHash(hash_, bytes(digest), size, 0))) return std::nullopt;
    return digest;
  }

 private:
  BCRYPT_ALG_HANDLE provider_ = nullptr;
  BCRYPT_HASH_HANDLE hash_ = nullptr;
};

}  // namespace

std::optional<std::string> keyed_digest(DigestKind kind, std::string_view key, std::string_view message) {
  if (key.size() > INT_MAX) return std::nullopt;  // a part of the key would be another key
  Digest digest(kind, key);
  if (!digest.add(message)) return std::nullopt;
  return digest.finish();
}

std::string random_bytes(std::size_t size) {
  std::string result(size, '\0');
  for (std::size_t filled = 0; filled < size;) {
    const auto piece = static_cast<ULONG>(std::min<std::size_t>(size - filled, INT_MAX));
    const auto place = reinterpret_cast<UCHAR*>(result.data() + filled);
    const NTSTATUS status = ::BCryptGenRandom(nullptr, place, piece, BCRYPT_USE_SYSTEM_PREFERRED_RNG);
    if (!worked(status)) throw OsError("get random bytes", static_cast<int>(status));
    filled += piece;
  }
  return result;
}

}  // namespace mp::platform

#ifndef CONFORMANCE_ADAPTERS_REFERENCE_MANAGERS_H_
#define CONFORMANCE_ADAPTERS_REFERENCE_MANAGERS_H_

#include <optional>

#include "conformance/adapters/cpp/handles.h"
#include "conformance/adapters/reference/adapter.h"
#include "reference/proxies.h"

namespace mp::conformance {

// The proxy behind a handle; nothing for another object.
std::optional<Proxy> proxy_in(const Kept& kept);
// A handle to the proxy, as what its typeid says.
Value keep_proxy(Proxy proxy, Handles& handles);
Value value_of(const Proxy::Reply& reply, Handles& handles);

void offer_proxies(Adapter& adapter);
void offer_pool_proxies(Adapter& adapter);

}  // namespace mp::conformance

#endif  // CONFORMANCE_ADAPTERS_REFERENCE_MANAGERS_H_

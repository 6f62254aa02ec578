#include "conformance/adapters/reference/adapter.h"

int main(int argc, char** argv) { return mp::conformance::serve_reference(argc, argv); }

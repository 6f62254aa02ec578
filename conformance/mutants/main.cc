// mutants: the reference, made wrong in one point. README.md says how it is spoken to.
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "conformance/adapters/reference/adapter.h"
#include "conformance/mutants/mutant.h"
#include "conformance/mutants/program.h"

namespace mp::conformance {
namespace {

int list() {
  for (const Mutant& mutant : all_mutants())
    std::cout << mutant.clause->id << '\t' << mutant.name << '\t' << mutant.what << '\n';
  return 0;
}

const Mutant* find(std::string_view name) {
  for (const Mutant& mutant : all_mutants()) {
    if (mutant.name == name) return &mutant;
  }
  return nullptr;
}

int mutants(int argc, char** argv) {
  const std::string_view argument = argc > 1 ? argv[1] : "";
  if (argument == "--list") return list();
  if (argument == "--mutant" && argc == 3) become_mutant(argv[2]);
  if (const std::string name = mutant_name(); !name.empty()) {
    const Mutant* const mutant = find(name);
    if (mutant == nullptr) {
      std::cerr << "mutants: there is no mutant " << name << "; `mutants --list` names them\n";
      return 2;
    }
    mutant->spoil(adapter());
  }
  return serve_reference(argc, argv);
}

}  // namespace
}  // namespace mp::conformance

int main(int argc, char** argv) { return mp::conformance::mutants(argc, argv); }

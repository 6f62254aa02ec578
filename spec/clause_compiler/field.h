#ifndef SPEC_CLAUSE_COMPILER_FIELD_H_
#define SPEC_CLAUSE_COMPILER_FIELD_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/clause_compiler/parser.h"

namespace mp::spec {

// A piece `Key: value` of a line.
struct Field {
  std::string key;
  std::string value;
};

// Whether a line begins as a field does: a word with a capital letter, then a colon.
bool looks_like_field(std::string_view line);

// The pieces of a line of fields; a piece that is no field has an empty key.
std::vector<Field> split_fields(std::string_view line);

// Checks the value and puts it where it belongs. Returns what is wrong, or nothing.
std::optional<std::string> apply_field(const Field& field, ParsedClause& clause);

// What is wrong with a profile's name, or nothing.
std::optional<std::string> check_profile(std::string_view name);

// Whether an edition came after another: "3.14" after "3.9".
bool later(std::string_view edition, std::string_view than);

std::optional<Level> level_of(std::string_view word);

}  // namespace mp::spec

#endif  // SPEC_CLAUSE_COMPILER_FIELD_H_

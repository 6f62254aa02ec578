#include "spec/clause_compiler/writer.h"

#include <map>

namespace mp::spec {
namespace {

constexpr const char* kBanner = "// Made by spec/clause_compiler from spec/clauses/*.md.\n";

std::string quoted(std::string_view text) {
  std::string literal = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') literal += '\\';
    literal += c;
  }
  return literal + '"';
}

// "not-before" -> "kNotBefore".
std::string enumerator(std::string_view word) {
  std::string name = "k";
  bool capital = true;
  for (char c : word) {
    if (c != '-') name += capital ? static_cast<char>(c - 'a' + 'A') : c;
    capital = c == '-';
  }
  return name;
}

std::string place(const ParsedClause& clause) { return clause.file + ":" + std::to_string(clause.line); }

void write_constant(const ParsedClause& c, std::ostream& out) {
  out << "constinit const Clause " << constant_name(c.id) << " = {\n    " << quoted(c.id)
      << ", Level::" << enumerator(to_string(c.level)) << ",\n    " << quoted(c.statement) << ",\n    "
      << quoted(c.source) << ",\n    ";
  for (const std::string& text : {c.profile, c.since, c.until, c.systems, c.methods}) out << quoted(text) << ", ";
  out << "Answer::" << enumerator(to_string(c.answer)) << ",\n    " << quoted(c.unobservable) << ", " << quoted(c.seeds)
      << ", " << quoted(place(c)) << "};\n\n";
}

}  // namespace

void check_together(const std::vector<ParsedClause>& clauses, std::vector<Complaint>& complaints) {
  std::map<std::string, const ParsedClause*> by_constant;
  for (const ParsedClause& clause : clauses) {
    const auto [first, fresh] = by_constant.emplace(constant_name(clause.id), &clause);
    if (fresh) continue;
    const ParsedClause& other = *first->second;
    const std::string what = other.id == clause.id ? "the id \"" + clause.id + "\" is taken"
                                                   : "the ids \"" + clause.id + "\" and \"" + other.id +
                                                         "\" make one constant, " + constant_name(clause.id);
    complaints.push_back({clause.file, clause.line, what + " (" + place(other) + "); choose another id."});
  }
}

void write_header(const std::vector<ParsedClause>& clauses, std::ostream& out) {
  out << kBanner
      << "#ifndef SPEC_CLAUSES_H_\n#define SPEC_CLAUSES_H_\n\n#include \"spec/clause.h\"\n\nnamespace mp::spec {\n\n";
  for (const ParsedClause& clause : clauses) out << "extern const Clause " << constant_name(clause.id) << ";\n";
  out << "\n}  // namespace mp::spec\n\n#endif  // SPEC_CLAUSES_H_\n";
}

void write_source(const std::vector<ParsedClause>& clauses, std::ostream& out) {
  out << kBanner << "#include \"spec/clauses.h\"\n\n#include <array>\n\nnamespace mp::spec {\n\n";
  for (const ParsedClause& clause : clauses) write_constant(clause, out);
  out << "std::span<const Clause* const> all_clauses() {\n  static constexpr std::array<const Clause*, "
      << clauses.size() << "> kAll = {\n";
  for (const ParsedClause& clause : clauses) out << "      &" << constant_name(clause.id) << ",\n";
  out << "  };\n  return kAll;\n}\n\n}  // namespace mp::spec\n";
}

}  // namespace mp::spec

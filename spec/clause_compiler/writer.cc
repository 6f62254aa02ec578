#include "spec/clause_compiler/writer.h"

#include <filesystem>
#include <map>

namespace mp::spec {
namespace {

constexpr const char* kBanner = "// Made by spec/clause_compiler from spec/clauses/*.md.\n";

std::string literal_of(std::string_view text) {
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

// "rlock" -> "RLOCK".
std::string capitals(std::string word) {
  for (char& c : word) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return word;
}

std::string place(const ParsedClause& clause) { return clause.file + ":" + std::to_string(clause.line); }

void write_constant(const ParsedClause& c, std::ostream& out) {
  out << "constinit const Clause " << constant_name(c.id) << " = {\n    " << literal_of(c.id)
      << ", Level::" << enumerator(to_string(c.level)) << ",\n    " << literal_of(c.statement) << ",\n    "
      << literal_of(c.source) << ",\n    ";
  for (const std::string& text : {c.profile, c.since, c.until, c.systems, c.methods}) out << literal_of(text) << ", ";
  out << "Answer::" << enumerator(to_string(c.answer)) << ",\n    " << literal_of(c.unobservable) << ", "
      << literal_of(place(c)) << "};\n\n";
}

}  // namespace

std::string noun_of(const ParsedClause& clause) { return std::filesystem::path(clause.file).stem().string(); }

std::set<std::string> nouns_of(const std::vector<ParsedClause>& clauses) {
  std::set<std::string> nouns;
  for (const ParsedClause& clause : clauses) nouns.insert(noun_of(clause));
  return nouns;
}

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

void write_header(const std::string& noun, const std::vector<ParsedClause>& clauses, std::ostream& out) {
  const std::string guard = "SPEC_CLAUSES_" + capitals(noun) + "_H_";
  out << kBanner << "#ifndef " << guard << "\n#define " << guard
      << "\n\n#include \"spec/clause.h\"\n\nnamespace mp::spec {\n\n";
  for (const ParsedClause& clause : clauses) {
    if (noun_of(clause) == noun) out << "extern const Clause " << constant_name(clause.id) << ";\n";
  }
  out << "\n}  // namespace mp::spec\n\n#endif  // " << guard << "\n";
}

void write_source(const std::vector<ParsedClause>& clauses, std::ostream& out) {
  out << kBanner << "#include <array>\n#include <span>\n\n";
  for (const std::string& noun : nouns_of(clauses)) out << "#include \"spec/clauses/" << noun << ".h\"\n";
  out << "\nnamespace mp::spec {\n\n";
  for (const ParsedClause& clause : clauses) write_constant(clause, out);
  out << "std::span<const Clause* const> all_clauses() {\n  static constexpr std::array<const Clause*, "
      << clauses.size() << "> kAll = {\n";
  for (const ParsedClause& clause : clauses) out << "      &" << constant_name(clause.id) << ",\n";
  out << "  };\n  return kAll;\n}\n\n}  // namespace mp::spec\n";
}

}  // namespace mp::spec

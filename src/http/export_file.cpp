#include "http/export_file.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/hmac.h"
#include "base/utf8.h"
#include "http/json_writer.h"

namespace answerable::http {
namespace {

constexpr std::string_view version = "answerable/export/v1";
constexpr std::size_t head_bytes_max = 500;

// With its length before it, so that two different lists of cells never give the same bytes.
void add(std::string& bytes, std::string_view cell) {
  bytes += std::to_string(cell.size());
  bytes += ':';
  bytes += cell;
}

void add_cell(std::string& out, std::string_view cell) {
  const bool is_formula = !cell.empty() && std::string_view("=+-@\t\r").contains(cell.front());
  out += '"';
  if (is_formula) out += '\'';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void add_row(std::string& out, const std::vector<std::string>& cells, std::string_view last) {
  for (const auto& cell : cells) {
    add_cell(out, cell);
    out += ',';
  }
  add_cell(out, last);
  out += "\r\n";
}

std::string_view row_mark(std::string_view marker) { return marker.substr(0, marker_of_row_characters); }

}  // namespace

std::string export_marker(std::string_view key, const ExportedBy& by, const ExportTable& table) {
  std::string bytes;
  for (const auto text : {version, std::string_view(by.person_id), std::string_view(by.what)}) add(bytes, text);
  add(bytes, to_rfc3339(by.at));
  for (const auto& column : table.columns) add(bytes, column);
  for (const auto& row : table.rows) {
    for (const auto& cell : row) add(bytes, cell);
  }
  return to_hex(hmac(HashFunction::sha256, key, bytes));
}

std::string export_json(const ExportedBy& by, const ExportTable& table, std::string_view marker) {
  JsonWriter out(64 << 10);
  out.begin_object().key("export").begin_object();
  out.member("by", by.person).member("by_id", by.person_id).member("workspace", by.workspace).member("at", by.at);
  out.member("what", by.what).member("marker", marker).end_object();
  out.member("total", table.total).member("complete", table.is_complete).key("items").begin_array();
  for (const auto& row : table.rows) {
    out.begin_object();
    for (std::size_t i = 0; i < table.columns.size(); ++i) out.member(table.columns[i], std::string_view(row[i]));
    out.member("export", row_mark(marker)).end_object();
  }
  out.end_array().end_object();
  return out.take();
}

std::string export_csv(const ExportedBy& by, const ExportTable& table, std::string_view marker) {
  std::string out;
  const auto head = [&out](std::string_view name, std::string_view value) {
    out.append("# ").append(name).append(": ").append(one_line(value, head_bytes_max)).append("\r\n");
  };
  head("What", by.what);
  head("Exported by", by.person + " (" + by.person_id + ")");
  head("Workspace", by.workspace);
  head("At", to_rfc3339(by.at));
  head("Rows", std::to_string(table.rows.size()) + " of " + std::to_string(table.total) +
                   (table.is_complete ? ", complete" : ", not complete"));
  head("Marker", marker);
  add_row(out, table.columns, "export");
  for (const auto& row : table.rows) add_row(out, row, row_mark(marker));
  return out;
}

}  // namespace answerable::http

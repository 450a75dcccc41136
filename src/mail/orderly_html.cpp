#include "mail/orderly_html.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>

#include "mail/html_markup.h"
#include "mail/limits.h"

namespace answerable::mail {

namespace {

// What the rules of HTML's tree construction tell apart.
enum class Kind : std::uint8_t {
  unusual,     // has rules of its own that are not here
  document,    // html, head, body
  metadata,    // of the head, without content
  raw,         // style: text up to its end tag; title: the same with references
  block,       // ends an open paragraph
  heading,     // the same, and none is in another
  list,        // block with items
  item,        // li
  paragraph,   // p
  rule,        // hr
  line,        // br, img and others without content
  formatting,  // goes on after a wrong end tag
  plain,       // everything else, and what HTML does not know
  table,
  section,  // tbody, thead, tfoot
  row,
  cell,
};

using Kinds = std::array<Kind, GUMBO_TAG_LAST + 1>;

constexpr Kinds kinds = [] {
  Kinds table{};
  auto set = [&](Kind kind, std::initializer_list<GumboTag> tags) {
    for (auto tag : tags) table[tag] = kind;
  };
  set(Kind::document, {GUMBO_TAG_HTML, GUMBO_TAG_HEAD, GUMBO_TAG_BODY});
  set(Kind::metadata, {GUMBO_TAG_META, GUMBO_TAG_LINK, GUMBO_TAG_BASE});
  set(Kind::raw, {GUMBO_TAG_STYLE, GUMBO_TAG_TITLE});
  set(Kind::block, {GUMBO_TAG_ADDRESS, GUMBO_TAG_ARTICLE, GUMBO_TAG_ASIDE, GUMBO_TAG_BLOCKQUOTE, GUMBO_TAG_CENTER,
                    GUMBO_TAG_DIV, GUMBO_TAG_FIGCAPTION, GUMBO_TAG_FIGURE, GUMBO_TAG_FOOTER, GUMBO_TAG_HEADER,
                    GUMBO_TAG_MAIN, GUMBO_TAG_NAV, GUMBO_TAG_PRE, GUMBO_TAG_SECTION});
  set(Kind::heading, {GUMBO_TAG_H1, GUMBO_TAG_H2, GUMBO_TAG_H3, GUMBO_TAG_H4, GUMBO_TAG_H5, GUMBO_TAG_H6});
  set(Kind::list, {GUMBO_TAG_UL, GUMBO_TAG_OL});
  set(Kind::item, {GUMBO_TAG_LI});
  set(Kind::paragraph, {GUMBO_TAG_P});
  set(Kind::rule, {GUMBO_TAG_HR});
  set(Kind::line, {GUMBO_TAG_BR, GUMBO_TAG_IMG, GUMBO_TAG_WBR});
  set(Kind::formatting,
      {GUMBO_TAG_A, GUMBO_TAG_B, GUMBO_TAG_BIG, GUMBO_TAG_CODE, GUMBO_TAG_EM, GUMBO_TAG_FONT, GUMBO_TAG_I, GUMBO_TAG_S,
       GUMBO_TAG_SMALL, GUMBO_TAG_STRIKE, GUMBO_TAG_STRONG, GUMBO_TAG_TT, GUMBO_TAG_U});
  set(Kind::plain,
      {GUMBO_TAG_SPAN, GUMBO_TAG_ABBR, GUMBO_TAG_CITE, GUMBO_TAG_DEL, GUMBO_TAG_INS, GUMBO_TAG_Q, GUMBO_TAG_SUB,
       GUMBO_TAG_SUP, GUMBO_TAG_KBD, GUMBO_TAG_SAMP, GUMBO_TAG_VAR, GUMBO_TAG_MARK, GUMBO_TAG_TIME, GUMBO_TAG_UNKNOWN});
  set(Kind::table, {GUMBO_TAG_TABLE});
  set(Kind::section, {GUMBO_TAG_TBODY, GUMBO_TAG_THEAD, GUMBO_TAG_TFOOT});
  set(Kind::row, {GUMBO_TAG_TR});
  set(Kind::cell, {GUMBO_TAG_TD, GUMBO_TAG_TH});
  return table;
}();

constexpr std::size_t blanks_before(std::string_view text) {
  return std::min(text.find_first_not_of(" \n\t"), text.size());
}

// Members need no destructor, for the arena may be left through longjmp. A step that returns false gives up.
class OrderlyReader {
 public:
  OrderlyReader(std::string_view html, HtmlArena& arena) : markup_(html, arena), arena_(arena) {}

  const GumboNode* run() {
    while (true) {
      const auto piece = markup_.next();
      if (piece.kind == HtmlPiece::Kind::end) break;
      if (!take(piece)) return nullptr;
    }
    return to_body() ? root_ : nullptr;
  }

 private:
  // Where the document is; a later part is never left for an earlier one.
  enum class Part : std::uint8_t { before_html, before_head, in_head, after_head, in_body, after_body, after_html };

  bool take(const HtmlPiece& piece) {
    switch (piece.kind) {
      case HtmlPiece::Kind::text: return text(piece.source);
      case HtmlPiece::Kind::start_tag: return start(piece, kinds[piece.tag]);
      case HtmlPiece::Kind::end_tag: return end(piece, kinds[piece.tag]);
      case HtmlPiece::Kind::comment: return comment();
      case HtmlPiece::Kind::doctype: return part_ == Part::before_html;
      default: return false;
    }
  }

  // ---- the tree
  GumboNode* current() const { return open_[depth_ - 1]; }
  Kind kind_at(std::size_t depth) const { return kinds[open_[depth]->v.element.tag]; }
  Kind current_kind() const { return kind_at(depth_ - 1); }
  bool is_in_table() const {
    return current_kind() == Kind::table || current_kind() == Kind::section || current_kind() == Kind::row;
  }

  GumboNode* add(GumboNodeType type) {
    auto* node = new (arena_.allocate(sizeof(GumboNode))) GumboNode{};
    node->type = type;
    if (depth_ > 0) append(arena_, current()->v.element.children, node);
    return node;
  }

  GumboNode* add_element(GumboTag tag, GumboVector attributes) {
    auto* node = add(GUMBO_NODE_ELEMENT);
    node->v.element.tag = tag;
    node->v.element.attributes = attributes;
    return node;
  }

  bool push(const HtmlPiece& piece) {
    if (depth_ == open_.size()) return false;
    names_[depth_] = piece.name;
    open_[depth_++] = add_element(piece.tag, piece.attributes);
    return true;
  }
  bool push(GumboTag tag) { return push(HtmlPiece{.tag = tag}); }

  bool pop(bool is_expected = true) {
    depth_ -= is_expected ? 1 : 0;
    return is_expected;
  }
  bool pop_if(Kind kind) { return current_kind() == kind && pop(); }

  bool add_text(const char* text) {
    if (text != nullptr && text[0] != '\0') add(GUMBO_NODE_TEXT)->v.text.text = text;
    return text != nullptr;
  }

  // ---- the parts
  bool to_head() {
    if (part_ == Part::before_html && !push(GUMBO_TAG_HTML)) return false;
    if (part_ <= Part::before_head && !push(GUMBO_TAG_HEAD)) return false;
    part_ = std::max(part_, Part::in_head);
    return true;
  }

  bool to_body() {
    if (part_ >= Part::in_body) return true;
    if (!to_head()) return false;
    if (part_ == Part::in_head) pop();
    part_ = Part::in_body;
    root_ = open_[0];
    return push(GUMBO_TAG_BODY);
  }

  bool text(std::string_view source) {
    auto blanks = source.substr(0, blanks_before(source));
    if (part_ < Part::in_body) {
      source.remove_prefix(blanks.size());
      if (part_ >= Part::in_head) add_text(markup_.decode(blanks, false));
      return source.empty() || (to_body() && add_text(markup_.decode(source, false)));
    }
    if (blanks.size() < source.size() && (part_ > Part::in_body || is_in_table())) return false;
    return add_text(markup_.decode(source, false));
  }

  bool comment() {
    if (part_ == Part::before_html || part_ == Part::after_html) return true;  // of the document, beside the root
    auto depth = depth_;
    if (part_ == Part::after_body) depth_ = 1;
    add(GUMBO_NODE_COMMENT)->v.text.text = "";
    depth_ = depth;
    return true;
  }

  bool start(const HtmlPiece& piece, Kind kind) {
    if (kind == Kind::unusual || part_ > Part::in_body) return false;
    if (kind == Kind::document) return start_document(piece);
    if (part_ < Part::in_body && (kind == Kind::metadata || kind == Kind::raw)) {
      if (part_ == Part::after_head || !to_head()) return false;
      return start_content(piece, kind);
    }
    return to_body() && start_content(piece, kind);
  }

  bool start_document(const HtmlPiece& piece) {
    if (piece.tag == GUMBO_TAG_HTML) {
      if (part_ != Part::before_html) return false;
      part_ = Part::before_head;
      return push(piece);
    }
    if (piece.tag == GUMBO_TAG_HEAD) {
      if (part_ == Part::before_html && !push(GUMBO_TAG_HTML)) return false;
      if (part_ > Part::before_head) return false;
      part_ = Part::in_head;
      return push(piece);
    }
    if (part_ >= Part::in_body || !to_head()) return false;
    if (part_ == Part::in_head) pop();
    part_ = Part::in_body;
    root_ = open_[0];
    return push(piece);
  }

  // ---- start tags
  bool start_content(const HtmlPiece& piece, Kind kind) {
    if (kind == Kind::section || kind == Kind::row || kind == Kind::cell) return start_in_table(piece, kind);
    if (is_in_table()) return false;
    switch (kind) {
      case Kind::metadata:
      case Kind::line: add_element(piece.tag, piece.attributes); return true;
      case Kind::raw: return add_raw(piece);
      case Kind::rule:
        if (!close_paragraph()) return false;
        add_element(piece.tag, piece.attributes);
        return true;
      case Kind::item: return close_item() && push(piece);
      case Kind::heading:
        if (current_kind() == Kind::heading) return false;
        [[fallthrough]];
      case Kind::block:
      case Kind::list:
      case Kind::paragraph:
        if (!close_paragraph() || !push(piece)) return false;
        if (piece.tag == GUMBO_TAG_PRE) markup_.skip_newline();
        return true;
      case Kind::table: return !is_in_paragraph() && push(piece);  // whether it ends one depends on the doctype
      case Kind::formatting: return (piece.tag != GUMBO_TAG_A || !is_open(GUMBO_TAG_A)) && push(piece);
      default: return push(piece);
    }
  }

  bool add_raw(const HtmlPiece& piece) {
    std::string_view source;
    if (!push(piece) || !markup_.read_raw(piece.name, source)) return false;
    const auto* text = piece.tag == GUMBO_TAG_TITLE ? markup_.decode(source, false) : markup_.copy(source);
    return add_text(text) && pop();
  }

  bool start_in_table(const HtmlPiece& piece, Kind kind) {
    close_implied();
    pop_if(Kind::cell);
    if (kind != Kind::cell) pop_if(Kind::row);
    if (kind == Kind::section) pop_if(Kind::section);
    if (kind == Kind::row && current_kind() == Kind::table && !push(GUMBO_TAG_TBODY)) return false;
    const auto outer = kind == Kind::cell ? Kind::row : kind == Kind::row ? Kind::section : Kind::table;
    return current_kind() == outer && push(piece);
  }

  // ---- what ends by itself
  void close_implied() {
    while (current_kind() == Kind::paragraph || current_kind() == Kind::item) pop();
  }

  // Of the cell that all this is in, or of the document.
  bool is_in_paragraph() const {
    for (auto depth = depth_; depth > 0 && kind_at(depth - 1) != Kind::cell; --depth)
      if (kind_at(depth - 1) == Kind::paragraph) return true;
    return false;
  }

  bool close_paragraph() {
    pop_if(Kind::paragraph);
    return !is_in_paragraph();
  }

  bool close_item() {
    pop_if(Kind::paragraph);
    pop_if(Kind::item);
    return current_kind() == Kind::list;
  }

  bool is_open(GumboTag tag) const {
    return std::any_of(open_.begin(), open_.begin() + static_cast<std::ptrdiff_t>(depth_),
                       [&](const GumboNode* node) { return node->v.element.tag == tag; });
  }

  // ---- end tags
  bool end(const HtmlPiece& piece, Kind kind) {
    if (kind == Kind::document) return end_document(piece.tag);
    if (part_ != Part::in_body) return false;
    switch (kind) {
      case Kind::block:
      case Kind::list:
      case Kind::heading: close_implied(); break;
      case Kind::item: pop_if(Kind::paragraph); break;
      case Kind::table:
        pop_if(Kind::cell);
        pop_if(Kind::row);
        pop_if(Kind::section);
        break;
      case Kind::section:
        pop_if(Kind::cell);
        pop_if(Kind::row);
        break;
      case Kind::row: pop_if(Kind::cell); break;
      case Kind::cell: close_implied(); break;
      case Kind::paragraph:
      case Kind::formatting:
      case Kind::plain: break;
      default: return false;
    }
    const bool is_same =
        current()->v.element.tag == piece.tag && (piece.tag != GUMBO_TAG_UNKNOWN || names_[depth_ - 1] == piece.name);
    return pop(is_same);
  }

  bool end_document(GumboTag tag) {
    if (tag == GUMBO_TAG_HEAD) {
      if (part_ != Part::in_head) return false;
      part_ = Part::after_head;
      return pop();
    }
    if (part_ == Part::in_body && is_open(GUMBO_TAG_TABLE)) return false;
    const bool is_html = tag == GUMBO_TAG_HTML;
    if (part_ != Part::in_body && (part_ != Part::after_body || !is_html)) return false;
    part_ = is_html ? Part::after_html : Part::after_body;
    return true;
  }

  HtmlMarkup markup_;
  HtmlArena& arena_;
  Part part_ = Part::before_html;
  std::size_t depth_ = 0;
  GumboNode* root_ = nullptr;
  std::array<GumboNode*, max_html_depth> open_;         // from the root
  std::array<std::string_view, max_html_depth> names_;  // of the same, as they are written
};

}  // namespace

const GumboNode* read_orderly_html(std::string_view html, HtmlArena& arena) {
  return is_plain_html_text(html) ? OrderlyReader(html, arena).run() : nullptr;
}

}  // namespace answerable::mail

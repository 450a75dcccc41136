#include "mail/html_document.h"

#include <gumbo.h>

#include <csetjmp>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "mail/ascii.h"
#include "mail/limits.h"

namespace answerable::mail {

// Memory of one parse, given back at once: gumbo allocates some fifteen pieces an element. When a budget is used up the
// parse is left through longjmp, which skips only gumbo's own frames (C, nothing to destroy; its memory is all here).
struct HtmlDocument::Arena {
  static constexpr std::size_t first_chunk_bytes = 256 * 1024;
  static constexpr std::size_t chunk_bytes = 64 * 1024;
  static constexpr std::size_t checked_every = 4096;  // allocations between two looks at the clock

  Arena() {
    if (first == nullptr) first = std::make_unique_for_overwrite<char[]>(first_chunk_bytes);
    next = first.get();
  }
  ~Arena() {
    spare().swap(first);
    for (auto* chunk : chunks) std::free(chunk);
  }

  // The first chunk goes from document to document of a thread: most need one, and the system clears each.
  static std::unique_ptr<char[]>& spare() {
    thread_local std::unique_ptr<char[]> chunk;
    return chunk;
  }

  void* allocate(std::size_t bytes) {
    bytes = (bytes + 15) & ~std::size_t{15};
    if (++allocations % checked_every == 0 && processor_ms() > deadline_ms) std::longjmp(out, 1);
    if (bytes <= left) {
      auto* place = next;
      next += bytes;
      left -= bytes;
      return place;
    }
    return allocate_chunk(bytes);
  }

  void* allocate_chunk(std::size_t bytes) {
    auto large = bytes > chunk_bytes / 4;
    auto size = large ? bytes : chunk_bytes;
    used += size;
    if (used > max_html_memory_bytes) std::longjmp(out, 1);
    auto* chunk = static_cast<char*>(std::malloc(size));
    if (chunk == nullptr) std::longjmp(out, 1);
    chunks.push_back(chunk);
    if (large) return chunk;  // the current chunk goes on
    next = chunk + bytes;
    left = size - bytes;
    return chunk;
  }

  static std::int64_t processor_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
  }

  std::unique_ptr<char[]> first = std::move(spare());
  std::vector<char*> chunks;  // further ones
  char* next = nullptr;
  std::size_t left = first_chunk_bytes, used = first_chunk_bytes, allocations = 0;
  std::int64_t deadline_ms = processor_ms() + max_html_parse_ms;
  std::jmp_buf out;
};

namespace {

const GumboVector& children_of(const GumboNode* node) { return node->v.element.children; }

}  // namespace

HtmlDocument::HtmlDocument(std::string_view html) {
  if (html.size() > max_html_bytes || !is_shallow_html(html)) return;
  arena_ = std::make_unique<Arena>();
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = [](void* arena, size_t bytes) { return static_cast<Arena*>(arena)->allocate(bytes); };
  options.deallocator = [](void*, void*) {};
  options.userdata = arena_.get();
  options.max_errors = 0;
  if (setjmp(arena_->out) != 0) {
    output_ = nullptr;
    return;
  }
  output_ = gumbo_parse_with_options(&options, html.data(), html.size());
}

HtmlDocument::~HtmlDocument() = default;

std::size_t HtmlDocument::memory_bytes() const { return output_ == nullptr ? 0 : arena_->used; }

HtmlNode HtmlDocument::root() const { return HtmlNode(output_->root); }

HtmlNode::Kind HtmlNode::kind() const {
  switch (node_->type) {
    case GUMBO_NODE_ELEMENT:
    case GUMBO_NODE_TEMPLATE: return Kind::element;
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_WHITESPACE:
    case GUMBO_NODE_CDATA: return Kind::text;
    default: return Kind::other;
  }
}

std::string_view HtmlNode::text() const { return node_->v.text.text; }

std::string_view HtmlNode::tag() const {
  if (is_foreign() || node_->v.element.tag == GUMBO_TAG_UNKNOWN) return {};
  return gumbo_normalized_tagname(node_->v.element.tag);
}

bool HtmlNode::is_foreign() const { return node_->v.element.tag_namespace != GUMBO_NAMESPACE_HTML; }
bool HtmlNode::is_template() const { return node_->type == GUMBO_NODE_TEMPLATE; }

std::size_t HtmlNode::child_count() const { return children_of(node_).length; }

HtmlNode HtmlNode::child(std::size_t index) const {
  return HtmlNode(static_cast<const GumboNode*>(children_of(node_).data[index]));
}

std::string_view HtmlNode::attribute(const char* name) const {
  const auto* found = gumbo_get_attribute(&node_->v.element.attributes, name);
  return found == nullptr ? std::string_view{} : std::string_view(found->value);
}

bool HtmlNode::has_attribute(const char* name) const {
  return gumbo_get_attribute(&node_->v.element.attributes, name) != nullptr;
}

}  // namespace answerable::mail

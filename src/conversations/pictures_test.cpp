#include "conversations/pictures.h"

#include <doctest/doctest.h>

#include "base/clock.h"

namespace answerable::conversations {
namespace {

Attachment picture(std::string name, std::string type = "image/png", std::int64_t size = 1'000) {
  static FakeClock clock;
  Attachment upload;
  upload.id = AttachmentId::make(clock);
  upload.filename = std::move(name);
  upload.content_type = std::move(type);
  upload.size = size;
  return upload;
}

TEST_CASE("a picture that the text names stands in it, once, others are attached") {
  std::vector<Attachment> uploads{picture("a.png"), picture("b.png"), picture("a.png"),
                                  picture("c.svg", "image/svg+xml"), picture("d.pdf", "application/pdf")};
  place_pictures(uploads, "See [a.png] and [c.svg], [d.pdf], b.png, and [a.png] again.");
  CHECK(uploads[0].is_inline);
  CHECK(uploads[0].content_id == uploads[0].id.text() + "@inline");
  for (std::size_t i = 1; i < uploads.size(); ++i) {
    CAPTURE(i);
    CHECK_FALSE(uploads[i].is_inline);
    CHECK(uploads[i].content_id.empty());
  }
}

TEST_CASE("a picture that a new text does not name any more is attached") {
  std::vector<Attachment> uploads{picture("a.png")};
  place_pictures(uploads, "[a.png]");
  place_pictures(uploads, "Never mind.");
  CHECK_FALSE(uploads[0].is_inline);
  CHECK(uploads[0].content_id.empty());
}

TEST_CASE("of pictures in a text there are so many, of so many bytes") {
  std::vector<Attachment> uploads;
  std::string text;
  for (std::size_t i = 0; i <= pictures_max; ++i) {
    uploads.push_back(picture(std::to_string(i) + ".png"));
    text += "[" + uploads.back().filename + "]";
  }
  place_pictures(uploads, text);
  CHECK(uploads[pictures_max - 1].is_inline);
  CHECK_FALSE(uploads[pictures_max].is_inline);
  std::vector<Attachment> sizes{picture("a.png", "image/png", picture_bytes_max),
                                picture("b.png", "image/png", picture_bytes_max + 1)};
  place_pictures(sizes, "[a.png] [b.png]");
  CHECK(sizes[0].is_inline);
  CHECK_FALSE(sizes[1].is_inline);
}

}  // namespace
}  // namespace answerable::conversations

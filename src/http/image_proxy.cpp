#include "http/image_proxy.h"

#include "http/remote_images.h"

namespace answerable::http {

Result<std::shared_ptr<const Picture>> ImageProxy::get(std::string_view owner, const std::string& url) {
  auto key = std::string(owner) + " " + url;
  if (auto known = find(key)) return known;
  net::FetchRequest request{.url = url,
                            .accept = "image/png,image/jpeg,image/gif,image/webp,image/avif,image/bmp",
                            .user_agent = "Answerable-Image-Proxy",
                            .may_reach = may_reach_,
                            .stop = stop_.get_token()};
  TRY(auto bytes, net::fetch(request));
  const auto type = image_type(bytes);
  if (type.empty()) return fail(ErrorKind::invalid, "no_picture", "What the server sends is no picture.");
  auto picture = std::make_shared<const Picture>(std::move(bytes), type);
  keep(std::move(key), picture);
  return picture;
}

std::shared_ptr<const Picture> ImageProxy::find(const std::string& key) {
  std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  if (clock_.now() > found->second->since + kept_ms_max) {
    drop(found->second);
    return nullptr;
  }
  kept_.splice(kept_.begin(), kept_, found->second);
  return kept_.front().picture;
}

void ImageProxy::keep(std::string key, std::shared_ptr<const Picture> picture) {
  std::lock_guard lock(mutex_);
  if (by_key_.contains(key)) return;  // two asked at once
  kept_bytes_ += picture->bytes.size();
  kept_.push_front({key, std::move(picture), clock_.now()});
  by_key_.emplace(std::move(key), kept_.begin());
  while (kept_bytes_ > kept_bytes_max) drop(std::prev(kept_.end()));
}

void ImageProxy::drop(std::list<Kept>::iterator kept) {
  kept_bytes_ -= kept->picture->bytes.size();
  by_key_.erase(kept->key);
  kept_.erase(kept);
}

}  // namespace answerable::http

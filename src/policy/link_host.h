// Hosts in links and addresses, in the form in which they are compared: lower case, international ones as xn--.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace answerable::policy {

inline constexpr std::size_t link_hosts_max = 2'000;  // looked at in one text

// Empty for what is no host with a dot in it.
std::string host_of(std::string_view text);
// Calls for everything in the text that could be a host, with where it stands, until false is returned: bare ones,
// those of links and of mail addresses, also percent-encoded ones.
void each_host(std::string_view text, const std::function<bool(const std::string& host, std::size_t at)>& found);
// The entry that is the host or above it: "example.com" lists "www.example.com". Empty: none.
std::string_view listed_as(const std::unordered_set<std::string>& list, std::string_view host);
// The two last labels: good enough to tell whether two senders are of one house; "co.uk" and its like are named in it.
std::string_view house_of(std::string_view host);

}  // namespace answerable::policy

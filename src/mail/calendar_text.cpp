#include "mail/calendar_text.h"

#include "mail/ascii.h"
#include "mail/limits.h"
#include "mail/mime_parameters.h"

namespace answerable::mail {

namespace {

struct Property {
  std::string name, head, value;  // of "DTSTART;TZID=Europe/Berlin:2026…": DTSTART, all before the colon, all after it
};

// The next property with its folded lines, removed from `rest`.
Property take_property(std::string_view& rest) {
  std::string line;
  do {
    auto end = std::min(rest.find('\n'), rest.size());
    auto piece = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (piece.ends_with('\r')) piece.remove_suffix(1);
    if (line.empty())
      line = piece;
    else
      line += piece.substr(1);
  } while (!rest.empty() && is_blank(rest[0]));
  auto quoted = false;
  std::size_t colon = 0;
  for (; colon < line.size() && (line[colon] != ':' || quoted); ++colon) quoted ^= line[colon] == '"';
  Property property{.head = line.substr(0, colon)};
  property.name = to_lower(trim(std::string_view(line).substr(0, line.find_first_of(";:"))));
  if (colon < line.size()) property.value = line.substr(colon + 1);
  return property;
}

std::string unescape(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && i + 1 < value.size()) {
      auto next = value[++i];
      out += next == 'n' || next == 'N' ? '\n' : next;
    } else {
      out += value[i];
    }
  }
  return std::string(trim(out));
}

bool is_digits(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_digit); }

// 20261127T100000Z and 20261127 as people write them; anything else as it stands.
std::string show_time(const Property& property) {
  auto value = trim(property.value);
  if (value.size() < 8 || !is_digits(value.substr(0, 8))) return std::string(value);
  auto shown =
      std::string(value.substr(0, 4)) + "-" + std::string(value.substr(4, 2)) + "-" + std::string(value.substr(6, 2));
  if (value.size() < 13 || value[8] != 'T' || !is_digits(value.substr(9, 4))) return shown;
  shown += " " + std::string(value.substr(9, 2)) + ":" + std::string(value.substr(11, 2));
  auto zone = value.ends_with('Z') ? std::string("UTC") : MimeParameters(property.head).find("tzid");
  return zone.empty() ? shown : shown + " " + zone;
}

std::string show_person(const Property& property) {
  auto name = MimeParameters(property.head).find("cn");
  auto address = std::string(trim(property.value));
  if (starts_with_letters(address, "mailto:")) address.erase(0, 7);
  return name.empty() || name == address ? address : name + " <" + address + ">";
}

struct Event {
  std::string title, start, end, place, organiser, text;
};

std::string write(const Event& event) {
  std::string out;
  for (const auto& line :
       {event.title, event.start + (event.end.empty() ? "" : " – " + event.end), event.place, event.organiser})
    if (!line.empty()) out += line + "\n";
  if (!event.text.empty()) out += "\n" + event.text + "\n";
  return out;
}

}  // namespace

std::string calendar_to_text(std::string_view calendar) {
  std::string out, inside;
  Event event;
  std::size_t events = 0;
  while (!calendar.empty() && events < max_calendar_events) {
    auto property = take_property(calendar);
    auto value = to_lower(trim(property.value));
    if (property.name == "begin") inside = value;  // an alarm in an event has a text of its own
    auto is_event = inside == "vevent" || inside == "vtodo";
    if (property.name == "end" && (value == "vevent" || value == "vtodo")) {
      out += (out.empty() ? "" : "\n") + write(event);
      event = {};
      ++events;
      inside.clear();
    }
    if (property.name == "end" && value == "valarm") inside = "vevent";
    if (!is_event) continue;
    if (property.name == "summary") event.title = unescape(property.value);
    if (property.name == "dtstart") event.start = show_time(property);
    if (property.name == "dtend" || property.name == "due") event.end = show_time(property);
    if (property.name == "location") event.place = unescape(property.value);
    if (property.name == "organizer") event.organiser = show_person(property);
    if (property.name == "description") event.text = unescape(property.value);
  }
  return out;
}

}  // namespace answerable::mail

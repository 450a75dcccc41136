// Unusual traffic: counts of one channel, minute by minute, against what is usual for it at this time of the week.
// Pure.
//
// The baseline is a robust exponentially weighted mean for each quarter of an hour of the week (a count enters it
// clipped, so that no spike teaches it), times a slow level for growth and busy days. What is above is accumulated by a
// CUSUM of the log-likelihood ratio between the usual rate and so many times it, both negative binomial, whose
// dispersion is estimated from the same counts. Beside it the last six minutes as a whole are asked whether they are a
// burst of five times the usual: where counts scatter much, one fixed window needs less evidence than a sum that may
// have begun at any time. Both thresholds are calibrated by back-test: what the channel's own past has reached is no
// alarm. A channel too small or too young for statistics has an absolute cap instead.
//
// Method: Page, "Continuous Inspection Schemes", Biometrika 41 (1954); Höhle and Paul, "Count data regression charts
// for the monitoring of surveillance time series", CSDA 52 (2008).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace answerable::policy {

inline constexpr int spike_slots = 7 * 24 * 4;
inline constexpr int burst_minutes = 6;

struct SpikeRules {
  double factor = 3;               // of the usual rate, which the CUSUM looks for; less than about 1.8 never adds up
  double threshold = 16;           // least, in nats: e^18 minutes between two false alarms if the model were true
  double margin = 1.3;             // above what the past has reached
  double burst_factor = 5;         // of the usual rate, which the window of burst_minutes looks for
  double burst_threshold = 10;     // least, in nats
  double burst_margin = 1.15;      // above what the past has reached
  double cap_in_10_minutes = 300;  // for who has no baseline yet, or a rate below small_rate …
  double cap_times_past = 5;       // … or so many times the most that ten minutes have brought before, if that is more
  double small_rate = 0.5;         // messages a minute
  int weeks_to_learn = 2;          // until then the cap holds
};

struct Spike {
  double observed = 0;  // messages in the last minute
  double usual = 0;     // a minute, at this time of the week
  double evidence = 0;  // the CUSUM, or that of the window; the count of ten minutes where the cap decided
  bool by_cap = false;
};

class SpikeDetector {
 public:
  explicit SpikeDetector(SpikeRules rules = {}) : rules_(rules) {}

  // The messages of one minute that is over. Minutes come in order; those between that nobody told count as unknown,
  // not as empty. Gives the spike once, when it begins.
  std::optional<Spike> observe(Time minute, std::int64_t count);
  // The traffic has been as usual for so long: what a suspension for unusual traffic waits for.
  bool is_usual_again(int minutes) const { return calm_minutes_ >= minutes; }
  bool is_spiking() const { return is_spiking_; }
  // The last minute as it was seen; for what is said about a spike that goes on.
  Spike last() const;
  std::int64_t last_minute() const { return last_minute_; }  // since 1970; -1 before the first
  double usual_rate(Time minute) const;
  double threshold() const;

  // To be kept over a restart: text, the same on every machine (docs/formats/traffic-baseline.md). Errors: invalid
  // "spike_state_unreadable", also for a later version's.
  std::string save() const;
  static Result<SpikeDetector> load(std::string_view saved, SpikeRules rules = {});

 private:
  struct Slot {
    double mean = 0;    // a minute, robust
    double weight = 0;  // weeks seen, at most the memory
  };
  bool has_learned() const;
  double cap() const;
  void learn(int slot, double count, double usual);
  void end_slot(int slot);
  double evidence_of(double count, double usual, double factor) const;
  double burst_evidence(double usual) const;
  double burst_threshold() const;
  bool is_unusual(double seen, double usual);
  template <class Form>
  static void pass(Form& form, auto& detector);

  SpikeRules rules_;
  std::array<Slot, spike_slots> slots_{};
  double level_ = 1;       // slow, of all slots
  double dispersion_ = 5;  // k of the negative binomial: variance = mean + mean²/k
  double residual_ = 0.2;  // mean of (squared deviation - mean) / mean²
  double cusum_ = 0;
  double reached_ = 0;        // the highest CUSUM of the past, fading
  double burst_reached_ = 0;  // the same of the window
  double slot_sum_ = 0;       // of the quarter that is going on
  int slot_minutes_ = 0;
  int current_slot_ = -1;
  std::int64_t first_minute_ = -1, last_minute_ = -1;
  std::array<std::int64_t, 10> last_ten_{};
  double most_in_ten_ = 0;  // of the past, fading
  double ten_before_ = 0;   // the last ten minutes that count, which are not past enough to excuse the present ones
  int calm_minutes_ = 0;
  int window_minutes_ = 0;  // of the last ones, at most burst_minutes, that the window may look at
  bool is_spiking_ = false;
};

}  // namespace answerable::policy

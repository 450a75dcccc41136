// A real Dovecot, which each test starts for itself (tests/lib/dovecot.sh) and which ends with it.
#pragma once

#include <dirent.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "contract/child.h"

namespace answerable::contract {

// In a folder of a Maildir.
inline int files_in(const std::string& folder) {
  int files = 0;
  for (const std::string part : {"/cur", "/new"})
    if (DIR* entries = opendir((folder + part).c_str())) {
      while (auto* entry = readdir(entries)) files += entry->d_name[0] == '.' ? 0 : 1;
      closedir(entries);
    }
  return files;
}

class Dovecot {
 public:
  // `settings`: variables of dovecot.sh, "NAME=value …".
  explicit Dovecot(const std::string& settings = "")
      : child_("export ANSWERABLE_TEST=1 " + settings +
               "; . tests/lib/dovecot.sh; dovecot_start || exit 1; echo $ANSWERABLE_TEST_IMAP_PORT "
               "$ANSWERABLE_TEST_IMAPS_PORT $ANSWERABLE_TEST_POP3_PORT $ANSWERABLE_TEST_POP3S_PORT "
               "$ANSWERABLE_TEST_SUBMISSION_PORT $ANSWERABLE_TEST_DOVECOT; trap dovecot_stop EXIT; read -r _") {
    char folder[256] = "";
    ensure(std::sscanf(child_.line().c_str(), "%hu %hu %hu %hu %hu %255s", &port, &tls_port, &pop3_port, &pop3s_port,
                       &submission_port, folder) == 6,
           "Dovecot starts (script/bootstrap --test installs it)");
    path = folder;
  }

  void save(const std::string& mail, const std::string& folder = "INBOX") const {
    auto file = "/tmp/answerable-imap-" + std::to_string(getpid()) + ".eml";
    std::ofstream(file) << mail;
    command("save zoe " + file + " '" + folder + "'");
    unlink(file.c_str());
  }
  void expunge(int uid) const { command("expunge zoe " + std::to_string(uid)); }
  void revalidate(int validity) const { command("revalidate zoe " + std::to_string(validity)); }
  std::string mailbox() const { return path + "/mail/zoe"; }
  int mails() const { return files_in(mailbox()); }  // in the INBOX
  std::string ca_file() const { return path + "/cert.pem"; }
  std::uint16_t port = 0, tls_port = 0, pop3_port = 0, pop3s_port = 0, submission_port = 0;
  std::string path;

 private:
  void command(const std::string& words) const {
    auto line = "ANSWERABLE_TEST_DOVECOT=" + path + " tests/lib/dovecot.sh " + words;
    ensure(std::system(line.c_str()) == 0, "Dovecot does it");
  }
  Child child_;
};

}  // namespace answerable::contract

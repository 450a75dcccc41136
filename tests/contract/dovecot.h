// A real Dovecot (tests/lib/dovecot.sh), which each test starts for itself and which ends with it.
#pragma once

#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "base/ensure.h"

namespace answerable::channels {

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
  Dovecot() {
    int in[2];
    int out[2];
    ensure(pipe(in) == 0 && pipe(out) == 0, "pipes");
    child_ = fork();
    if (child_ == 0) {
      dup2(in[0], 0);
      dup2(out[1], 1);
      close(in[1]);
      close(out[0]);
      execlp("bash", "bash", "-c",
             ". tests/lib/dovecot.sh; dovecot_start || exit 1; "
             "echo $ANSWERABLE_TEST_IMAP_PORT $ANSWERABLE_TEST_IMAPS_PORT $ANSWERABLE_TEST_POP3_PORT "
             "$ANSWERABLE_TEST_POP3S_PORT $ANSWERABLE_TEST_DOVECOT; read -r _; "
             "dovecot_stop",
             nullptr);
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    end_ = in[1];
    FILE* lines = fdopen(out[0], "r");
    char folder[256] = "";
    ensure(std::fscanf(lines, "%hu %hu %hu %hu %255s", &port, &tls_port, &pop3_port, &pop3s_port, folder) == 5,
           "Dovecot starts (script/bootstrap --test installs it)");
    path = folder;
    std::fclose(lines);
  }
  ~Dovecot() {
    close(end_);
    waitpid(child_, nullptr, 0);
  }
  Dovecot(const Dovecot&) = delete;
  Dovecot& operator=(const Dovecot&) = delete;

  void save(const std::string& mail, const std::string& folder = "INBOX") const {
    auto file = "/tmp/answerable-imap-" + std::to_string(getpid()) + ".eml";
    std::ofstream(file) << mail;
    command("save zoe " + file + " " + folder);
    unlink(file.c_str());
  }
  void expunge(int uid) const { command("expunge zoe " + std::to_string(uid)); }
  void revalidate(int validity) { command("revalidate zoe " + std::to_string(validity)); }
  std::string mailbox() const { return path + "/mail/zoe"; }
  int mails() const { return files_in(mailbox()); }  // in the INBOX
  std::string ca_file() const { return path + "/cert.pem"; }
  std::uint16_t port = 0, tls_port = 0, pop3_port = 0, pop3s_port = 0;
  std::string path;

 private:
  void command(const std::string& words) const {
    auto line = "ANSWERABLE_TEST_DOVECOT=" + path + " tests/lib/dovecot.sh " + words;
    ensure(std::system(line.c_str()) == 0, "Dovecot does it");
  }
  pid_t child_ = -1;
  int end_ = -1;
};

}  // namespace answerable::channels

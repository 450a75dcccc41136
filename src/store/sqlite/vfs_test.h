// A VFS for tests that passes everything on to the real one, and asks first at each write and sync.
#pragma once

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <functional>
#include <string>

namespace answerable::store::testing_vfs {

// Before a write or a sync: SQLITE_OK lets it happen, anything else is its result. On any thread.
struct Asked {
  bool is_sync = false;
  bool is_database = false;  // and not its log
};
inline std::function<int(Asked)> before;  // set before the database is opened

struct File {
  sqlite3_file base;
  sqlite3_file* real;
  bool is_database;
};

inline File* own(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
inline sqlite3_file* real(sqlite3_file* file) { return own(file)->real; }
inline int ask(sqlite3_file* file, bool is_sync) {
  return before ? before({.is_sync = is_sync, .is_database = own(file)->is_database}) : SQLITE_OK;
}

inline int close_file(sqlite3_file* file) {
  return real(file)->pMethods ? real(file)->pMethods->xClose(real(file)) : SQLITE_OK;
}
inline int write_file(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  if (int code = ask(file, false); code != SQLITE_OK) return code;
  return real(file)->pMethods->xWrite(real(file), bytes, size, at);
}
inline int sync_file(sqlite3_file* file, int flags) {
  if (int code = ask(file, true); code != SQLITE_OK) return code;
  return real(file)->pMethods->xSync(real(file), flags);
}

// Passes a call on with its arguments.
template <auto Method, class... Arguments>
auto pass_on(sqlite3_file* file, Arguments... arguments) {
  return (real(file)->pMethods->*Method)(real(file), arguments...);
}

inline const sqlite3_io_methods methods = [] {
  sqlite3_io_methods m{};
  using M = sqlite3_io_methods;
  m.iVersion = 2;
  m.xClose = close_file;
  m.xRead = pass_on<&M::xRead>;
  m.xWrite = write_file;
  m.xTruncate = pass_on<&M::xTruncate>;
  m.xSync = sync_file;
  m.xFileSize = pass_on<&M::xFileSize>;
  m.xLock = pass_on<&M::xLock>;
  m.xUnlock = pass_on<&M::xUnlock>;
  m.xCheckReservedLock = pass_on<&M::xCheckReservedLock>;
  m.xFileControl = pass_on<&M::xFileControl>;
  m.xSectorSize = pass_on<&M::xSectorSize>;
  m.xDeviceCharacteristics = pass_on<&M::xDeviceCharacteristics>;
  m.xShmMap = pass_on<&M::xShmMap>;
  m.xShmLock = pass_on<&M::xShmLock>;
  m.xShmBarrier = pass_on<&M::xShmBarrier>;
  m.xShmUnmap = pass_on<&M::xShmUnmap>;
  return m;
}();

inline int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* below = static_cast<sqlite3_vfs*>(vfs->pAppData);
  auto* opened = own(file);
  opened->real = reinterpret_cast<sqlite3_file*>(opened + 1);
  opened->is_database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  int code = below->xOpen(below, name, opened->real, flags, out_flags);
  opened->base.pMethods = opened->real->pMethods ? &methods : nullptr;
  return code;
}

// Its name, for DatabaseOptions::sqlite_vfs.
inline std::string name() {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs* below = sqlite3_vfs_find(nullptr);
    sqlite3_vfs copy = *below;
    copy.szOsFile += static_cast<int>(sizeof(File));
    copy.zName = "asking";
    copy.pAppData = below;
    copy.pNext = nullptr;
    copy.xOpen = open_file;
    return copy;
  }();
  static const int registered = sqlite3_vfs_register(&vfs, 0);
  REQUIRE(registered == SQLITE_OK);
  return "asking";
}

}  // namespace answerable::store::testing_vfs

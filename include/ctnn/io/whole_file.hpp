// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Writes one or several files, all or nothing.

#include <ctnn/io/error.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#if !defined(_WIN32)
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace ctnn::io::detail {

/// Resolves symbolic links. A link in /proc or /dev/fd is not followed, because it names an open file, such as
/// /dev/stdout, and not a path.
inline std::filesystem::path followed(std::filesystem::path path) {
    constexpr int most_links = 40;
    std::error_code status;
    for (int links = 0; links < most_links; ++links) {
        const std::string text = path.string();
        if (text.starts_with("/proc/") || text.starts_with("/dev/fd/")) break;
        if (!std::filesystem::is_symlink(std::filesystem::symlink_status(path, status))) break;
        path = path.parent_path() / std::filesystem::read_symlink(path, status);
    }
    return path;
}

/// Whether writing to one path would change the file at the other, also through symbolic or hard links. Devices and
/// pipes have no contents to lose.
inline bool is_same_file(const std::filesystem::path& left, const std::filesystem::path& right) {
    std::error_code status;
    const auto kind = std::filesystem::status(left, status);
    if (std::filesystem::exists(kind) && !std::filesystem::is_regular_file(kind)) return false;
    if (std::filesystem::equivalent(left, right, status)) return true;
    const auto place = [](const std::filesystem::path& path) {
        std::error_code ignored;
        return std::filesystem::weakly_canonical(std::filesystem::absolute(followed(path), ignored), ignored);
    };
    return place(left) == place(right);
}

/// Whether `staged_files` replaces the file with a new one; anything but a regular file is written to instead.
inline bool is_replaced(const std::filesystem::path& path) {
    std::error_code status;
    const auto kind = std::filesystem::status(path, status);
    return !std::filesystem::exists(kind) ||
           (std::filesystem::is_regular_file(kind) &&
            std::filesystem::is_regular_file(std::filesystem::symlink_status(followed(path), status)));
}

/// Files to be replaced together, or none of them.
///
/// `add()` writes each to a new file beside its target, and `commit()` renames them: readers see an old file or a new
/// one. Symbolic links are followed, and mode and owner are preserved. Anything but a regular file, such as a device or
/// a pipe, is written to by `commit()` and never replaced. Without `commit()` nothing changes, and the destructor
/// removes the new files; a program that is killed leaves them, with names such as `.ctnn-0.tmp`.
///
/// *Errors*: `io::error` for a file that cannot be created, written or renamed, is read-only, is given twice, or has
/// another owner that cannot be preserved. All files are then unchanged.
class staged_files {
  public:
    staged_files() = default;
    staged_files(const staged_files&) = delete;
    staged_files& operator=(const staged_files&) = delete;
    ~staged_files() {
        for (const staged& each : files_) discard(each);
    }

    /// `content` is kept as a view until `commit()`.
    void add(const std::filesystem::path& path, std::string_view content) {
        for (const staged& other : files_)
            if (is_same_file(path, other.path))
                fail(path, joined("it is the same file as ", printable(other.path.string())));
        staged& file = files_.emplace_back();
        file.path = path;
        file.content = content;
        file.place = followed(path);
        std::error_code status;
        const auto kind = std::filesystem::status(path, status);
        // Links that form a cycle or lead into inaccessible folders.
        if (!std::filesystem::status_known(kind)) fail(path, status.message());
        if (std::filesystem::is_directory(kind)) fail(path, std::strerror(EISDIR));
        file.exists = std::filesystem::exists(kind);
        file.replaces = is_replaced(path);
        if (!file.replaces) return;
        if (file.exists) require_writable(path, kind);
        stage(file);
    }

    /// Nothing can be added afterwards.
    void commit() {
        // Writes to devices and pipes cannot be undone, so they come when everything else is ready.
        for (const staged& each : files_)
            if (!each.replaces) write_through(each);
        std::size_t done = 0;
        try {
            // The old file is kept while a later one may still fail.
            for (; done < files_.size(); ++done)
                if (files_[done].replaces) replace(files_[done], done + 1 < files_.size());
        } catch (...) {
            while (done-- > 0) restore(files_[done]);
            throw;
        }
        for (const staged& each : files_) discard(each);
        files_.clear();
    }

  private:
    struct staged {
        std::filesystem::path path;       // as given
        std::filesystem::path place;      // what is replaced
        std::filesystem::path temporary;  // the new file, until it is renamed
        std::filesystem::path kept;       // a second name of the old file, while it may be needed
        std::string_view content;
        bool exists = false;
        bool replaces = false;
    };
    struct closer {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    using open_file = std::unique_ptr<std::FILE, closer>;

    [[noreturn]] static void fail(const std::filesystem::path& path, std::string_view reason) {
        throw error(path, {}, joined("a file that cannot be written (", reason, ")"), "a writable path");
    }

    static void discard(const staged& file) {
        std::error_code ignored;
        if (!file.temporary.empty()) std::filesystem::remove(file.temporary, ignored);
        if (!file.kept.empty()) std::filesystem::remove(file.kept, ignored);
    }

    static void require_writable(const std::filesystem::path& path, std::filesystem::file_status kind) {
        using std::filesystem::perms;
        // Also for a superuser, who could write to it.
        const perms writable = perms::owner_write | perms::group_write | perms::others_write;
        if ((kind.permissions() & writable) == perms::none) fail(path, "it is read-only");
#if !defined(_WIN32)
        if (::access(path.c_str(), W_OK) != 0) fail(path, std::strerror(errno));
#endif
    }

    /// The first name beside a file that `make` finds unused: `make` returns 0 or an error number, EEXIST to be called
    /// again.
    template <class Make>
    static int first_unused(const std::filesystem::path& place, std::filesystem::path& name, Make make) {
        constexpr int most_names = 10000;
        int result = EEXIST;
        for (int number = 0; result == EEXIST && number < most_names; ++number) {
            std::filesystem::path next = place.parent_path() / joined(".ctnn-", number, ".tmp");
            result = make(next);
            if (result == 0) name = std::move(next);
        }
        return result;
    }

    static void stage(staged& file) {
        open_file stream;
        const int status = first_unused(file.place, file.temporary, [&](const std::filesystem::path& name) {
            // Mode x fails if the file exists.
            errno = 0;
            stream.reset(std::fopen(name.string().c_str(), "wbx"));
            return stream != nullptr ? 0 : errno;
        });
        if (stream == nullptr) fail(file.path, std::strerror(status));
        if (file.exists) take_owner_and_mode(file);
        write(file, std::move(stream));
    }

    /// Called while the new file is empty, because others might read it.
    static void take_owner_and_mode(const staged& file) {
#if !defined(_WIN32)
        struct ::stat before {};
        struct ::stat after {};
        if (::stat(file.place.c_str(), &before) != 0 || ::stat(file.temporary.c_str(), &after) != 0)
            fail(file.path, std::strerror(errno));
        const bool same = before.st_uid == after.st_uid && before.st_gid == after.st_gid;
        if (!same && ::chown(file.temporary.c_str(), before.st_uid, before.st_gid) != 0)
            fail(file.path, "its owner or group would change");
        if (::chmod(file.temporary.c_str(), before.st_mode & 07777) != 0) fail(file.path, std::strerror(errno));
#endif
    }

    static void write(const staged& file, open_file stream) {
        const bool written =
            std::fwrite(file.content.data(), 1, file.content.size(), stream.get()) == file.content.size();
        const int status = errno;
        const bool closed = std::fclose(stream.release()) == 0;
        if (!written || !closed) fail(file.path, std::strerror(written ? errno : status));
    }

    static void write_through(const staged& file) {
        // Appends, so that a file to which standard output is redirected is not truncated.
        open_file stream(std::fopen(file.path.string().c_str(), "ab"));
        if (stream == nullptr) fail(file.path, std::strerror(errno));
        write(file, std::move(stream));
    }

    static void replace(staged& file, bool keeps) {
        std::error_code status;
        if (keeps && file.exists) {
            const int kept = first_unused(file.place, file.kept, [&](const std::filesystem::path& name) {
                std::filesystem::create_hard_link(file.place, name, status);
                // Some file systems have no hard links.
                if (status && status != std::errc::file_exists) std::filesystem::copy_file(file.place, name, status);
                return status.value();
            });
            if (kept != 0) fail(file.path, status.message());
        }
        std::filesystem::rename(file.temporary, file.place, status);
        if (status) fail(file.path, status.message());
        file.temporary.clear();
    }

    static void restore(staged& file) {
        if (!file.replaces) return;
        std::error_code ignored;
        if (file.kept.empty())
            std::filesystem::remove(file.place, ignored);
        else
            std::filesystem::rename(file.kept, file.place, ignored);
    }

    std::vector<staged> files_;
};

/// Replaces the file at `path` by `content`, as `staged_files` does.
inline void write_whole_file(const std::filesystem::path& path, std::string_view content) {
    staged_files one;
    one.add(path, content);
    one.commit();
}

}  // namespace ctnn::io::detail

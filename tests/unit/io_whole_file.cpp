// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_whole_file
#include <boost/test/unit_test.hpp>

#include <ctnn/io/header_file.hpp>
#include <ctnn/io/safetensors.hpp>
#include <ctnn/io/whole_file.hpp>
#include <ctnn/layer/dense.hpp>

#include "io_support.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string>
#include <thread>

// The library's writers replace files entirely or not at all, and never replace anything that is not a file.

namespace {

namespace fs = std::filesystem;
using ctnn::io::detail::is_same_file;
using ctnn::io::detail::staged_files;
using ctnn::io::detail::write_whole_file;
using io_test::message_of;
using io_test::read_file;
using io_test::write_file;

/// An empty folder, in which each test works.
struct scratch {
    scratch() {
        fs::remove_all("whole");
        fs::create_directory("whole");
    }
};

std::ptrdiff_t count_files() {
    return std::distance(fs::directory_iterator("whole"), {});
}

std::string said_of_writing(const fs::path& path) {
    return message_of([&] { write_whole_file(path, "new"); });
}

struct ::stat facts_of(const char* path) {
    struct ::stat facts {};
    BOOST_TEST(::stat(path, &facts) == 0);
    return facts;
}

/// Runs a function as another user, in a child process: only a superuser can.
template <class F>
int exit_code_of_nobody(F f) {
    const ::pid_t child = ::fork();
    if (child == 0) {
        if (::setgid(65534) != 0 || ::setuid(65534) != 0) ::_exit(100);
        ::_exit(f());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(new_and_old_files, scratch) {
    write_whole_file("whole/a", "first");
    BOOST_TEST(read_file("whole/a") == "first");
    write_whole_file("whole/a", std::string("\0second", 7));
    BOOST_TEST(read_file("whole/a") == std::string("\0second", 7));
    write_whole_file("whole/a", "");
    BOOST_TEST(read_file("whole/a") == "");
    // With the longest possible name, a new file can still be created next to it.
    const std::string longest = "whole/" + std::string(255, 'n');
    write_whole_file(longest, "long");
    BOOST_TEST(read_file(longest) == "long");
    BOOST_TEST(count_files() == 2);
}

BOOST_FIXTURE_TEST_CASE(devices_and_pipes_are_written_to, scratch) {
    write_whole_file("/dev/null", "nothing");
    BOOST_TEST(fs::is_character_file("/dev/null"));
    BOOST_TEST(said_of_writing("/dev/full") ==
               "/dev/full: found a file that cannot be written (No space left on device), expected a writable path");
    BOOST_TEST(fs::is_character_file("/dev/full"));

    BOOST_TEST(::mkfifo("whole/pipe", 0666) == 0);
    std::string received;
    std::thread reader([&] { received = read_file("whole/pipe"); });
    write_whole_file("whole/pipe", "through the pipe");
    reader.join();
    BOOST_TEST(received == "through the pipe");
    BOOST_TEST(fs::is_fifo("whole/pipe"));

    // A link to a device is not a link to a file.
    fs::create_symlink("/dev/null", "whole/link");
    write_whole_file("whole/link", "nothing");
    BOOST_TEST(fs::is_symlink("whole/link"));
    BOOST_TEST(count_files() == 2);
}

BOOST_FIXTURE_TEST_CASE(open_files_are_written_to, scratch) {
    // As when a shell redirects /dev/stdout to a file: its content is kept.
    write_file("whole/out", "before ");
    const int descriptor = ::open("whole/out", O_WRONLY | O_APPEND);
    const auto inode = facts_of("whole/out").st_ino;
    for (const std::string folder : {"/dev/fd/", "/proc/self/fd/"}) {
        write_whole_file(folder + std::to_string(descriptor), "new ");
        fs::create_symlink(folder + std::to_string(descriptor), "whole/link");
        write_whole_file("whole/link", "linked ");
        fs::remove("whole/link");
    }
    ::close(descriptor);
    BOOST_TEST(read_file("whole/out") == "before new linked new linked ");
    BOOST_TEST(facts_of("whole/out").st_ino == inode);
    BOOST_TEST(count_files() == 1);
}

BOOST_FIXTURE_TEST_CASE(links_are_followed, scratch) {
    fs::create_directory("whole/there");
    write_file("whole/there/file", "old");
    fs::create_symlink("there/file", "whole/relative");
    fs::create_symlink(fs::absolute("whole/relative"), "whole/absolute");
    write_whole_file("whole/absolute", "new");
    BOOST_TEST(fs::is_symlink("whole/absolute"));
    BOOST_TEST(fs::is_symlink("whole/relative"));
    BOOST_TEST(read_file("whole/there/file") == "new");
    // Writing to a dangling link creates the file; a link to itself is refused.
    fs::create_symlink("there/other", "whole/dangling");
    write_whole_file("whole/dangling", "made");
    BOOST_TEST(fs::is_symlink("whole/dangling"));
    BOOST_TEST(read_file("whole/there/other") == "made");
    fs::create_symlink("loop", "whole/loop");
    BOOST_TEST(said_of_writing("whole/loop").starts_with("whole/loop: found a file that cannot be written ("));
    BOOST_TEST(fs::is_symlink("whole/loop"));
}

BOOST_FIXTURE_TEST_CASE(mode_and_owner_stay, scratch) {
    write_file("whole/a", "old");
    for (const ::mode_t mode : {0600u, 0640u, 0664u, 0777u, 0604u, 02775u}) {
        BOOST_TEST(::chmod("whole/a", mode) == 0);
        write_whole_file("whole/a", "new");
        BOOST_TEST((facts_of("whole/a").st_mode & 07777) == mode);
    }
    if (::getuid() != 0) return;
    // A superuser can change owners, and the writer keeps the owner.
    BOOST_TEST(::chown("whole/a", 65534, 65533) == 0);
    BOOST_TEST(::chmod("whole/a", 0644) == 0);
    write_whole_file("whole/a", "newer");
    BOOST_TEST(facts_of("whole/a").st_uid == 65534u);
    BOOST_TEST(facts_of("whole/a").st_gid == 65533u);
    BOOST_TEST((facts_of("whole/a").st_mode & 07777) == 0644u);
    // Another user cannot: the file is unchanged.
    write_file("whole/of_root", "old");
    BOOST_TEST(::chmod("whole/of_root", 0666) == 0);
    BOOST_TEST(::chmod("whole", 0777) == 0);
    const fs::path place = fs::absolute("whole/of_root");
    const int code = exit_code_of_nobody([&] {
        if (::access(place.c_str(), W_OK) != 0) return 100;  // a folder above is closed to others
        const std::string said = said_of_writing(place);
        return said.find("its owner or group would change") == said.npos ? 1 : 0;
    });
    BOOST_TEST((code == 0 || code == 100));
    BOOST_TEST(read_file("whole/of_root") == "old");
    BOOST_TEST(count_files() == 2);
}

BOOST_FIXTURE_TEST_CASE(read_only_files_are_refused, scratch) {
    write_file("whole/a", "old");
    BOOST_TEST(::chmod("whole/a", 0444) == 0);
    BOOST_TEST(said_of_writing("whole/a") ==
               "whole/a: found a file that cannot be written (it is read-only), expected a writable path");
    fs::create_symlink("a", "whole/link");
    BOOST_TEST(said_of_writing("whole/link").find("read-only") != std::string::npos);
    BOOST_TEST(read_file("whole/a") == "old");
    BOOST_TEST((facts_of("whole/a").st_mode & 07777) == 0444u);
    BOOST_TEST(count_files() == 2);
}

BOOST_FIXTURE_TEST_CASE(folders_and_missing_folders, scratch) {
    fs::create_directory("whole/folder");
    BOOST_TEST(said_of_writing("whole/folder") ==
               "whole/folder: found a file that cannot be written (Is a directory), expected a writable path");
    BOOST_TEST(said_of_writing("whole/no/file") ==
               "whole/no/file: found a file that cannot be written (No such file or directory), expected a writable "
               "path");
    BOOST_TEST(said_of_writing("").find("cannot be written") != std::string::npos);
    BOOST_TEST(count_files() == 1);
}

BOOST_FIXTURE_TEST_CASE(together_or_not_at_all, scratch) {
    write_file("whole/weights", "old weights");
    write_file("whole/header", "old header");
    {
        staged_files both;
        both.add("whole/weights", "new weights");
        both.add("whole/header", "new header");
        both.add("whole/third", "new third");
        BOOST_TEST(read_file("whole/weights") == "old weights");
        both.commit();
    }
    BOOST_TEST(read_file("whole/weights") == "new weights");
    BOOST_TEST(read_file("whole/header") == "new header");
    BOOST_TEST(read_file("whole/third") == "new third");
    BOOST_TEST(count_files() == 3);

    // Without a commit nothing changes.
    {
        staged_files both;
        both.add("whole/weights", "newer weights");
        BOOST_TEST(message_of([&] { both.add("whole/no/header", "newer header"); }) != "");
    }
    BOOST_TEST(read_file("whole/weights") == "new weights");
    BOOST_TEST(count_files() == 3);

    // The last of three fails, and the others are restored: one had existed, one had not.
    const auto inode = facts_of("whole/weights").st_ino;
    {
        staged_files all;
        all.add("whole/weights", "newer weights");
        all.add("whole/fourth", "fourth");
        all.add("whole/header", "newer header");
        fs::remove("whole/header");
        fs::create_directory("whole/header");
        BOOST_TEST(message_of([&] { all.commit(); }) ==
                   "whole/header: found a file that cannot be written (Is a directory), expected a writable path");
    }
    BOOST_TEST(read_file("whole/weights") == "new weights");
    BOOST_TEST(facts_of("whole/weights").st_ino == inode);
    BOOST_TEST(!fs::exists("whole/fourth"));
    BOOST_TEST(count_files() == 3);

    // A device is written before files are renamed, so that its failure changes nothing.
    {
        staged_files all;
        all.add("whole/weights", "newer weights");
        all.add("/dev/full", "header");
        BOOST_TEST(message_of([&] { all.commit(); }) != "");
    }
    BOOST_TEST(read_file("whole/weights") == "new weights");
    BOOST_TEST(count_files() == 3);
}

BOOST_FIXTURE_TEST_CASE(one_file_twice, scratch) {
    write_file("whole/a", "old");
    fs::create_hard_link("whole/a", "whole/hard");
    fs::create_symlink("a", "whole/soft");
    fs::create_symlink("new", "whole/dangling");
    BOOST_TEST(is_same_file("whole/a", "whole/../whole/./a"));
    BOOST_TEST(is_same_file("whole/a", "whole/hard"));
    BOOST_TEST(is_same_file("whole/soft", "whole/hard"));
    BOOST_TEST(is_same_file("whole/new", "whole/dangling"));
    BOOST_TEST(is_same_file("whole/new", fs::absolute("whole/new")));
    BOOST_TEST(!is_same_file("whole/a", "whole/new"));
    BOOST_TEST(!is_same_file("/dev/null", "/dev/null"));
    staged_files both;
    both.add("whole/soft", "one");
    BOOST_TEST(message_of([&] { both.add("whole/hard", "two"); }) ==
               "whole/hard: found a file that cannot be written (it is the same file as whole/soft), expected a "
               "writable path");
}

BOOST_FIXTURE_TEST_CASE(names_that_are_taken, scratch) {
    // As left by a program that was killed, or by another running at the same time.
    write_file("whole/.ctnn-0.tmp", "theirs");
    write_file("whole/.ctnn-1.tmp", "theirs");
    write_whole_file("whole/a", "new");
    BOOST_TEST(read_file("whole/a") == "new");
    BOOST_TEST(read_file("whole/.ctnn-0.tmp") == "theirs");
    BOOST_TEST(count_files() == 3);
}

/// All writers of the library use it.
BOOST_FIXTURE_TEST_CASE(headers_and_safetensors, scratch) {
    using net_type = ctnn::network<float, ctnn::input<2>, ctnn::dense<1>>;
    const auto save = [](const fs::path& path) {
        ctnn::io::save_safetensors(net_type{}, path);
        ctnn::io::header_file header(path, "net");
        header.add("model", net_type{});
        header.save();
    };
    save("/dev/null");
    BOOST_TEST(fs::is_character_file("/dev/null"));
    write_file("whole/a", "old");
    fs::create_symlink("a", "whole/link");
    save("whole/link");
    BOOST_TEST(fs::is_symlink("whole/link"));
    BOOST_TEST(read_file("whole/a").starts_with("// Written by"));
    BOOST_TEST(::chmod("whole/a", 0444) == 0);
    BOOST_TEST(message_of([&] { save("whole/link"); }).find("read-only") != std::string::npos);
}

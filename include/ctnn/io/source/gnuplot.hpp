// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// Running gnuplot: the part that is compiled once.

#include <ctnn/io/compiled.hpp>
#include <ctnn/io/error.hpp>
#include <ctnn/io/plot/gnuplot.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#if __has_include(<spawn.h>)
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;
#endif

namespace ctnn::io::detail {

#if __has_include(<spawn.h>)

/// A file without a name, which vanishes when it is closed: no pipe can fill up, and no other process sees it.
struct nameless_file {
    struct closer {
        void operator()(std::FILE* opened) const { std::fclose(opened); }
    };
    std::unique_ptr<std::FILE, closer> file{std::tmpfile()};

    bool write(const std::string& text) const {
        if (file == nullptr || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size()) return false;
        return std::fflush(file.get()) == 0 && std::fseek(file.get(), 0, SEEK_SET) == 0;
    }
    std::string read() const {
        std::string text;
        char block[4096];
        std::rewind(file.get());
        for (std::size_t count; (count = std::fread(block, 1, sizeof block, file.get())) > 0;)
            text.append(block, count);
        return text;
    }
};

CTNN_IO_INLINE std::string run_gnuplot(const std::string& commands, const std::string& file) {
    const nameless_file in, out, messages;
    if (!in.write(commands) || out.file == nullptr || messages.file == nullptr)
        throw error(file, {}, joined("no temporary files (", std::strerror(errno), ")"),
                    "room for three where the system has them, such as /tmp");

    // -d: without the user's start-up files. The commands are the standard input, so no shell reads anything.
    char program[] = "gnuplot", defaults[] = "-d", standard_input[] = "-";
    char* const arguments[] = {program, defaults, standard_input, nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(in.file.get()), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(out.file.get()), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(messages.file.get()), STDERR_FILENO);
    pid_t child = 0;
    const int status = posix_spawnp(&child, program, &actions, nullptr, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);

    int ended = 0;
    if (status == 0)
        while (waitpid(child, &ended, 0) < 0 && errno == EINTR) {}
    constexpr int no_such_program = 127;
    if (status != 0 || (WIFEXITED(ended) && WEXITSTATUS(ended) == no_such_program))
        throw error(file, {},
                    joined("no program gnuplot to draw it (", std::strerror(status != 0 ? status : ENOENT), ")"),
                    "gnuplot 5 in the PATH (Debian: gnuplot-nox)");
    if (!WIFEXITED(ended) || WEXITSTATUS(ended) != 0) {
        std::string reason;
        for (const char c : messages.read())
            if (c != '\n' || !reason.empty()) reason += c == '\n' ? ' ' : c;
        throw error(file, {}, joined("that gnuplot failed: ", printable(reason)), "a picture");
    }
    return out.read();
}

#else

CTNN_IO_INLINE std::string run_gnuplot(const std::string&, const std::string& file) {
    throw error(file, {}, "a system without posix_spawn, by which gnuplot is run", "one that has it");
}

#endif

}  // namespace ctnn::io::detail

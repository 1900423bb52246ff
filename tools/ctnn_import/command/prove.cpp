// SPDX-License-Identifier: BSL-1.0
#include "command/prove.hpp"

#include "refusal.hpp"

#if !defined(_WIN32)
#include <unistd.h>
#endif

#include <cerrno>
#include <system_error>

namespace ctnn_import {

std::filesystem::path own_path(const char* name) {
    std::error_code status;
    const std::filesystem::path linux_path = std::filesystem::read_symlink("/proc/self/exe", status);
    if (!status) return linux_path;
    const std::filesystem::path given = name;
    return given.has_parent_path() ? std::filesystem::absolute(given) : given;
}

void run_prover(const std::filesystem::path& own, const std::vector<std::string>& arguments) {
#if defined(_WIN32)
    static_cast<void>(own);
    static_cast<void>(arguments);
    throw refusal("--property: ctnn-prove has to be called itself on Windows");
#else
    std::filesystem::path prover = own.parent_path() / "ctnn-prove";
#if defined(CTNN_IMPORT_PROVE)
    if (!own.has_parent_path() || !std::filesystem::exists(prover)) prover = CTNN_IMPORT_PROVE;
#endif
    if (!std::filesystem::exists(prover)) prover = "ctnn-prove";
    std::string name = prover.string();
    std::vector<std::string> texts = arguments;
    std::vector<char*> pointers{name.data()};
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    ::execvp(name.c_str(), pointers.data());
    throw refusal(errno == ENOENT ? "--property: ctnn-prove is neither beside this program nor in PATH"
                                  : "--property: " + name + ": " + std::generic_category().message(errno));
#endif
}

}  // namespace ctnn_import

// SPDX-License-Identifier: BSL-1.0
#include "read/archive.hpp"

#include "refusal.hpp"

#include <ctnn/io/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>

#if defined(CTNN_IMPORT_ZIP)
#include <zip.h>
#endif

namespace ctnn_import {

bool is_archive(std::string_view bytes) {
    return bytes.starts_with("PK\x03\x04");
}

#if defined(CTNN_IMPORT_ZIP)

namespace {

[[noreturn]] void archive_is_damaged() {
    throw refusal("the zip archive is damaged");
}

}  // namespace

std::map<std::string, std::string> read_archive(std::string_view bytes, const std::vector<std::string>& names) {
    zip_source_t* const source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, nullptr);
    if (source == nullptr) archive_is_damaged();
    zip_t* const opened = zip_open_from_source(source, ZIP_RDONLY, nullptr);
    if (opened == nullptr) {
        zip_source_free(source);
        archive_is_damaged();
    }
    const std::unique_ptr<zip_t, void (*)(zip_t*)> archive(opened, zip_discard);
    const zip_int64_t entries = zip_get_num_entries(opened, 0);
    if (entries < 0 || entries > 1 << 16) archive_is_damaged();
    std::map<std::string, std::string> result;
    std::set<std::string> seen;
    for (zip_int64_t i = 0; i < entries; ++i) {
        const auto index = static_cast<zip_uint64_t>(i);
        zip_stat_t what;
        if (zip_stat_index(opened, index, ZIP_FL_ENC_RAW, &what) != 0 || (what.valid & ZIP_STAT_NAME) == 0 ||
            (what.valid & ZIP_STAT_SIZE) == 0 || (what.valid & ZIP_STAT_COMP_SIZE) == 0)
            archive_is_damaged();
        const std::string name = what.name;
        if (!seen.insert(name).second)
            throw refusal("the zip archive has two files " + ctnn::io::detail::in_quotes(name));
        if (std::find(names.begin(), names.end(), name) == names.end()) continue;
        if ((what.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && what.encryption_method != ZIP_EM_NONE)
            throw refusal("the zip archive is encrypted");
        if (what.comp_size > bytes.size() || what.size / 1100 > what.comp_size || what.size >= std::uint64_t{1} << 31)
            archive_is_damaged();
        const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(zip_fopen_index(opened, index, 0), zip_fclose);
        if (file == nullptr) archive_is_damaged();
        std::string content(static_cast<std::size_t>(what.size), '\0');
        // Reading beyond the end checks the sum.
        char more = 0;
        if (zip_fread(file.get(), content.data(), content.size()) != static_cast<zip_int64_t>(content.size()) ||
            zip_fread(file.get(), &more, 1) != 0)
            archive_is_damaged();
        result.emplace(name, std::move(content));
    }
    return result;
}

#else

std::map<std::string, std::string> read_archive(std::string_view, const std::vector<std::string>&) {
    throw refusal(
        "it is a zip archive, and this ctnn-import was built without libzip (Debian: libzip-dev): build it with, or "
        "export the model to ONNX");
}

#endif

}  // namespace ctnn_import

// SPDX-License-Identifier: BSL-1.0
// A libFuzzer target: any bytes are imported or refused; nothing else happens.
#include "command/import_model.hpp"
#include "read/read.hpp"
#include "refusal.hpp"
#include "write/write.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace ctnn_import;
    try {
        write_options writing;
        writing.name = "model";
        read_options reading;
        if (size > 0 && bytes[0] % 2 == 0) reading.batch = 1;
        const std::string_view text(reinterpret_cast<const char*>(bytes), size);
        header_text(import_model(parse_model(text, {}, reading)), writing);
    } catch (const refusal& error) {
        const std::string_view said = error.what();
        // One line; and if a model was accepted, its network computed the same. (The fuzzer copies compared strings
        // into node names, so the sentence counts only at the beginning.)
        if (said.find('\n') != said.npos || said.starts_with("the network does not compute")) std::abort();
    }
    return 0;
}

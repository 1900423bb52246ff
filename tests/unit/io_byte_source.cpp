// SPDX-License-Identifier: BSL-1.0
#define BOOST_TEST_MODULE io_byte_source
#include <boost/test/unit_test.hpp>

#include <ctnn/io/byte_source.hpp>
#include <ctnn/io/csv.hpp>
#include <ctnn/io/idx.hpp>

#include "io_support.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

// Plain files and gzip files of one or several members (RFC 1952), and data after a member.

namespace {

using io_test::message_of;
using io_test::packed;
using io_test::write_file;

std::string bytes_of(const std::string& content) {
    write_file("source", content);
    ctnn::io::detail::byte_source source("source");
    std::string result;
    for (int byte = source.get(); byte >= 0; byte = source.get()) result += static_cast<char>(byte);
    BOOST_TEST(source.offset() == result.size());
    BOOST_TEST(source.peek() == -1);
    return result;
}
std::string said_of(const std::string& content) {
    return message_of([&] { bytes_of(content); });
}

/// Bytes that compress poorly, so that there are several blocks of both kinds.
std::string noise(std::size_t size) {
    std::string result(size, '\0');
    std::uint32_t state = 1;
    for (char& byte : result) {
        state = state * 1664525u + 1013904223u;
        byte = static_cast<char>(state >> 24);
    }
    return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(plain_files) {
    for (const std::string& plain : {std::string(), std::string("\x1f"), std::string("\x1f\x1f\x8b"),
                                     std::string("a\0b\xff\x1f\x8b", 6), noise(65536), noise(65537), noise(200000)})
        BOOST_TEST((bytes_of(plain) == plain));
}

BOOST_AUTO_TEST_CASE(members_follow_one_another) {
    const std::string a = "1,2,0\n", b = noise(150000), none;
    BOOST_TEST((bytes_of(packed(a)) == a));
    BOOST_TEST((bytes_of(packed(b)) == b));
    BOOST_TEST((bytes_of(packed(none)) == none));
    BOOST_TEST((bytes_of(packed(a) + packed(none) + packed(b) + packed(a)) == a + b + a));
    BOOST_TEST((bytes_of(packed(none) + packed(none)) == none));
    // A second member that begins before, at and after the end of a block of the compressed file.
    for (std::size_t size = 65480; size < 65530; ++size)
        BOOST_TEST((bytes_of(packed(noise(size)) + packed(a)) == noise(size) + a));
}

BOOST_AUTO_TEST_CASE(what_stands_behind_a_member) {
    const std::string whole = packed("1,2,0\n");
    const std::string where = "source: byte " + std::to_string(whole.size()) + " of the compressed file: ";
    const std::string why = "found bytes that are not a gzip member, expected the end of the file, or another member";
    BOOST_TEST(said_of(whole + "trailing garbage") == where + why);
    BOOST_TEST(said_of(whole + std::string(5, '\0')) == where + why);
    BOOST_TEST(said_of(whole + noise(200000)) == where + why);
    BOOST_TEST(said_of(whole + whole + "xy") ==
               "source: byte " + std::to_string(2 * whole.size()) + " of the compressed file: " + why);
    // A prefix of another member is a truncated member.
    for (std::size_t size = 1; size < whole.size(); ++size)
        BOOST_TEST(said_of(whole + whole.substr(0, size)).find("unreadable data (unexpected end of file)") !=
                   std::string::npos);
}

BOOST_AUTO_TEST_CASE(cut_and_damaged_members) {
    const std::string content = noise(70000), whole = packed(content);
    for (const std::size_t size : {2ul, 3ul, 10ul, 11ul, 100ul, 65536ul, whole.size() - 9, whole.size() - 1})
        BOOST_TEST(said_of(whole.substr(0, size)).find("unreadable data (unexpected end of file)") !=
                   std::string::npos);
    std::size_t refused = 0;
    for (std::size_t at = 2; at < whole.size(); at += at < 12 || at + 9 > whole.size() ? 1 : 1000) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
        write_file("source", damaged);
        try {
            BOOST_TEST((bytes_of(damaged) == content));  // the header's time and system are ignored
        } catch (const ctnn::io::error&) { ++refused; }
    }
    BOOST_TEST(refused > 70u);
}

// Through the readers, which reject a damaged file even if they have all their data.
BOOST_AUTO_TEST_CASE(readers) {
    using rows = ctnn::io::dataset<float, ctnn::shape<2>, ctnn::io::class_labels<3>>;
    const auto csv = [](const std::string& bytes) {
        write_file("rows.csv.gz", bytes);
        return message_of([] { BOOST_TEST(ctnn::io::load_csv<rows>("rows.csv.gz", {.header = false}).size() == 4u); });
    };
    const std::string two = packed("1,2,0\n3,4,1\n");
    BOOST_TEST(csv(two + two) == "");
    BOOST_TEST(csv(two + "trailing garbage").find("not a gzip member") != std::string::npos);

    using images = ctnn::io::dataset<float, ctnn::shape<2>, ctnn::io::class_labels<3>>;
    const std::string inputs("\0\0\x08\x02\0\0\0\x02\0\0\0\x02\1\2\3\4", 16), labels("\0\0\x08\x01\0\0\0\x02\1\2", 10);
    const auto idx = [](const std::string& first, const std::string& second) {
        write_file("inputs.gz", first);
        write_file("labels.gz", second);
        return message_of([] { BOOST_TEST(ctnn::io::load_idx<images>("inputs.gz", "labels.gz").size() == 2u); });
    };
    BOOST_TEST(idx(packed(inputs.substr(0, 13)) + packed(inputs.substr(13)), packed(labels)) == "");
    BOOST_TEST(idx(packed(inputs) + "GARBAGE", packed(labels)).find("inputs.gz: byte ") == 0u);
    BOOST_TEST(idx(packed(inputs), packed(labels) + std::string(5, '\0')).find("labels.gz: byte ") == 0u);
}

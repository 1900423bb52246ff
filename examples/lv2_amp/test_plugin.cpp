// SPDX-License-Identifier: BSL-1.0
// Tests the plug-in: lv2apply renders a sound file with it, and a host of this folder loads captures while it plays.
// The sound has to be the bits of a player without a host.   lv2_amp <lv2apply> <bundle> <another capture>
#include "host.hpp"
#include "smooth_gain.hpp"

#include <ctnn/io/architectures.hpp>
#include <ctnn/io/player.hpp>
#include <ctnn/io/player_slot.hpp>

#include <sndfile.hh>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <new>
#include <numbers>
#include <string>
#include <vector>

static std::size_t allocations = 0;

[[gnu::noinline]] void* operator new(std::size_t size) {
    if (is_running) ++allocations;
    if (void* const result = std::malloc(size == 0 ? 1 : size)) return result;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* pointer) noexcept {
    std::free(pointer);
}
[[gnu::noinline]] void operator delete(void* pointer, std::size_t) noexcept {
    std::free(pointer);
}

namespace {

namespace fs = std::filesystem;
using signal = std::vector<float>;
using playable = ctnn::io::architectures<ctnn::io::lstm_capture<16>, ctnn::io::gru_capture<4>>;

constexpr int rate = 48000;
constexpr std::size_t seconds = 10, fade = rate / 100;

int failures = 0;
void require(bool holds, const std::string& what) {
    std::printf("%s: %s\n", what.c_str(), holds ? "yes" : "NO");
    if (!holds) ++failures;
}

/// Plucked strings, four in a second.
signal strings() {
    signal result(seconds * rate);
    for (std::size_t t = 0; t < result.size(); ++t) {
        const std::size_t note = t / (rate / 4);
        const double time = static_cast<double>(t % (rate / 4)) / rate,
                     pitch = 82.4 * std::exp2(static_cast<double>(note * 7 % 24) / 12);
        result[t] = static_cast<float>(std::exp(-6 * time) * std::sin(2 * std::numbers::pi * pitch * time));
    }
    return result;
}

/// What the plug-in has to give: the player between the two gains.
signal played(const fs::path& capture, signal x, float input_decibels = 0, float output_decibels = 0) {
    const auto player = ctnn::io::load_player<playable>(capture);
    for (float& value : x) value *= smooth_gain::factor(input_decibels);
    player->process(x.data(), x.data(), x.size());
    for (float& value : x) value *= smooth_gain::factor(output_decibels);
    return x;
}

std::size_t differences(const signal& a, const signal& b, std::size_t from = 0) {
    if (a.size() != b.size()) return a.size() + b.size();
    std::size_t result = 0;
    for (std::size_t t = from; t < a.size(); ++t) result += std::memcmp(&a[t], &b[t], sizeof(float)) != 0;
    return result;
}

void append(signal& to, const signal& x) {
    to.insert(to.end(), x.begin(), x.end());
}

void write_wav(const fs::path& path, const signal& x) {
    SndfileHandle file(path.string(), SFM_WRITE, SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1, rate);
    file.write(x.data(), static_cast<sf_count_t>(x.size()));
}
signal read_wav(const fs::path& path) {
    SndfileHandle file(path.string());
    signal result(static_cast<std::size_t>(file.frames()));
    file.read(result.data(), file.frames());
    return result;
}

/// lv2apply passes single samples, and has no URIDs, worker or log.
signal rendered(const std::string& lv2apply, const fs::path& bundle, const signal& x, const std::string& controls) {
    write_wav("in.wav", x);
    fs::remove("out.wav");
    setenv("LV2_PATH", bundle.parent_path().c_str(), 1);
    const std::string command = "'" + lv2apply + "' -i in.wav -o out.wav " + controls + " urn:ctnn:amp";
    return std::system(command.c_str()) == 0 ? read_wav("out.wav") : signal();
}

void test_lv2apply(const std::string& lv2apply, const fs::path& bundle, const signal& x) {
    const signal plain = rendered(lv2apply, bundle, x, ""), wanted = played(bundle / "default.nam", x);
    std::printf("lv2apply: %zu samples, %zu differ from the player's\n", plain.size(), differences(plain, wanted));
    require(differences(plain, wanted) == 0, "lv2apply gives its bits");
    require(differences(rendered(lv2apply, bundle, x, "-c input_gain 12 -c output_gain -3"),
                        played(bundle / "default.nam", x, 12, -3)) == 0,
            "and with 12 dB before it and -3 dB behind");
}

/// A second of the default, then the other capture, in blocks of 480: it begins a block after the message.
void test_exchange(const LV2_Descriptor& plugin, const fs::path& bundle, const fs::path& other, const signal& x) {
    constexpr std::size_t block = 480, begin = rate + block;
    host playing(plugin, rate, bundle);
    signal got = playing.run(signal(x.begin(), x.begin() + rate), block);
    playing.send(other);
    append(got, playing.run(signal(x.begin() + rate, x.end()), block));

    ctnn::io::player_slot slot(fade, ctnn::io::load_player<playable>(bundle / "default.nam"));
    signal wanted = x;
    slot.process(wanted.data(), wanted.data(), begin);
    slot.exchange(ctnn::io::load_player<playable>(other));
    slot.process(&wanted[begin], &wanted[begin], wanted.size() - begin);
    require(differences(got, wanted) == 0, "a capture loaded while it plays fades in, with the bits of player_slot");
    // The path, and to collect the first player.
    require(playing.messages == 2, "a player that has faded out is collected");

    // Two more within a fade.
    playing.send(bundle / "default.nam");
    playing.run(signal(block), block / 4);
    playing.send(other);
    playing.run(signal(rate), block / 4);
    const signal second = playing.run(x, block), alone = played(other, x);
    // How long it was silent before shows in the last digits.
    float largest = 0;
    for (std::size_t t = 0; t < x.size(); ++t) largest = std::max(largest, std::abs(second[t] - alone[t]));
    require(largest < 1e-5F, "of two captures within a fade the second plays");
}

void test_failures(const LV2_Descriptor& plugin, const fs::path& bundle, const signal& x) {
    const signal wanted = played(bundle / "default.nam", x);
    std::ofstream("damaged.nam") << "{";
    host playing(plugin, rate, bundle);
    playing.send("damaged.nam");
    const signal got = playing.run(x, 1000);
    require(playing.log.find("damaged.nam") != std::string::npos, "a damaged file is in the log");
    std::fputs(playing.log.c_str(), stdout);
    require(playing.save().value.empty() && differences(got, wanted) == 0, "and the sound goes on");

    signal broken = x;
    broken[rate] = std::numeric_limits<float>::quiet_NaN();
    broken[rate + 1] = std::numeric_limits<float>::infinity();
    signal mended = x;
    mended[rate] = mended[rate + 1] = 0;
    require(differences(host(plugin, rate, bundle).run(broken, 1000), played(bundle / "default.nam", mended)) == 0,
            "a nan is silence");

    host empty(plugin, rate, ".");
    require(differences(empty.run(x, 1000), x) == 0, "without default.nam the sound passes");
    require(empty.log.find("default.nam") != std::string::npos, "and the log says why");

    host slower(plugin, 44100, bundle);
    require(slower.log.find("48000 Hz") != std::string::npos, "another sample rate is in the log");
    std::fputs(slower.log.c_str(), stdout);
}

void test_session(const LV2_Descriptor& plugin, const fs::path& bundle, const fs::path& other, const signal& x) {
    host first(plugin, rate, bundle), second(plugin, rate, bundle);
    first.send(other);
    first.run(x, 1000);
    const saved_state saved = first.save();
    require(saved.value.starts_with("session:"), "a session keeps the path, as the host maps it");
    require(second.restore(saved), "and loads the capture again");
    // After the fade.
    const signal got = second.run(x, 1000), wanted = played(other, x);
    require(differences(got, wanted, fade) == 0, "which plays");
    require(second.restore({}) && second.save().value.empty(), "a session without a path has the default");
}

/// A gain from -24 dB to 24 dB at once: the slope of what is heard stays small.
void test_gain(const LV2_Descriptor& plugin) {
    host playing(plugin, rate, ".");
    const signal ones(rate, 1);
    playing.output_gain = -24;
    signal y = playing.run(ones, 1000);
    playing.output_gain = 24;
    append(y, playing.run(ones, 1000));
    float largest = 0;
    for (std::size_t t = 1; t < y.size(); ++t) largest = std::max(largest, std::abs(y[t] - y[t - 1]));
    require(largest < 0.01F * smooth_gain::factor(24) && std::abs(y.back() / smooth_gain::factor(24) - 1) < 1e-4F,
            "a gain moves without steps");
}

/// How fast the player is without a host.
void measure(const fs::path& bundle, signal x) {
    const auto player = ctnn::io::load_player<playable>(bundle / "default.nam");
    const auto begin = std::chrono::steady_clock::now();
    player->process(x.data(), x.data(), x.size());
    const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::printf("%zu s of sound in %.0f ms: %.0f times real time\n", seconds, 1000 * took, seconds / took);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    const fs::path bundle = argv[2], other = argv[3];
    const signal x = strings();
    try {
        test_lv2apply(argv[1], bundle, x);
        const LV2_Descriptor& plugin = load_plugin(bundle);
        for (const std::size_t block : {std::size_t{64}, std::size_t{1000}})
            require(differences(host(plugin, rate, bundle).run(x, block), played(bundle / "default.nam", x)) == 0,
                    "blocks of " + std::to_string(block) + " give the same bits");
        test_exchange(plugin, bundle, other, x);
        test_failures(plugin, bundle, x);
        test_session(plugin, bundle, other, x);
        test_gain(plugin);
        require(allocations == 0, "run() never allocates");
        measure(bundle, x);
    } catch (const std::exception& failure) {
        std::printf("%s\n", failure.what());
        return 1;
    }
    return failures == 0 ? 0 : 1;
}

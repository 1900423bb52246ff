// SPDX-License-Identifier: BSL-1.0
#pragma once
/// @file
/// A small LV2 host for tests, with a worker that works between the blocks.

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/core/lv2.h>
#include <lv2/log/log.h>
#include <lv2/patch/patch.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <dlfcn.h>

#include <algorithm>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// Whether the plug-in is in run(), where it must not allocate.
inline bool is_running = false;

/// The plug-in of a bundle.
inline const LV2_Descriptor& load_plugin(const std::filesystem::path& bundle) {
    void* const library = dlopen((bundle / "amp.so").c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) throw std::runtime_error(dlerror());
    const auto get = reinterpret_cast<LV2_Descriptor_Function>(dlsym(library, "lv2_descriptor"));
    const LV2_Descriptor* const plugin = get != nullptr ? get(0) : nullptr;
    if (plugin == nullptr || get(1) != nullptr) throw std::runtime_error("not one plug-in in the bundle");
    return *plugin;
}

/// What a session keeps.
struct saved_state {
    std::string value;
    LV2_URID type = 0;
};

/// An instance of the plug-in, with its features and ports. The host's paths begin with "session:".
class host {
  public:
    host(const LV2_Descriptor& plugin, double rate, const std::filesystem::path& bundle) : plugin_{plugin} {
        lv2_atom_forge_init(&forge_, &map_);
        instance_ = plugin.instantiate(&plugin, rate, (bundle / "").c_str(), features_);
        if (instance_ == nullptr) throw std::runtime_error("no instance of the plug-in");
        worker_ = static_cast<const LV2_Worker_Interface*>(plugin.extension_data(LV2_WORKER__interface));
        state_ = static_cast<const LV2_State_Interface*>(plugin.extension_data(LV2_STATE__interface));
        plugin.connect_port(instance_, 2, &input_gain);
        plugin.connect_port(instance_, 3, &output_gain);
        plugin.connect_port(instance_, 4, message_buffer_);
        send("");
        plugin.activate(instance_);
    }
    ~host() { plugin_.cleanup(instance_); }
    host(const host&) = delete;
    host& operator=(const host&) = delete;

    float input_gain = 0, output_gain = 0;
    /// What the plug-in said, and how many messages the worker got.
    std::string log;
    std::size_t messages = 0;

    /// Sends a patch:Set of the model, in the next block.
    void send(const std::string& path) {
        LV2_Atom_Forge_Frame sequence, object;
        lv2_atom_forge_set_buffer(&forge_, reinterpret_cast<std::uint8_t*>(message_buffer_), sizeof message_buffer_);
        lv2_atom_forge_sequence_head(&forge_, &sequence, 0);
        if (!path.empty()) {
            lv2_atom_forge_frame_time(&forge_, 0);
            lv2_atom_forge_object(&forge_, &object, 0, urid_of(LV2_PATCH__Set));
            lv2_atom_forge_key(&forge_, urid_of(LV2_PATCH__property));
            lv2_atom_forge_urid(&forge_, urid_of("urn:ctnn:amp:model"));
            lv2_atom_forge_key(&forge_, urid_of(LV2_PATCH__value));
            lv2_atom_forge_path(&forge_, path.c_str(), static_cast<std::uint32_t>(path.size()));
            lv2_atom_forge_pop(&forge_, &object);
        }
        lv2_atom_forge_pop(&forge_, &sequence);
    }

    /// After each block the worker does what was scheduled.
    std::vector<float> run(const std::vector<float>& x, std::size_t block) {
        std::vector<float> y(x.size());
        for (std::size_t at = 0; at < x.size(); at += block) {
            run(&x[at], &y[at], std::min(block, x.size() - at));
            work();
        }
        return y;
    }

    saved_state save() {
        saved_state result;
        const auto store = [](LV2_State_Handle to, std::uint32_t, const void* value, std::size_t size,
                              std::uint32_t type, std::uint32_t) {
            *static_cast<saved_state*>(to) = {std::string(static_cast<const char*>(value), size), type};
            return LV2_STATE_SUCCESS;
        };
        if (state_->save(instance_, store, &result, 0, features_) != LV2_STATE_SUCCESS)
            throw std::runtime_error("the state cannot be saved");
        return result;
    }
    bool restore(saved_state from) {
        const auto retrieve = [](LV2_State_Handle handle, std::uint32_t, std::size_t* size, std::uint32_t* type,
                                 std::uint32_t* flags) -> const void* {
            const auto& state = *static_cast<const saved_state*>(handle);
            *size = state.value.size();
            *type = state.type;
            *flags = LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE;
            return state.value.empty() ? nullptr : state.value.data();
        };
        return state_->restore(instance_, retrieve, &from, 0, features_) == LV2_STATE_SUCCESS;
    }

  private:
    static host& of(void* handle) { return *static_cast<host*>(handle); }
    static char* copy_of(const std::string& text) { return strdup(text.c_str()); }

    void run(const float* x, float* y, std::size_t count) {
        plugin_.connect_port(instance_, 0, const_cast<float*>(x));
        plugin_.connect_port(instance_, 1, y);
        is_running = true;
        plugin_.run(instance_, static_cast<std::uint32_t>(count));
        is_running = false;
        send("");
    }
    void work() {
        const auto respond = [](LV2_Worker_Respond_Handle, std::uint32_t, const void*) { return LV2_WORKER_SUCCESS; };
        for (const std::string& message : std::exchange(scheduled_, {})) {
            ++messages;
            worker_->work(instance_, respond, this, static_cast<std::uint32_t>(message.size()), message.data());
        }
    }

    LV2_URID urid_of(const char* uri) {
        const auto found = std::find(uris_.begin(), uris_.end(), uri);
        if (found != uris_.end()) return static_cast<LV2_URID>(found - uris_.begin() + 1);
        uris_.emplace_back(uri);
        return static_cast<LV2_URID>(uris_.size());
    }
    static int print_list(LV2_Log_Handle handle, LV2_URID, const char* format, va_list arguments) {
        char text[1000];
        std::vsnprintf(text, sizeof text, format, arguments);
        of(handle).log += text;
        return 0;
    }
    static int print(LV2_Log_Handle handle, LV2_URID type, const char* format, ...) {
        va_list arguments;
        va_start(arguments, format);
        print_list(handle, type, format, arguments);
        va_end(arguments);
        return 0;
    }

    const LV2_Descriptor& plugin_;
    LV2_Handle instance_ = nullptr;
    const LV2_Worker_Interface* worker_ = nullptr;
    const LV2_State_Interface* state_ = nullptr;
    std::vector<std::string> uris_, scheduled_;
    alignas(8) std::byte message_buffer_[2048]{};
    LV2_Atom_Forge forge_{};

    LV2_URID_Map map_{this, [](LV2_URID_Map_Handle handle, const char* uri) { return of(handle).urid_of(uri); }};
    LV2_Worker_Schedule schedule_{this, [](LV2_Worker_Schedule_Handle handle, std::uint32_t size, const void* data) {
                                      is_running = false;
                                      of(handle).scheduled_.emplace_back(static_cast<const char*>(data), size);
                                      is_running = true;
                                      return LV2_WORKER_SUCCESS;
                                  }};
    LV2_Log_Log log_{this, &host::print, &host::print_list};
    LV2_State_Map_Path paths_{
        this, [](LV2_State_Map_Path_Handle, const char* path) { return copy_of("session:" + std::string(path)); },
        [](LV2_State_Map_Path_Handle, const char* path) {
            return copy_of(std::string(path).substr(std::strlen("session:")));
        }};
    LV2_State_Free_Path free_{this, [](LV2_State_Free_Path_Handle, char* path) { std::free(path); }};
    const LV2_Feature feature_list_[5]{{LV2_URID__map, &map_},
                                       {LV2_WORKER__schedule, &schedule_},
                                       {LV2_LOG__log, &log_},
                                       {LV2_STATE__mapPath, &paths_},
                                       {LV2_STATE__freePath, &free_}};
    const LV2_Feature* const features_[6]{&feature_list_[0], &feature_list_[1], &feature_list_[2],
                                          &feature_list_[3], &feature_list_[4], nullptr};
};

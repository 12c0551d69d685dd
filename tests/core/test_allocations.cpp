// SPDX-License-Identifier: GPL-3.0-or-later
// A decoder step that has run before allocates no memory: law of the array pool (core/base/array_pool.h) and
// of everything that a step makes. Allocations are counted by this program's own operator new.
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "core/model/encoder_decoder.h"
#include "core/run/best_word.h"
#include "core/train/preset.h"
#include "core/train/recipe.h"

#pragma GCC diagnostic ignored "-Wmismatched-new-delete" // each delete below frees what its new has allocated

namespace {
long long allocations = 0;
}

void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    ++allocations;
    const std::size_t step = static_cast<std::size_t>(alignment);
    if (void* memory = std::aligned_alloc(step, (size + step - 1) / step * step)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}

namespace {

using namespace attn;

/// Allocations over ten steps, after three that are not counted.
[[maybe_unused]] long long allocationsOf(const ModelSpec& spec, int sentences) {
    Random random(1);
    const Parameters<float> parameters = Parameters<float>::initialised(modelSchema(spec), random);
    const EncoderDecoder<float> network(spec, parameters);
    TokenBatch source;
    source.positions = 9;
    source.lengths.assign(static_cast<std::size_t>(sentences), 9);
    for (int i = 0; i < 9 * sentences; ++i) source.ids.push_back(5 + i % 7);
    const Encoding<float> encoding = network.encode(nullptr, source);
    DecoderState<float> state = network.start(nullptr, encoding);
    std::vector<int> previous(static_cast<std::size_t>(sentences), 1);
    long long before = 0;
    for (int t = 0; t < 13; ++t) {
        if (t == 3) before = allocations;
        DecoderStep<float> step = network.step(nullptr, encoding, state, previous);
        const Var<float> logits = network.logits(nullptr, step.features);
        for (int b = 0; b < sentences; ++b)
            previous[static_cast<std::size_t>(b)] = bestWord(logits.value(), b).id;
        state = std::move(step.state);
    }
    return allocations - before;
}

} // namespace

TEST_CASE("allocations are counted") {
    const long long before = allocations;
    delete new std::string(100, 'x');
    REQUIRE(allocations > before);
}

TEST_CASE("a decoder step that has run before allocates nothing") {
#ifdef __SANITIZE_ADDRESS__
    std::puts("skipped: under the address sanitizer the pool keeps nothing");
#else
    for (const Preset& preset : presets()) {
        TrainRecipe recipe;
        recipe.attention = preset.name;
        recipe.encoderWidth = 16;
        recipe.decoderWidth = 32;
        recipe.decoderLayers = preset.name == "bahdanau2015" ? 2 : 1;
        const ModelSpec spec = presetSpec(recipe, 40, 50);
        const long long count = allocationsOf(spec, 1); // in ten steps
        CHECK_MESSAGE(count == 0, preset.name);
    }
#endif
}

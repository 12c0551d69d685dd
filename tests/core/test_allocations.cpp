// SPDX-License-Identifier: GPL-3.0-or-later
// A decoder step that has run before allocates no memory: law of the array pool (core/base/array_pool.h) and
// of everything that a step makes. Allocations are counted by this program's own operator new.
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "core/model/encoder_decoder/network.h"
#include "core/run/search/search.h"
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

/// Allocations of a greedy search over so many steps.
long long allocationsOf(const EncoderDecoder<float>& network, const TokenBatch& source, int steps) {
    static const WordChoice all;
    const long long before = allocations;
    search(network, source,
           Hypotheses({}, all, {.pad = -1, .bos = 1, .eos = -1, .unk = -1}, network.spec().targetVocabulary,
                      {{.limit = steps}}));
    return allocations - before;
}

/// Allocations of ten more steps of greedy search than three, both run before.
[[maybe_unused]] long long allocationsOf(const EncoderDecoderSpec& spec) {
    Random random(1);
    const Parameters<float> parameters = Parameters<float>::initialised(spec.schema(), random);
    const EncoderDecoder<float> network(spec, parameters);
    TokenBatch source;
    source.positions = 9;
    source.lengths = {9};
    for (int i = 0; i < 9; ++i) source.ids.push_back(5 + i % 7);
    for (const int steps : {3, 13}) allocationsOf(network, source, steps);
    return allocationsOf(network, source, 13) - allocationsOf(network, source, 3);
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
        if (preset.family != EncoderDecoderSpec::family) continue; // a memory that grows needs memory
        ModelRecipe recipe;
        recipe.attention = preset.name;
        recipe.encoderWidth = 16;
        recipe.decoderWidth = 32;
        recipe.decoderLayers = preset.name == "bahdanau2015" ? 2 : 1;
        const EncoderDecoderSpec spec = presetSpec(recipe, 40, 50);
        const long long count = allocationsOf(spec); // in ten steps
        CHECK_MESSAGE(count == 0, preset.name);
    }
#endif
}

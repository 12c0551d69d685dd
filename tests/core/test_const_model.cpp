// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing that is reached through a const model changes its numbers: most of it does not compile, and what
// runs on a tape adds no gradient to them.
#include <doctest/doctest.h>

#include "core/model/networks.h"
#include "core/model/model.h"
#include "core/train/loss.h"
#include "core/train/preset.h"

using namespace attn;

namespace {

template <typename X>
concept ChangesValue = requires(X x) {
    x.mutableValue();
};
template <typename X>
concept ChangesGradient = requires(X x) {
    x.mutableGrad();
};
template <typename X>
concept KeepsHalf = requires(X x) {
    x.keepHalf();
};
template <typename X>
concept Freezes = requires(X x) {
    x.freeze();
};
template <typename X>
concept OnlyReads = !ChangesValue<X> && !ChangesGradient<X> && !KeepsHalf<X> && !Freezes<X>;

using Shared = decltype(std::declval<const Model&>().parameters());
using Entries = decltype(std::declval<Shared>().entries());
using Entry = decltype(*std::declval<Entries>().begin());

// The same expressions compile for an owner, so that their absence below says something.
static_assert(ChangesValue<Leaf<float>&> && ChangesGradient<Leaf<float>&> && KeepsHalf<Leaf<float>&> &&
              Freezes<Leaf<float>&>);
static_assert(ChangesValue<decltype(std::declval<Parameters<float>&>()["x"])>);
static_assert(ChangesValue<decltype((std::declval<Parameters<float>&>().entries().front().var))>);

static_assert(OnlyReads<Var<float>> && OnlyReads<Var<float>&>, "a copied handle reads");
static_assert(OnlyReads<const Leaf<float>&>);
static_assert(!std::is_copy_constructible_v<Leaf<float>> && !std::is_copy_assignable_v<Leaf<float>>,
              "else a copy of a const leaf could write");
static_assert(!std::is_constructible_v<Leaf<float>, const Var<float>&>, "reading never becomes writing");
static_assert(OnlyReads<Shared> && OnlyReads<decltype(std::declval<Shared>()["x"])> &&
              OnlyReads<decltype((std::declval<Entry>().var))>);
static_assert(std::is_const_v<std::remove_reference_t<Entry>>);
static_assert(std::is_const_v<std::remove_reference_t<decltype(std::declval<Var<float>>().value())>> &&
              std::is_const_v<std::remove_reference_t<decltype(std::declval<Var<float>>().grad())>>);

std::vector<Matrix<float>> numbersOf(const Parameters<float>& parameters) {
    std::vector<Matrix<float>> numbers;
    for (const auto& entry : parameters.entries()) numbers.push_back(entry.var.value());
    return numbers;
}

struct Small {
    Vocabulary words = Vocabulary::ofWords({"a", "b", "c"});
    EncoderDecoderSpec spec;
    Parameters<float> parameters;

    Small() {
        ModelRecipe recipe;
        recipe.embedding = 3;
        recipe.encoderWidth = recipe.decoderWidth = recipe.attentionWidth = recipe.readoutWidth = 4;
        spec = presetSpec(recipe, words.size(), words.size());
        Random random(1);
        parameters = Parameters<float>::initialised(spec.schema(), random);
    }
    Model model() const {
        ModelCard card;
        card.name = "small";
        return Model(card, spec, {makeSide(SideRole::Source, words), makeSide(SideRole::Target, words)},
                     parameters);
    }
};

} // namespace

TEST_CASE("a copy of parameters has numbers of its own") {
    const Small small;
    Parameters<float> copy = small.parameters;
    const auto before = numbersOf(small.parameters);
    CHECK(numbersOf(copy) == before);
    for (auto& entry : copy.entries()) entry.var.mutableValue()(0, 0) += 1;
    copy.keepHalf();
    CHECK(numbersOf(small.parameters) == before);
    CHECK(small.parameters["output.W"].half().empty());
    CHECK_FALSE(copy["output.W"].half().empty());
    CHECK(Parameters<float>(copy)["output.W"].half() == copy["output.W"].half());
}

TEST_CASE("who still has the parameters that a model was made of cannot reach the model") {
    Small small;
    const Model model = small.model();
    const auto before = numbersOf(model.parameters());
    for (auto& entry : small.parameters.entries()) entry.var.mutableValue()(0, 0) += 1;
    CHECK(numbersOf(model.parameters()) == before);
}

TEST_CASE("a model's numbers take no gradients, those in training do") {
    const Small small;
    const Model model = small.model();
    const PairBatch batch = makeBatch({{{4, 5, 2}, {5, 2}, {}}}, small.words, small.words);
    {
        Tape<float> tape;
        tape.backward(batchLoss(&tape, encoderDecoder(model), batch));
        for (const auto& entry : model.parameters().entries()) CHECK_FALSE(entry.var.hasGrad());
    }
    const EncoderDecoder<float> network(small.spec, small.parameters);
    Tape<float> tape;
    tape.backward(batchLoss(&tape, network, batch));
    CHECK(small.parameters["output.W"].hasGrad());
}

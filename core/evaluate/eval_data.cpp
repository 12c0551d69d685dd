// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evaluate/eval_data.h"

#include "core/data/pair_files.h"
#include "core/tasks/split.h"

namespace attn {

std::vector<EvalPair> taskPairs(const Model& model, const std::string& name, int count, std::uint64_t seed) {
    const std::unique_ptr<Task> task = makeTask(name);
    const ModelCard& card = model.card();
    if (task->isSingle() != (model.source() == nullptr))
        throw Error(ErrorKind::Argument,
                    "The model " + card.name +
                        (model.source() ? " reads a source and writes a target, but the task " + name +
                                              " has single texts. Choose a task of pairs."
                                        : " continues texts, but the task " + name +
                                              " has pairs of a source and a target. Choose en-lm, or give "
                                              "--pairs with a file of one text a line."));
    Random random(seed);
    std::vector<EvalPair> pairs;
    for (int i = 0; i < count; ++i) {
        Example example = generateFrom(*task, Split::Test, random);
        const Side* const source = model.source();
        EvalPair pair{source ? source->tokeniser.detokenise(example.source) : "",
                      model.target().tokeniser.detokenise(example.target), example.target,
                      std::move(example.links), 0};
        if ((source && source->tokeniser.tokeniseTexts(pair.source) != example.source) ||
            model.target().tokeniser.tokeniseTexts(pair.target) != example.target)
            throw Error(ErrorKind::Argument, "The model " + card.name + " splits sentences of the task " +
                                                 name + " otherwise than the task does, for instance \"" +
                                                 (source ? pair.source : pair.target) +
                                                 "\". Choose a task that fits the model" +
                                                 (card.task.empty() ? "." : ": " + card.task + "."));
        pairs.push_back(std::move(pair));
    }
    return pairs;
}

std::vector<EvalPair> filePairs(const Model& model, const std::vector<std::string>& paths, Findings& notes) {
    std::vector<EvalPair> pairs;
    if (!model.source()) {
        for (TextPair& text : readTexts(paths, TextSides::Target, notes)) {
            std::vector<std::string> tokens = model.target().tokeniser.tokeniseTexts(text.target);
            pairs.push_back({"", std::move(text.target), std::move(tokens), {}, text.line});
        }
        return pairs;
    }
    for (TextPair& text : readPairFiles(paths, notes, HalfBlank::Refuse)) {
        try {
            Example example = splitPair(text, model.source()->tokeniser, model.target().tokeniser);
            pairs.push_back({std::move(text.source), std::move(text.target), std::move(example.target),
                             std::move(example.links), text.line});
        } catch (const Error& error) {
            throw Error(error.kind(), paths[0] + ", line " + std::to_string(text.line) + ": " + error.what());
        }
    }
    return pairs;
}

} // namespace attn

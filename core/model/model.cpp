// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/model.h"

#include <algorithm>

#include "core/model/encoder_decoder/record.h"
#include "core/model/language_model/record.h"
#include "core/model/networks.h"

namespace attn {

namespace {

void checkSides(const std::vector<Side>& sides, const std::vector<SideNeed>& needs, Findings& faults) {
    const auto fault = [&](const std::string& where, const std::string& text) {
        faults.push_back({Severity::Fault, where, text});
    };
    for (const SideNeed& need : needs) {
        const std::string role(toText(need.role));
        const auto found =
            std::find_if(sides.begin(), sides.end(), [&](const Side& s) { return s.role == need.role; });
        if (found == sides.end())
            fault("sides", "no side has the role " + role + "; the spec needs one");
        else if (found->vocabulary.size() != need.words)
            fault(role + "_vocabulary", "the vocabulary has " + std::to_string(found->vocabulary.size()) +
                                            " words, the spec says " + std::to_string(need.words));
    }
    if (sides.size() > needs.size())
        fault("sides", "has " + std::to_string(sides.size()) + "; expected " + std::to_string(needs.size()));
}

Findings misfits(const ModelCard& card, const ModelSpec& spec, const std::vector<Side>& sides,
                 const Parameters<float>& parameters) {
    Findings faults = validate(spec);
    const auto fault = [&](const std::string& where, const std::string& text) {
        faults.push_back({Severity::Fault, where, text});
    };
    checkSides(sides, sidesOf(spec), faults);
    for (const Side& side : sides)
        if (side.role == SideRole::Target)
            for (const std::string& word : card.never)
                if (!side.vocabulary.contains(word))
                    fault("never", "\"" + word + "\" is not in the target vocabulary");
    if (!faults.empty()) return faults; // without a sound spec there is no schema to hold the parameters to
    for (const ParameterShape& wanted : modelSchema(spec)) {
        if (!parameters.contains(wanted.name)) {
            fault(wanted.name, "is missing");
            continue;
        }
        const Matrix<float>& found = parameters[wanted.name].value();
        if (found.rows() != wanted.rows() || found.cols() != wanted.cols())
            fault(wanted.name, "is " + std::to_string(found.rows()) + " x " + std::to_string(found.cols()) +
                                   "; expected " + std::to_string(wanted.rows()) + " x " +
                                   std::to_string(wanted.cols()));
    }
    return faults;
}

} // namespace

Model::Model(ModelCard card, ModelSpec spec, std::vector<Side> sides, Parameters<float> parameters,
             std::optional<SelfTest> selfTest)
    : m_card(std::move(card)),
      m_spec(std::move(spec)),
      m_sides(std::move(sides)),
      m_parameters(std::move(parameters)),
      m_selfTest(std::move(selfTest)) {
    throwFaults(ErrorKind::Data, "the model \"" + m_card.name + "\" does not fit together:",
                misfits(m_card, m_spec, m_sides, m_parameters));
    m_parameters.freeze();
    std::visit(
        [&]<typename Spec>(const Spec& s) {
            using Network = typename Spec::template Network<float>;
            m_network = std::make_unique<const Network>(s, m_parameters);
        },
        m_spec);
}

Model::~Model() = default;

std::vector<Axis> axesOf(const ModelSpec& spec) {
    return std::visit([](const auto& s) { return axesOf(s); }, spec);
}

std::vector<Site> sitesOf(const ModelSpec& spec) {
    return std::visit([](const auto& s) { return sitesOf(s); }, spec);
}

const EncoderDecoder<float>& encoderDecoder(const Model& model) {
    if (const auto* network = model.networkIf<EncoderDecoder<float>>()) return *network;
    throw Error(ErrorKind::Unsupported, "the model \"" + model.name() + "\" is of the family " +
                                            std::string(familyOf(model.spec())) +
                                            "; expected encoder_decoder, a model with a source");
}

} // namespace attn

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/objective.h"

namespace attn {

namespace {

template <typename Network>
class NetworkObjective : public Objective {
public:
    template <typename Spec>
    NetworkObjective(const Spec& spec, const Parameters<float>& parameters) : m_network(spec, parameters) {}

    BatchLoss<float> loss(Tape<float>* tape, const PairBatch& batch, const Noise& noise,
                          const LossOptions& options) const override {
        return trainingLoss(tape, m_network, batch, noise, options);
    }

private:
    Network m_network;
};

} // namespace

std::unique_ptr<Objective> makeObjective(const ModelSpec& spec, const Parameters<float>& parameters) {
    return std::visit(
        [&](const auto& s) -> std::unique_ptr<Objective> {
            using Network = typename std::remove_cvref_t<decltype(s)>::template Network<float>;
            return std::make_unique<NetworkObjective<Network>>(s, parameters);
        },
        spec);
}

} // namespace attn

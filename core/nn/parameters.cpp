// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/parameters.h"

#include <cmath>

#include "core/base/error.h"

namespace attn {

template <typename T>
Parameters<T>::Parameters(const Parameters& other) : m_index(other.m_index) {
    for (const Entry& entry : other.m_entries) m_entries.push_back({entry.shape, entry.var.clone()});
}

template <typename T>
void Parameters<T>::freeze() {
    for (Entry& entry : m_entries) entry.var.freeze();
}

template <typename T>
void Parameters<T>::add(const ParameterShape& shape, Matrix<T> value) {
    if (contains(shape.name)) throw Error(ErrorKind::Bug, "parameter " + shape.name + " is there already");
    if (value.rows() != shape.rows() || value.cols() != shape.cols())
        throw Error(ErrorKind::Bug, "parameter " + shape.name + " has another shape than its schema");
    m_index[shape.name] = m_entries.size();
    m_entries.push_back({shape, Leaf<T>(std::move(value))});
}

template <typename T>
std::size_t Parameters<T>::indexOf(const std::string& name) const {
    const auto at = m_index.find(name);
    if (at == m_index.end()) throw Error(ErrorKind::Bug, "no parameter is called " + name);
    return at->second;
}

template <typename T>
Parameters<T> Parameters<T>::initialised(const Schema& schema, Random& random) {
    Parameters all;
    for (const ParameterShape& shape : schema) {
        Matrix<T> value(shape.rows(), shape.cols(), T(0));
        const std::string leaf = shape.name.substr(shape.name.rfind('.') + 1);
        const bool embedding = shape.name.find("embedding") != std::string::npos;
        const bool scorer = leaf == "v" || leaf == "u" || leaf == "v_position" || leaf == "w_relevance" ||
                            leaf == "w_coverage";
        if (shape.shape.empty()) {
            // Monotonic attention starts with p = 0.27 at a score of 0, so that it initially keeps reading
            // (Raffel 2017).
            value(0, 0) = leaf == "b_monotonic" ? T(-1) : T(1);
        } else if (embedding) {
            const double deviation = 1 / std::sqrt(static_cast<double>(shape.cols()));
            for (T& x : value) x = static_cast<T>(deviation * random.normal());
        } else if (shape.shape.size() == 2 || scorer) {
            const double bound = std::sqrt(6.0 / (shape.rows() + shape.cols()));
            for (T& x : value) x = static_cast<T>(random.uniform(-bound, bound));
        }
        all.add(shape, std::move(value));
    }
    return all;
}

template <typename T>
void Parameters<T>::keepHalf() requires std::is_same_v<T, float> {
    const bool tied = !contains("output.W");
    for (Entry& entry : m_entries) {
        const bool looksUp = entry.shape.name.find("embedding") != std::string::npos;
        const bool multiplies =
            !looksUp ||
            (tied && (entry.shape.name == "target_embedding.W" || entry.shape.name == "embedding.W"));
        if (entry.shape.shape.size() == 2 && multiplies) entry.var.keepHalf();
    }
}

template class Parameters<float>;
template class Parameters<double>;

} // namespace attn

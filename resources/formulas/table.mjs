// SPDX-License-Identifier: GPL-3.0-or-later
// The formulas: name -> [TeX of the symbols, its reading, TeX of the numbers, its reading].
// \slot{name}{width} leaves a box for a number in its middle; \lslot and \rslot put it at that end; \term{name} is a
// box for "+ number", whose sign is the number's own, and \less{name} one for "- number".
// A reading names a slot as {name}, and is what a screen reader is told.

const num = (name) => `\\slot{${name}}{3em}`;  // -12.34
const prob = (name) => `\\slot{${name}}{2.4em}`; // 0.1234
const after = (name) => `\\lslot{${name}}{3em}`;  // follows an equals sign
const result = (name) => `\\lslot{${name}}{2.4em}`;
const before = (name) => `\\rslot{${name}}{3em}`; // an operator follows
const index = (name) => `\\slot{${name}}{1.7em}`;
const relation = '\\mathrel{\\slot{relation}{1em}}';
const lines = (...rows) => `\\begin{aligned}${rows.join('\\\\')}\\end{aligned}`;

// A sum over hidden units or features: the three largest terms, then all the others together.
const terms = `${after('term1')}\\term{term2}\\\\&\\hphantom{{}={}}\\term{term3}\\term{rest}`;
const sum = (left, total) =>
    lines(`${left}&=${terms}`, `&=${after(total)}`);
const sumReading = (left, total) => `${left} = {term1} + {term2} + {term3} + {rest} (all other terms) = {${total}}`;

const score = (tex, plain) => [`e_{tj}=${tex}`, `e_tj = ${plain}`];
const plainSum = [sum('e_{tj}', 'score'), sumReading('e_tj', 'score')];
const tanhSum = [sum('e_{tj}', 'score'), sumReading('e_tj = sum over i of v_i tanh_i', 'score')];

const scores = {
    dot: [...score('q_t\\,k_j^\\top', 'q_t k_j transposed'), ...plainSum],
    scaled_dot: [
        ...score('\\frac{q_t\\,k_j^\\top}{\\sqrt{d_k}}', 'q_t k_j transposed / square root of d_k'),
        lines(`q_t\\,k_j^\\top&=${terms}`, `&=${after('dot')}`,
              `e_{tj}&=${before('dot')}/\\sqrt{${index('d_k')}}=${after('score')}`),
        sumReading('q_t k_j', 'dot') + '; ' +
            'e_tj = {dot} / square root of {d_k} = {score}',
    ],
    general: [...score('q_t\\,W\\,k_j^\\top', 'q_t W k_j transposed'), ...plainSum],
    additive: [
        ...score('v\\cdot\\tanh(W_{\\mathrm{query}}\\,q_t+W_{\\mathrm{key}}\\,k_j+b)',
                 'v . tanh(W_query q_t + W_key k_j + b)'),
        ...tanhSum,
    ],
    additive_coverage: [
        lines('e_{tj}&=v\\cdot\\tanh(W_{\\mathrm{query}}\\,q_t+W_{\\mathrm{key}}\\,k_j',
              '&\\hphantom{{}=v\\cdot\\tanh(}+b+\\mathit{cov}_{tj}\\,w_{\\mathrm{coverage}})'),
        'e_tj = v . tanh(W_query q_t + W_key k_j + b + cov_tj w_coverage)',
        lines(`\\mathit{cov}_{tj}&=${result('coverage')}`,
              `e_{tj}&=${terms}`, `&=${after('score')}`),
        'cov_tj = {coverage}; ' + sumReading('e_tj = sum over i of v_i tanh_i', 'score'),
    ],
    concat: [...score('v\\cdot\\tanh(W\\,[q_t;\\,k_j])', 'v . tanh(W [q_t; k_j])'), ...tanhSum],
    location: [...score('(W\\,q_t)_j', '(W q_t)_j'), ...plainSum],
    cosine: [
        ...score('\\beta\\,\\frac{q_t\\,k_j^\\top}{\\|q_t\\|\\,\\|k_j\\|}', 'beta q_t k_j transposed / (norm of q_t, norm of k_j)'),
        lines(`q_t\\,k_j^\\top&=${terms}`, `&=${after('dot')}`,
              `e_{tj}&=${before('beta')}\\cdot\\frac{${num('dot')}}{${before('query_norm')}\\cdot${after('key_norm')}}`,
              `&=${after('score')}`),
        sumReading('q_t k_j', 'dot') + '; ' +
            'e_tj = {beta} {dot} / ({query_norm} {key_norm}) = {score}',
    ],
    location_key: [
        ...score('(W\\,q_t)_j+u\\cdot s(k_j)', '(W q_t)_j + u . s(k_j)'),
        lines(`u\\cdot s(k_j)&=${terms}`, `&=${after('key')}`,
              `e_{tj}&=${after('location')}\\term{key}`, `&=${after('score')}`),
        sumReading('u . s(k_j)', 'key') + '; ' +
            'e_tj = {location} + {key} = {score}',
    ],
};

// Two lines: how far back j lies, and the limit.
const back = lines(`t-j&=${index('t')}-${index('j')}=\\lslot{distance}{1.7em}`, `D&=\\lslot{D}{1.7em}`);
const backReading = 't - j = {t} - {j} = {distance}; D = {D}';
const distance = `|${index('j')}-${num('position')}|${relation}${index('D')}`;
const scopes = {
    global: [
        '0\\le j\\le S-1', 'every j from 0 to S - 1', `0\\le${index('j')}\\le${index('last')}`, '0 at most {j} at most {last}',
    ],
    causal: ['j\\le t', 'j at most t', `j=\\lslot{j}{1.7em}${relation}\\rslot{t}{1.7em}=t`, 'j = {j} {relation} {t} = t'],
    causal_window: ['0\\le t-j\\le D', 't - j from 0 to D', back, backReading],
    past: ['j<t', 'j below t', `j=\\lslot{j}{1.7em}${relation}\\rslot{t}{1.7em}=t`, 'j = {j} {relation} {t} = t'],
    past_window: ['1\\le t-j\\le D', 't - j from 1 to D', back, backReading],
    window: [
        '|j-t|\\le D', 'distance of j and t at most D', `|${index('j')}-${index('t')}|${relation}${index('D')}`,
        'distance of {j} and {t} {relation} {D}',
    ],
    local_m: [
        lines('&|j-p_t|\\le D', '&p_t=\\min(t,\\,S-1)'), 'distance of j and p_t at most D; p_t = min(t, S - 1)',
        lines(`&|${index('j')}-${index('position')}|${relation}${index('D')}`,
              `&p_t=\\min(${index('t')},\\,${index('last')})=\\lslot{position}{1.7em}`),
        'distance of {j} and {position} {relation} {D}; p_t = min({t}, {last}) = {position}',
    ],
    local_p: [
        lines('&|j-p_t|\\le D', '&p_t=S\\,\\sigma(v_{\\mathrm{position}}\\cdot\\tanh(W_{\\mathrm{position}}\\,q_t))'),
        'distance of j and p_t at most D; p_t = S sigmoid(v_position . tanh(W_position q_t))',
        lines(`&${distance}`, `&p_t=\\rslot{S}{1.7em}\\cdot\\sigma(${num('logit')})=${after('position')}`),
        'distance of {j} and {position} {relation} {D}; p_t = {S} sigmoid({logit}) = {position}',
    ],
    monotonic: [
        lines('&j\\ge n_{t-1}', '&n_t=\\min\\{j\\ge n_{t-1}\\colon p_{tj}>\\tfrac12\\}'),
        'j at least n_(t-1); n_t is the first j from n_(t-1) on with p_tj above one half',
        `j=\\lslot{j}{1.7em}${relation}\\rslot{from}{1.7em}=n_{t-1}`, 'j = {j} {relation} {from} = n_(t-1)',
    ],
};

const scaled = `${before('score')}/${result('temperature')}`;
const stacked = (half) => `\\frac{${num('score')}}{${half}${prob('temperature')}}`;
const normalisers = {
    softmax: [
        'a_{tj}=\\frac{\\exp(e_{tj}/\\tau)}{\\sum_i\\exp(e_{ti}/\\tau)}', 'a_tj = exp(e_tj / tau) / sum over i of exp(e_ti / tau)',
        `a_{tj}=\\frac{\\exp(${scaled})}{${num('sum')}}=${result('weight')}`, 'a_tj = exp({score} / {temperature}) / {sum} = {weight}',
    ],
    sparsemax: [
        lines('&a_{tj}=\\max\\Bigl(0,\\,\\frac{e_{tj}}{\\tau}-\\theta_t\\Bigr)', '&\\theta_t\\colon\\;\\textstyle\\sum_i a_{ti}=1'),
        'a_tj = max(0, e_tj / tau - theta_t), with theta_t such that the a_ti sum to 1',
        lines(`a_{tj}&=\\max\\Bigl(0,\\,${stacked('')}\\less{threshold}\\Bigr)`, `&=${result('weight')}`),
        'a_tj = max(0, {score} / {temperature} - {threshold}) = {weight}',
    ],
    entmax15: [
        lines('&a_{tj}=\\max\\Bigl(0,\\,\\frac{e_{tj}}{2\\tau}-\\theta_t\\Bigr)^2', '&\\theta_t\\colon\\;\\textstyle\\sum_i a_{ti}=1'),
        'a_tj = max(0, e_tj / 2 tau - theta_t) squared, with theta_t such that the a_ti sum to 1',
        lines(`a_{tj}&=\\max\\Bigl(0,\\,${stacked('2\\cdot')}\\less{threshold}\\Bigr)^2`, `&=${result('weight')}`),
        'a_tj = max(0, {score} / (2 times {temperature}) - {threshold}) squared = {weight}',
    ],
    sigmoid: [
        'a_{tj}=\\sigma(e_{tj}/\\tau)=\\frac{1}{1+\\exp(-e_{tj}/\\tau)}', 'a_tj = sigmoid(e_tj / tau) = 1 / (1 + exp(-e_tj / tau))',
        `a_{tj}=\\sigma(${scaled})=${result('weight')}`, 'a_tj = sigmoid({score} / {temperature}) = {weight}',
    ],
    monotonic_probability: [
        'p_{tj}=\\sigma(e_{tj}/\\tau+r)', 'p_tj = sigmoid(e_tj / tau + r)',
        lines(`p_{tj}&=\\sigma(${scaled}\\term{offset})`, `&=${result('weight')}`),
        'p_tj = sigmoid({score} / {temperature} + {offset}) = {weight}',
    ],
    hard: [
        lines('&a_{tj}=\\begin{cases}1&j=j^*\\\\0&j\\ne j^*\\end{cases}', '&j^*=\\arg\\max_i\\,e_{ti}/\\tau'),
        'a_tj = 1 if j is the first i with the largest e_ti / tau, else 0',
        lines(`&e_{tj}/\\tau=${scaled}`, `&\\textstyle\\max_i e_{ti}/\\tau=${after('largest')}`, `&a_{tj}=${result('weight')}`),
        'e_tj / tau = {score} / {temperature}; the largest e_ti / tau = {largest}; a_tj = {weight}',
    ],
};

const factors = {
    gaussian: [
        'f_{tj}=\\exp\\Bigl(-\\frac{(j-p_t)^2}{2\\sigma^2}\\Bigr)', 'f_tj = exp(-(j - p_t) squared / (2 sigma squared))',
        lines(`f_{tj}&=\\exp\\Bigl(-\\frac{(${index('j')}-${num('position')})^2}{2\\cdot\\rslot{sigma}{2.4em}^2}\\Bigr)`,
              `&=${result('factor')}`),
        'f_tj = exp(-({j} - {position}) squared / (2 times {sigma} squared)) = {factor}',
    ],
    relevance: [
        lines('f_{tj}&=\\max(0,\\,r_{tj})',
              'r_{tj}&=w_{\\mathrm{relevance}}\\cdot\\tanh(W_{\\mathrm{relevance\\;query}}\\,q_t',
              '&\\hphantom{{}={}}+W_{\\mathrm{relevance\\;key}}\\,k_j+b_{\\mathrm{relevance}})'),
        'f_tj = max(0, r_tj); r_tj = w_relevance . tanh(W_relevance_query q_t + W_relevance_key k_j + b_relevance)',
        `f_{tj}=\\max(0,\\,${num('relevance')})=${result('factor')}`, 'f_tj = max(0, {relevance}) = {factor}',
    ],
    monotonic_weight: [
        lines('a_{tj}&=\\begin{cases}1&j=n_t\\\\0&j\\ne n_t\\end{cases}', '\\bar a_{tj}&=p_{tj}\\,q_{tj}',
              'q_{tj}&=(1-p_{t,j-1})\\,q_{t,j-1}+\\bar a_{t-1,j}'),
        'a_tj = 1 if j is n_t, else 0; in training its expectation p_tj q_tj, q_tj = (1 - p_t(j-1)) q_t(j-1) + the expected a_(t-1)j',
        lines(`&p_{tj}=\\lslot{probability}{2.4em}${relation}\\tfrac12`, `&a_{tj}=${result('weight')}`),
        'p_tj = {probability} {relation} one half; a_tj = {weight}',
    ],
};

const part = (n) => `\\rslot{weight${n}}{2.4em}\\,v_{\\lslot{j${n}}{1.7em}}`;
const mix = {
    none: [
        'c_t=[h^{\\to}_{S-1};\\,h^{\\gets}_0]', 'c_t = the forward state at S - 1 joined with the backward state at 0',
        `\\|c_t\\|=${after('norm')}`, 'norm of c_t = {norm}',
    ],
    mix: [
        'c_t=\\sum_j a_{tj}\\,v_j', 'c_t = sum over j of a_tj v_j',
        lines(`c_t&=${part(1)}+${part(2)}`, `&\\hphantom{{}={}}+${part(3)}+\\rslot{rest}{2.4em}\\,\\bar v`),
        'c_t = {weight1} v_{j1} + {weight2} v_{j2} + {weight3} v_{j3} + {rest} times the weighted mean of the other values',
    ],
    coverage: [
        lines('\\mathit{cov}_{tj}&=\\sum_{i<t}a_{ij}', '&=\\mathit{cov}_{t-1,j}+a_{t-1,j}'),
        'cov_tj = sum over i < t of a_ij = cov_(t-1)j + a_(t-1)j',
        `\\mathit{cov}_{tj}=\\rslot{previous}{2.4em}+${prob('weight')}=${result('coverage')}`,
        'cov_tj = {previous} + {weight} = {coverage}',
    ],
};

const gate = 'g_t=\\sigma(W_{\\mathrm{gate}}\\,[q_t;\\,c_t]+b_{\\mathrm{gate}})';
const gateReading = 'g_t = sigmoid(W_gate [q_t; c_t] + b_gate)';
const gates = {
    gate_scalar: [
        lines(`&${gate}`, '&g_t\\,c_t,\\quad g_t\\in(0,1)'), `${gateReading}, one number; the context becomes g_t c_t`,
        `g_t=${result('gate')}`, 'g_t = {gate}',
    ],
    gate_elementwise: [
        lines(`&${gate}`, '&g_t\\odot c_t,\\quad g_t\\in(0,1)^{d_v}'),
        `${gateReading}, d_v numbers; the context becomes g_t times c_t, element by element`,
        lines(`&${prob('smallest')}\\le g_{ti}\\le${prob('largest')}`, `&\\bar g_t=${result('gate')}`),
        'g_ti from {smallest} to {largest}, mean {gate}',
    ],
    gate_none: ['c_t', 'c_t', `\\|c_t\\|=${after('norm')}`, 'norm of c_t = {norm}'],
};

export const formulas = { ...scores, ...scopes, ...normalisers, ...factors, ...mix, ...gates };

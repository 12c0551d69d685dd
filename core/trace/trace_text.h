// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/trace/trace.h"

namespace attn {

/// A trace as text, one fact a line, for tests to compare and for people to read (`attn run --trace`). The
/// same trace gives the same text on every machine; wall time and the recipe's hash are left out. In order:
///   trace "model" of "text as typed"
///   axis 0 source: "le" 17, "chat" unknown 3, "</s>" end 2     role unless it is a word, then id
///   axis 1 target                                              positions are the steps of a path; ", read"
///   site 0 cross: axis 1 to axis 0, 2 heads, additive global softmax      or "no rule"
///   track axis 0 layer 0 cell 0 backward: hidden 3 x 80, reset 3 x 80     positions x units
///   outputs 3 x 160                                            of the encoder
///   row site 0 query 2 ...                                     as below, of sites that are read at once
///   initial layer 0 cell 0: hidden 160
///   pass 0 reads "<s>" start 1
///     row site 0 query 0: context 160, gate 1
///       head 0 weights 0.125 0.875 -                           "-": outside of the scope
///     state layer 0 cell 0: hidden 160, reset 160
///     vector features 96
///     output entropy 0.1312 log_sum_exp 9.25: "le" 17 -0.0312, "</s>" end 2 -4.5
///   step 0 time 0 pass 0: "le" 17 forced log_prob -0.0312 open
///   step 1 after 0 time 1 pass 1: "</s>" end 2 log_prob -0.5 total -0.5312 finished
///   leaf 1                                                     best first
///   complete                                                   or "incomplete"
///   gold 0-0 1-2?                                              ?: possible
/// A step's total stands where it differs from its log_prob, with its parts where it is not their plain sum.
/// Weights have five digits; log-probabilities and scores have as many as it takes to read back the same
/// number.
std::string traceText(const Trace& trace);

} // namespace attn

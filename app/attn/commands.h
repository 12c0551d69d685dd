// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <stop_token>

namespace CLI {
class App;
}

namespace attn::cli {

/// What the command line has chosen, and what stops it.
struct Session {
    std::function<void()> action; ///< set by the subcommand that was named
    std::stop_token stop;         ///< asked for by Ctrl+C
};

/// Each adds one subcommand with its options and help; when it is named, `session.action` is its work.
/// `session` outlives the app.
void addModels(CLI::App& app, Session& session);
void addInfo(CLI::App& app, Session& session);
void addRun(CLI::App& app, Session& session);
void addDump(CLI::App& app, Session& session);
void addTrain(CLI::App& app, Session& session);
void addEval(CLI::App& app, Session& session);
void addScore(CLI::App& app, Session& session);
void addBench(CLI::App& app, Session& session);
void addConvert(CLI::App& app, Session& session);
void addInspect(CLI::App& app, Session& session);

} // namespace attn::cli

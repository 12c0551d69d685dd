// SPDX-License-Identifier: GPL-3.0-or-later
#include <pthread.h>

#include <CLI/CLI.hpp>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <sstream>
#include <thread>

#include "app/attn/commands.h"
#include "app/attn/output.h"
#include "core/base/closest_name.h"
#include "core/base/error.h"

namespace {

using namespace attn;

const char* const footer = R"(Examples:
  attn models
  attn run en-fr-additive "the black cat sleeps"
  attn run en-fr-additive "the black cat sleeps" --json - | python3 -m json.tool
  attn dump out.nbest --source test.en
  attn eval en-fr-additive --task en-fr
  attn train --task reverse --output mine.safetensors
  attn score translations.txt reference.fr
  attn bench decode --size large
  attn convert model.pt -o mine.safetensors
  attn inspect model.pt

Results go to standard output, messages to standard error.
Exit codes: 0 done, 1 a fault of this program, 2 wrong usage, 3 unreadable or malformed input,
4 a model this program does not run, 5 the result could not be written, 6 over a limit,
130 interrupted.)";

/// Ctrl+C and SIGTERM ask the work to stop; a second one ends the program at once. The signals are
/// taken by a thread of their own, so that no work is done inside a signal handler.
void stopOnSignals(std::stop_source source) {
    static sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::thread([source]() mutable {
        int signal = 0;
        sigwait(&signals, &signal);
        source.request_stop();
        sigwait(&signals, &signal);
        std::_Exit(static_cast<int>(ErrorKind::Interrupted));
    }).detach();
}

/// Where a command was to be named and is not, or is none: what there is.
std::string missingCommand(const CLI::App& app, int argc, char** argv) {
    const CLI::App* at = &app; // the last command that was named
    int next = 1;
    while (!at->get_subcommands().empty()) {
        at = at->get_subcommands().front();
        ++next;
    }
    std::vector<std::string> names;
    std::string all;
    for (const CLI::App* command : at->get_subcommands({})) {
        names.push_back(command->get_name());
        all += (all.empty() ? "" : ", ") + names.back();
    }
    if (names.empty()) return "";
    if (next >= argc) return "A command is missing: " + all + ".";
    if (argv[next][0] == '-') return "";
    const std::string closest = closestName(argv[next], names);
    return std::string("There is no command \"") + argv[next] + "\"." +
           (closest.empty() ? " The commands are: " + all + "." : " Did you mean " + closest + "?");
}

int explain(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
    std::ostringstream help, unused;
    if (app.exit(error, help, unused) == 0) {
        cli::print(help.str());
        return 0;
    }
    std::string text = missingCommand(app, argc, argv), command = "attn";
    if (text.empty()) text = error.what();
    for (const CLI::App* named : app.get_subcommands()) {
        command += " " + named->get_name();
        if (named->get_name() == "run" && dynamic_cast<const CLI::ExtrasError*>(&error))
            text += "\nPut a sentence of several words in quotes.";
    }
    cli::say("attn: " + text + "\n" + command + " --help describes it.");
    return static_cast<int>(ErrorKind::Argument);
}

int runProgram(int argc, char** argv) {
    CLI::App app("Attentoscope's command line: run, train and measure encoder-decoders with attention.",
                 "attn");
    app.set_version_flag("--version", std::string("attn ") + ATTENTOSCOPE_VERSION);
    app.footer(footer);
    app.require_subcommand(1);
    app.get_formatter()->column_width(34);

    std::stop_source source;
    cli::Session session;
    session.stop = source.get_token();
    cli::addModels(app, session);
    cli::addInfo(app, session);
    cli::addRun(app, session);
    cli::addDump(app, session);
    cli::addTrain(app, session);
    cli::addEval(app, session);
    cli::addScore(app, session);
    cli::addBench(app, session);
    cli::addConvert(app, session);
    cli::addInspect(app, session);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return explain(app, error, argc, argv);
    }
    stopOnSignals(source);
    session.action();
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    // A reader that went away is reported like a full disk, not by sudden death.
    std::signal(SIGPIPE, SIG_IGN);
    // Widths of characters are those of UTF-8; numbers stay as they are in C.
    std::setlocale(LC_CTYPE, "C.UTF-8");
    try {
        return runProgram(argc, argv);
    } catch (const Error& error) {
        cli::say(std::string("attn: ") + error.what());
        return static_cast<int>(error.kind());
    } catch (const std::bad_alloc&) {
        cli::say("attn: There is not enough memory for this.");
        return static_cast<int>(ErrorKind::Limit);
    } catch (const std::exception& error) {
        cli::say(std::string("attn: A fault of this program: ") + error.what());
        return static_cast<int>(ErrorKind::Bug);
    }
}

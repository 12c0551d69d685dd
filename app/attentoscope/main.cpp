// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <QApplication>
#include <QDir>
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/attentoscope/bench.h"
#include "core/base/error.h"
#include "core/io/formats.h"
#include "core/io/model_file.h"
#include "ui/present/attention_map.h"
#include "ui/shell/main_window.h"

namespace {

struct Options {
    std::string model, text, target, screenshot, size = "1440x900", theme, language;
    bool bench = false;
};

/// Takes Qt's own options, which begin with one dash and have a value, out of `arguments`.
std::vector<std::string> takeQtOptions(std::vector<std::string>& arguments) {
    static const std::vector<std::string> known{
        "-platform",   "-platformpluginpath", "-platformtheme", "-plugin",  "-style",
        "-stylesheet", "-qwindowgeometry",    "-qwindowtitle",  "-display", "-fontengine"};
    std::vector<std::string> taken;
    for (std::size_t i = 0; i < arguments.size();) {
        if (std::find(known.begin(), known.end(), arguments[i]) == known.end() || i + 1 == arguments.size()) {
            ++i;
            continue;
        }
        const auto at = arguments.begin() + static_cast<std::ptrdiff_t>(i);
        taken.insert(taken.end(), at, at + 2);
        arguments.erase(at, at + 2);
    }
    return taken;
}

bool hasDisplay() {
#if defined(Q_OS_UNIX) && !defined(Q_OS_MACOS)
    return !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") ||
           !qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM");
#else
    return true;
#endif
}

/// Drops what the offscreen platform says of every window that is laid out; passes everything else on.
void quietOffscreen() {
    static QtMessageHandler others = nullptr;
    others =
        qInstallMessageHandler([](QtMsgType type, const QMessageLogContext& context, const QString& text) {
            if (text != QLatin1String("This plugin does not support propagateSizeHints()"))
                others(type, context, text);
        });
}

int fail(const QString& text, attn::ErrorKind kind) {
    std::fprintf(stderr, "attentoscope: %s\n", qUtf8Printable(text));
    return static_cast<int>(kind);
}

std::string firstModel() {
    const std::vector<std::string> bundled = attn::bundledModels();
    const std::string wanted = "en-fr-additive";
    if (std::find(bundled.begin(), bundled.end(), wanted) != bundled.end()) return wanted;
    return bundled.empty() ? std::string() : bundled.front();
}

/// Saves the window as it is, after the layout has settled.
int takePicture(attn::ui::MainWindow& window, const QString& path) {
    for (int i = 0; i < 5; ++i) QCoreApplication::processEvents(QEventLoop::AllEvents, 50);
    if (!window.grab().save(path))
        return fail(
            QStringLiteral("cannot write %1; choose a folder that you may write to, and a name that ends "
                           "in .png")
                .arg(path),
            attn::ErrorKind::Output);
    const attn::ui::Fault& fault = window.session().fault();
    return fault.where == attn::ui::Fault::Where::None ? 0 : fail(fault.text, fault.kind);
}

int runWindow(const Options& options, bool headless) {
    using namespace attn;
    using namespace attn::ui;
    MainWindow window;
    if (!options.theme.empty())
        window.setTheme(options.theme == "dark" ? ThemeChoice::Dark : ThemeChoice::Light);
    if (!options.language.empty()) window.setLanguage(*fromText<Language>(options.language));
    const bool picture = headless || !options.screenshot.empty();
    if (picture || options.bench) {
        int width = 0, height = 0;
        if (std::sscanf(options.size.c_str(), "%dx%d", &width, &height) != 2 || width < 200 || height < 200 ||
            width > 16384 || height > 16384)
            return fail(QStringLiteral("--size %1: expected WIDTHxHEIGHT from 200x200 to 16384x16384")
                            .arg(QString::fromStdString(options.size)),
                        ErrorKind::Argument);
        window.resize(width, height);
        window.resetLayout();
    }
    Recipe recipe;
    recipe.source = options.text;
    recipe.target = options.target;
    if (!options.target.empty()) recipe.search = SearchKind::Forced;
    window.session().setRecipe(recipe, Session::Edit::Choice);
    window.show();
    const std::string model = options.model.empty() ? firstModel() : options.model;
    // A picture has nobody to ask: what a dump does not tell by itself is an error.
    const FileFormat* format = picture && !model.empty() ? recognise(resolveModel(model)) : nullptr;
    if (format && format->kind == FileKind::Attention)
        window.session().showDump(openFile(model).dump);
    else if (!model.empty())
        window.openModel(QString::fromStdString(model));
    if (!picture && !options.bench) return QApplication::exec();

    if (!waitForAnswer(window, 120)) return fail(QStringLiteral("no result after 120 s"), ErrorKind::Bug);
    QCoreApplication::processEvents();
    if (options.bench) return bench(window, secondsSinceStart());
    const QString path = options.screenshot.empty()
                             ? QDir(QDir::tempPath()).filePath(QStringLiteral("attentoscope.png"))
                             : QString::fromStdString(options.screenshot);
    const int result = takePicture(window, path);
    if (options.screenshot.empty() && result == 0) {
        std::printf("There is no display, so the window was drawn into a file: %s\n", qUtf8Printable(path));
        if (const TracePtr& trace = window.session().trace())
            std::fputs(qUtf8Printable(mapText(
                           attentionMap(*trace, trace->sites.empty() ? -1 : 0, -1, trace->bestPath()))),
                       stdout);
    }
    return result;
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App cli("Watch a recurrent encoder-decoder attend.", "attentoscope");
    cli.footer(
        "Examples:\n  attentoscope\n  attentoscope model.safetensors --text \"the small cat\"\n"
        "  attentoscope --screenshot window.png --size 1280x800 --theme dark\n"
        "Qt's own options (-platform, -style) are understood too.");
    cli.set_version_flag("--version", "attentoscope " ATTENTOSCOPE_VERSION);
    cli.add_option(
        "MODEL", options.model,
        "A bundled model's name, a model file, a checkpoint of another toolkit, or a dump of attention");
    cli.add_option("--text", options.text, "The sentence to begin with");
    cli.add_option("--target", options.target, "Decode these words instead of the model's own");
    cli.add_option("--screenshot", options.screenshot, "Draw the window into this PNG file and leave");
    cli.add_option("--size", options.size, "Size of the picture, WIDTHxHEIGHT")->capture_default_str();
    cli.add_option("--theme", options.theme, "light or dark")->check(CLI::IsMember({"light", "dark"}));
    cli.add_option("--language", options.language, "en or zh")->check(CLI::IsMember({"en", "zh"}));
    cli.add_flag("--bench", options.bench, "Measure the window's answer to a keystroke, and leave");
    std::vector<std::string> arguments(argv + 1, argv + argc);
    std::vector<std::string> qtOptions = takeQtOptions(arguments);
    try {
        std::reverse(arguments.begin(), arguments.end());
        cli.parse(std::move(arguments));
    } catch (const CLI::ParseError& error) {
        return cli.exit(error) == 0 ? 0 : static_cast<int>(attn::ErrorKind::Argument);
    }
    const bool named = std::find(qtOptions.begin(), qtOptions.end(), "-platform") != qtOptions.end();
    const bool headless = !hasDisplay() && !named;
    if (headless) qputenv("QT_QPA_PLATFORM", "offscreen");
    quietOffscreen();

    qtOptions.insert(qtOptions.begin(), argv[0]);
    std::vector<char*> forQt;
    for (std::string& option : qtOptions) forQt.push_back(option.data());
    forQt.push_back(nullptr);
    int count = static_cast<int>(forQt.size()) - 1;
    QApplication app(count, forQt.data());
    QApplication::setApplicationName(QStringLiteral("attentoscope"));
    QApplication::setApplicationDisplayName(QStringLiteral("Attentoscope"));
    QApplication::setApplicationVersion(QStringLiteral(ATTENTOSCOPE_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("attentoscope"));
    try {
        return runWindow(options, headless);
    } catch (const attn::Error& error) {
        return fail(QString::fromUtf8(error.what()), error.kind());
    }
}

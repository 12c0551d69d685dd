// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "core/base/closest_name.h"
#include "core/io/model_file.h"

namespace attn {

namespace {

namespace fs = std::filesystem;

/// Where bundled models may lie, the most specific place first.
std::vector<fs::path> folders() {
    std::vector<fs::path> all;
    if (const char* given = std::getenv("ATTENTOSCOPE_MODELS"); given && *given) all.emplace_back(given);
    std::error_code none;
    if (const fs::path program = fs::read_symlink("/proc/self/exe", none); !none)
        all.push_back(program.parent_path().parent_path() / "share/attentoscope/models");
    all.push_back(fs::path(ATTENTOSCOPE_RESOURCES) / "models");
    return all;
}

bool isFile(const fs::path& path) {
    std::error_code none;
    return fs::is_regular_file(path, none);
}

} // namespace

std::vector<std::string> bundledModels() {
    std::set<std::string> names;
    for (const fs::path& folder : folders()) {
        std::error_code none;
        for (fs::directory_iterator at(folder, none), end; !none && at != end; at.increment(none))
            if (at->path().extension() == ".safetensors" && isFile(at->path()))
                names.insert(at->path().stem().string());
    }
    return {names.begin(), names.end()};
}

std::string resolveModel(const std::string& nameOrPath) {
    if (!nameOrPath.empty() && nameOrPath.find('/') == std::string::npos)
        for (const fs::path& folder : folders())
            if (const fs::path file = folder / (nameOrPath + ".safetensors"); isFile(file))
                return file.string();
    std::error_code none;
    if (!nameOrPath.empty() && fs::exists(nameOrPath, none)) return nameOrPath;
    const std::vector<std::string> bundled = bundledModels();
    std::string text = "There is no model \"" + nameOrPath + "\": neither a bundled model nor a file.";
    if (const std::string closest = closestName(nameOrPath, bundled); !closest.empty())
        text += "\n  Did you mean " + closest + "?";
    text += bundled.empty() ? "\n  No bundled models were found; set ATTENTOSCOPE_MODELS to their folder."
                            : "\n  Bundled models:";
    for (const std::string& name : bundled) text += "\n    " + name;
    throw Error(ErrorKind::Data, text);
}

} // namespace attn

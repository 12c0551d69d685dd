// SPDX-License-Identifier: GPL-3.0-or-later
// A training run that is killed at any moment leaves files that open, and can be resumed. ATTN_KILLS sets how
// often it is killed.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "tests/core/file_fixture.h"

namespace fs = std::filesystem;

namespace {

pid_t start(const std::vector<std::string>& arguments) {
    const pid_t child = fork();
    if (child != 0) return child;
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    std::vector<char*> argv{const_cast<char*>("attn")};
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    execv(ATTN_PROGRAM, argv.data());
    _exit(127);
}

int codeOf(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

TEST_CASE("a killed training run leaves files that open") {
    const fixture::TemporaryFolder folder;
    const std::string model = folder.filePath("killed.safetensors"),
                      training = folder.filePath("killed.training");
    const std::vector<std::string> begin{
        "train",   "--task",          "reverse", "--output",           model, "--steps",
        "1000000", "--patience",      "1000000", "--embedding",        "16",  "--encoder-width",
        "16",      "--decoder-width", "16",      "--attention-width",  "16",  "--readout-width",
        "16",      "--batch-words",   "64",      "--validation-pairs", "5",   "--validate-every",
        "2",       "--average",       "2"};
    const int kills = fixture::environmentNumber("ATTN_KILLS", 6);
    std::mt19937 random(7);
    for (int kill_ = 0; kill_ < kills; ++kill_) {
        const bool again = fs::exists(training);
        const pid_t child = start(again ? std::vector<std::string>{"train", "--resume", training} : begin);
        usleep(10'000 + random() % 400'000);
        kill(child, SIGKILL);
        CHECK_MESSAGE(codeOf(child) == -1, "the training run ended before it was killed");
        for (const std::string& file : {model, training})
            if (fs::exists(file))
                CHECK_MESSAGE(codeOf(start({"info", file})) == 0,
                              (file + " does not open after kill " + std::to_string(kill_ + 1)));
    }
    CHECK_MESSAGE((fs::exists(training) && fs::exists(model)), "no checkpoint was ever written");
}

// SPDX-License-Identifier: GPL-3.0-or-later
// A field's bounds stand in visitFields() alone: reading, validating and messages follow from there.
#include <doctest/doctest.h>

#include <limits>

#include "core/base/fields_json.h"

namespace {

struct Part {
    int layers = 1;
    double rate = 0.5, free = 0;
    std::vector<double> list;
    std::optional<int> maybe;
    std::uint64_t seed = 1;
    int count = 0;
    bool flag = false;
    std::string text;
};

template <typename Visitor>
void visitFields(auto& p, Visitor&& visit) requires std::is_same_v<std::remove_cvref_t<decltype(p)>, Part> {
    visit("layers", p.layers, attn::between(1, 16));
    visit("rate", p.rate, attn::above(0, 1));
    visit("free", p.free);
    visit("list", p.list, attn::between(-1, 1));
    visit("maybe", p.maybe, attn::atLeast(3));
    visit("seed", p.seed);
    visit("count", p.count);
    visit("flag", p.flag);
    visit("text", p.text);
}

using namespace attn;

std::string faultsOf(const Part& part) {
    Findings faults;
    checkBounds(part, "part.", faults);
    return toText(faults, "");
}

std::string readingOf(const char* json) {
    Part part;
    Findings faults;
    fromJson(nlohmann::json::parse(json), part, "part", faults);
    return toText(faults, "");
}

} // namespace

TEST_CASE("numbers within their bounds are sound, ends included") {
    Part part;
    CHECK(faultsOf(part).empty());
    part = {16,   1,  -1e300, {-1, 0, 1}, 3, std::numeric_limits<std::uint64_t>::max(), 1'000'000'000,
            true, "x"};
    CHECK(faultsOf(part).empty());
    const auto json = toJson(part);
    Part again;
    Findings faults;
    fromJson(nlohmann::json::parse(json.dump()), again, "part", faults);
    CHECK(toText(faults) == "");
    CHECK(toJson(again) == json);
}

TEST_CASE("every number out of its bounds is named with value and bounds") {
    CHECK(faultsOf({0, 0, 0, {0, 1.5}, 2, 1, -1, false, ""}) ==
          "part.layers: is 0; expected 1 to 16\n"
          "part.rate: is 0; expected above 0 and at most 1\n"
          "part.list: is 1.5; expected -1 to 1\n"
          "part.maybe: is 2; expected at least 3\n"
          "part.count: is -1; expected at least 0");
    CHECK(faultsOf({17, std::numeric_limits<double>::quiet_NaN(), 0, {}, {}, 1, 0, false, ""}) ==
          "part.layers: is 17; expected 1 to 16\npart.rate: is nan; expected above 0 and at most 1");
}

TEST_CASE("reading JSON reports the same faults, and leaves the field as it was") {
    CHECK(readingOf(R"({"layers": 17})") == "part.layers: is 17; expected 1 to 16");
    CHECK(readingOf(R"({"rate": 0})") == "part.rate: is 0; expected above 0 and at most 1");
    CHECK(readingOf(R"({"list": [0, 7]})") == "part.list[1]: is 7; expected -1 to 1");
    CHECK(readingOf(R"({"maybe": 1})") == "part.maybe: is 1; expected at least 3");
    CHECK(readingOf(R"({"maybe": null, "seed": 18446744073709551615, "free": -1e9})") == "");
    CHECK(readingOf(R"({"count": 1000000001})").find("from 0 to 1000000000") != std::string::npos);
    Part part;
    Findings faults;
    fromJson(nlohmann::json::parse(R"({"layers": 17})"), part, "", faults);
    CHECK(part.layers == 1);
}

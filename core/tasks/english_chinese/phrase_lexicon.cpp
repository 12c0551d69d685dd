// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/tasks/english_chinese/lexicon.h"

namespace attn::english_chinese {
namespace {

template <typename Entry, typename Test>
const Entry& find(const std::vector<Entry>& table, std::string_view english, Test test) {
    for (const Entry& entry : table)
        if (entry.english == english && test(entry)) return entry;
    throw Error(ErrorKind::Argument, "the English and Chinese lexicon has no \"" + std::string(english) +
                                         "\" of that kind; see core/tasks/english_chinese");
}
template <typename Entry>
const Entry& find(const std::vector<Entry>& table, std::string_view english) {
    return find(table, english, [](const Entry&) { return true; });
}

} // namespace

const std::vector<Name>& names() {
    constexpr Name::Kind person = Name::Kind::Person, city = Name::Kind::City, country = Name::Kind::Country;
    static const std::vector<Name> table = {
        {"Paul", "保罗", person},     {"Mary", "玛丽", person},      {"Anna", "安娜", person},
        {"Peter", "彼得", person},    {"Tom", "汤姆", person},       {"Lucy", "露西", person},
        {"Li Ming", "李明", person},  {"Wang Fang", "王芳", person}, {"Beijing", "北京", city},
        {"Shanghai", "上海", city},   {"Paris", "巴黎", city},       {"London", "伦敦", city},
        {"New York", "纽约", city},   {"Berlin", "柏林", city},      {"Tokyo", "东京", city},
        {"China", "中国", country},   {"France", "法国", country},   {"Germany", "德国", country},
        {"Japan", "日本", country},   {"Canada", "加拿大", country}, {"Italy", "意大利", country},
        {"England", "英国", country},
    };
    return table;
}

const std::vector<Preposition>& prepositions() {
    static const std::vector<Preposition> table = {
        {"in", "里"},      {"on", "上"},        {"at", ""},
        {"under", "下面"}, {"behind", "后面"},  {"in front of", "前面"},
        {"near", "附近"},  {"next to", "旁边"},
    };
    return table;
}

const std::vector<VerbAdverb>& verbAdverbs() {
    static const std::vector<VerbAdverb> table = {
        {"often", "经常", true},       {"always", "总是", true},      {"usually", "通常", true},
        {"sometimes", "有时候", true}, {"never", "从来", true, true}, {"also", "也"},
        {"already", "已经"},
    };
    return table;
}

const std::vector<FixedTime>& times() {
    static const std::vector<FixedTime> table = {
        {"yesterday", "昨天", InPast},
        {"last week", "上个星期", InPast},
        {"last month", "上个月", InPast},
        {"last year", "去年", InPast},
        {"last night", "昨天 晚上", InPast},
        {"this morning", "今天 早上", InPast},
        {"today", "今天", InPast | InFuture},
        {"tomorrow", "明天", InFuture},
        {"next week", "下个星期", InFuture},
        {"next month", "下个月", InFuture},
        {"next year", "明年", InFuture},
        {"tonight", "今天 晚上", InFuture},
        {"every day", "每天", InPresent},
        {"every week", "每个星期", InPresent},
        {"every morning", "每天 早上", InPresent},
        {"every evening", "每天 晚上", InPresent},
        {"now", "现在", InProgress},
    };
    return table;
}

const std::vector<FixedTime>& manners() {
    static const std::vector<FixedTime> table = {
        {"carefully", "仔细 地", 0}, {"slowly", "慢慢 地", 0},    {"happily", "高兴 地", 0},
        {"quietly", "安静 地", 0},   {"seriously", "认真 地", 0},
    };
    return table;
}

const std::vector<WordPair>& vehicles() {
    static const std::vector<WordPair> table = {
        {"train", "火车"}, {"plane", "飞机"}, {"bus", "公共汽车"}, {"taxi", "出租车"}, {"ship", "船"}};
    return table;
}

const std::vector<WordPair>& months() {
    static const std::vector<WordPair> table = {
        {"January", "一月"},   {"February", "二月"}, {"March", "三月"},      {"April", "四月"},
        {"May", "五月"},       {"June", "六月"},     {"July", "七月"},       {"August", "八月"},
        {"September", "九月"}, {"October", "十月"},  {"November", "十一月"}, {"December", "十二月"},
    };
    return table;
}

const std::vector<WordPair>& weekdays() {
    static const std::vector<WordPair> table = {
        {"Monday", "星期一"}, {"Tuesday", "星期二"},  {"Wednesday", "星期三"}, {"Thursday", "星期四"},
        {"Friday", "星期五"}, {"Saturday", "星期六"}, {"Sunday", "星期天"},
    };
    return table;
}

const std::vector<WordPair>& numbers() {
    static const std::vector<WordPair> table = {
        {"two", "两"}, {"three", "三"},    {"four", "四"},     {"five", "五"},
        {"six", "六"}, {"seven", "七"},    {"eight", "八"},    {"nine", "九"},
        {"ten", "十"}, {"eleven", "十一"}, {"twelve", "十二"},
    };
    return table;
}

const std::vector<WordPair>& timeUnits() {
    static const std::vector<WordPair> table = {
        {"days", "天"}, {"weeks", "个 星期"}, {"months", "个 月"}, {"years", "年"}};
    return table;
}

const std::vector<Container>& containers() {
    static const std::vector<Container> table = {
        {"cup", "杯", Cup}, {"glass", "杯", Glass}, {"bottle", "瓶", Glass}, {"bowl", "碗", Bowl}};
    return table;
}

const std::vector<Joint>& joints() {
    static const std::vector<Joint> table = {
        {"and", "", "", "", true},
        {"but", "但是", "", "", true},
        {"so", "所以", "", "", true},
        {"because", "因为", "", "所以"},
        {"although", "虽然", "", "但是"},
        {"if", "如果", "", ""},
        {"when", "", "的 时候", "", false, true},
        {"after", "", "以后", "", false, true},
        {"before", "", "以前", "", false, true},
    };
    return table;
}

const Noun& noun(std::string_view english) {
    return find(nouns(), english);
}
const Adjective& adjective(std::string_view english, unsigned classes) {
    return find(adjectives(), english, [&](const Adjective& a) { return (a.classes & classes) != 0; });
}
const Verb& verb(std::string_view english, Frame frame) {
    return find(verbs(), english, [&](const Verb& v) { return v.frame == frame; });
}
const Name& name(std::string_view english) {
    return find(names(), english);
}
const Preposition& preposition(std::string_view english) {
    return find(prepositions(), english);
}
const VerbAdverb& verbAdverb(std::string_view english) {
    return find(verbAdverbs(), english);
}
const FixedTime& time(std::string_view english) {
    return find(times(), english);
}
const FixedTime& manner(std::string_view english) {
    return find(manners(), english);
}
const Joint& joint(std::string_view english) {
    return find(joints(), english);
}

} // namespace attn::english_chinese

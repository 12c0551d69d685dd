// SPDX-License-Identifier: GPL-3.0-or-later
// One sentence to a rule of grammar, with its Chinese and its links, written by hand.
#include <doctest/doctest.h>

#include "tests/core/english_chinese_fixture.h"

using namespace attn;
using namespace attn::english_chinese;

namespace {

struct GrammarRow {
    std::string row;
    std::string english;
    std::string chinese;
    std::string expectedEnglish;
    std::string expectedChinese;
};

std::vector<GrammarRow> grammarRows() {
    std::vector<GrammarRow> rows;
    const auto row = [&](const char* label, const Example& example, const char* english,
                         const char* chinese) {
        rows.push_back({label, joined(example.source), joined(example.target), english, chinese});
    };
    using enum Determiner;
    const NounPhrase she = pronoun(Pronoun::She), he = pronoun(Pronoun::He), they = pronoun(Pronoun::They),
                     i = pronoun(Pronoun::I), we = pronoun(Pronoun::We);
    const NounPhrase teacher = np("teacher"), boy = np("boy"), tea = np("tea", Bare);

    row("the past", said(act(he, "buy", Tense::Past, np("book", Number, true, 3))), "he bought three books",
        "他 买 了 三 本 书");
    row("a measure word for an animal",
        said(act(i, "see", Tense::Past, with(np("dog", Indefinite), "big", "black"))),
        "I saw a big black dog", "我 看见 了 一 只 黑色 的 大 狗");
    row("an", said(act(she, "eat", Tense::Past, np("apple", Indefinite))), "she ate an apple",
        "她 吃 了 一 个 苹果");
    row("two", said(act(she, "write", Tense::Past, np("letter", Number, true, 2))), "she wrote two letters",
        "她 写 了 两 封 信");
    row("not done", said(negated(act(we, "drink", Tense::Past, np("coffee", Bare)))),
        "we did not drink coffee", "我们 没有 喝 咖啡");
    row("habit", said(on(act(teacher, "drink", Tense::Present, tea), "every morning")),
        "the teacher drinks tea every morning", "老师 每天 早上 喝 茶");
    row("never", said(adverb(act(teacher, "drink", Tense::Present, np("beer", Bare)), "never")),
        "the teacher never drinks beer", "老师 从来 不 喝 啤酒");
    row("now", said(act(np("girl"), "draw", Tense::Progressive, np("horse", Indefinite))),
        "the girl is drawing a horse", "女孩 正在 画 一 匹 马");
    row("now and somewhere",
        said(at(alone(np("child", Definite, true), "swim", Tense::Progressive), "in", np("park"))),
        "the children are swimming in the park", "孩子 们 正在 公园 里 游泳");
    row("once", said(act(we, "watch", Tense::Perfect, np("film", This))), "we have watched this film",
        "我们 看 过 这 部 电影");
    row("never once", said(adverb(act(he, "ride", Tense::Perfect, np("horse", Bare, true)), "never")),
        "he has never ridden horses", "他 从来 没有 骑 过 马");
    row("already", said(adverb(act(np("cook"), "prepare", Tense::Perfect, np("meeting")), "already")),
        "the cook has already prepared the meeting", "厨师 已经 准备 了 会议");
    row("to come",
        said(on(act(np("doctor"), "come to", Tense::Future, named("Beijing"), Frame::Goal), "tomorrow")),
        "the doctor will come to Beijing tomorrow", "医生 明天 会 来 北京");
    row("cannot", said(can(negated(act(i, "help", Tense::Present, they)), Modal::Can)), "I cannot help them",
        "我 不 能 帮助 他们");
    row("does not want", said(can(negated(alone(she, "dance", Tense::Present)), Modal::Want)),
        "she does not want to dance", "她 不 想 跳舞");
    row("kin without 的", said(act(np("mother", My), "love", Tense::Present, np("father", My))),
        "my mother loves my father", "我 妈妈 爱 我 爸爸");
    row("owner with 的",
        said(act(np("older sister", His), "need", Tense::Present, with(np("phone", Her), "new"))),
        "his older sister needs her new phone", "他 姐姐 需要 她 的 新 手机");
    row("of before", said(act(he, "close", Tense::Past, of(np("window"), of(np("house"), np("teacher"))))),
        "he closed the window of the house of the teacher", "他 关上 了 老师 的 房子 的 窗户");
    row("a container",
        said(act(i, "drink", Tense::Past,
                 [] {
                     NounPhrase cups = np("tea", Indefinite);
                     cups.container = &containers()[0];
                     cups.number = 2;
                     return cups;
                 }())),
        "I drank two cups of tea", "我 喝 了 两 杯 茶");
    row("place before the verb",
        said(on(at(alone(np("lawyer", Definite, true), "work", Tense::Present), "in", named("Shanghai")),
                "every day")),
        "the lawyers work in Shanghai every day", "律师 们 每天 在 上海 工作");
    row("place around the noun",
        said(at(being(np("key", Definite, true), Predicate::Place), "under", np("chair", That))),
        "the keys are under that chair", "钥匙 在 那 把 椅子 下面");
    {
        Clause there = at(being({}, Predicate::Existence), "on", np("table"));
        there.object = np("cup", Number, true, 5);
        row("there is", said(there), "there are five cups on the table", "桌子 上 有 五 个 杯子");
        there.object = np("map", Indefinite);
        row("is there", said(ask(there, Question::YesNo)), "is there a map on the table ?",
            "桌子 上 有 一 张 地图 吗 ？");
    }
    {
        Clause bigger = being(np("elephant"), Predicate::Comparison, "big");
        bigger.standard = np("tiger");
        row("bigger", said(bigger), "the elephant is bigger than the tiger", "大象 比 老虎 大");
        row("not bigger", said(negated(bigger)), "the elephant is not bigger than the tiger",
            "大象 没有 老虎 大");
        Clause more = being(np("plan"), Predicate::Comparison, "important");
        more.standard = np("idea");
        row("more", said(more), "the plan is more important than the idea", "计划 比 主意 更 重要");
    }
    {
        Clause tired = being(she, Predicate::Quality, "tired");
        row("很", said(tired), "she is tired", "她 很 累");
        row("no 很", said(negated(tired)), "she is not tired", "她 不 累");
        tired.degree = Degree::Very;
        row("very", said(tired), "she is very tired", "她 非常 累");
        tired.degree = Degree::Too;
        row("too", said(tired), "she is too tired", "她 太 累 了");
        row("colour", said(being(np("door", This), Predicate::Quality, "red")), "this door is red",
            "这 扇 门 是 红色 的");
    }
    {
        Clause doctor = being(he, Predicate::Identity);
        doctor.object = np("doctor", Indefinite);
        row("is a", said(doctor), "he is a doctor", "他 是 医生");
        doctor.object = with(np("doctor", Indefinite), "young");
        row("is a young", said(doctor), "he is a young doctor", "他 是 一 位 年轻 的 医生");
        row("is not a young", said(negated(doctor)), "he is not a young doctor", "他 不 是 年轻 的 医生");
    }
    {
        Clause give = act(teacher, "give", Tense::Past, np("gift", Indefinite), Frame::Give);
        give.recipient = she;
        row("give something", said(give), "the teacher gave a gift to her", "老师 给 了 她 一 件 礼物");
        give.object = np("gift", That);
        row("give it", said(give), "the teacher gave that gift to her", "老师 把 那 件 礼物 给 了 她");
        row("not give it", said(negated(give)), "the teacher did not give that gift to her",
            "老师 没有 把 那 件 礼物 给 她");
        Clause send = act(i, "send", Tense::Past, np("letter", Indefinite), Frame::Benefit);
        send.recipient = np("grandmother", My);
        row("send", said(send), "I sent a letter to my grandmother", "我 给 我 奶奶 寄 了 一 封 信");
        row("put", said(at(act(she, "place", Tense::Past, np("magazine"), Frame::Put), "on", np("bed"))),
            "she placed the magazine on the bed", "她 把 杂志 放 在 了 床 上");
    }
    {
        Clause broken = being(np("vase"), Predicate::Passive);
        broken.verb = &verb("break");
        broken.tense = Tense::Past;
        row("no doer", said(broken), "the vase was broken", "花瓶 被 打破 了");
        broken.agent = np("cat");
        row("被", said(broken), "the vase was broken by the cat", "花瓶 被 猫 打破 了");
        row("not 被", said(negated(broken)), "the vase was not broken by the cat", "花瓶 没有 被 猫 打破");
    }
    row("every", said(act(np("student", Every), "like", Tense::Present, np("professor", This))),
        "every student likes this professor", "每 个 学生 都 喜欢 这 位 教授");
    row("all", said(on(alone(np("tourist", All, true), "leave", Tense::Past), "yesterday")),
        "all the tourists left yesterday", "所有 的 游客 昨天 都 离开 了");
    row("do you", said(ask(act(pronoun(Pronoun::You), "know", Tense::Present, teacher), Question::YesNo)),
        "do you know the teacher ?", "你 认识 老师 吗 ？");
    row("whom", said(ask(act(named("Li Ming"), "invite", Tense::Past), Question::Whom)),
        "whom did Li Ming invite ?", "李明 邀请 了 谁 ？");
    row("where", said(ask(alone(np("engineer"), "work", Tense::Present), Question::Where)),
        "where does the engineer work ?", "工程师 在 哪里 工作 ？");
    row("where to", said(ask(act(she, "go to", Tense::Past, {}, Frame::Goal), Question::Where)),
        "where did she go ?", "她 去 了 哪里 ？");
    row("why", said(ask(alone(boy, "leave", Tense::Past), Question::Why)), "why did the boy leave ?",
        "男孩 为什么 离开 了 ？");
    row("who", said(ask(act({}, "open", Tense::Past, np("door")), Question::Who)), "who opened the door ?",
        "谁 打开 了 门 ？");

    const Clause bought = act(boy, "buy", Tense::Past), knows = act({}, "know", Tense::Present, teacher);
    row("relative, object",
        said(being(related(np("book"), on(bought, "yesterday"), Clause::Gap::Object), Predicate::Quality,
                   "interesting")),
        "the book that the boy bought yesterday is interesting", "男孩 昨天 买 的 书 很 有趣");
    row("relative, subject",
        said(alone(related(np("man"), knows, Clause::Gap::Subject), "arrive", Tense::Past)),
        "the man who knows the teacher arrived", "认识 老师 的 男人 到 了");
    row("relative before this",
        said(act(i, "like", Tense::Present,
                 related(np("skirt", This), act(she, "design", Tense::Past), Clause::Gap::Object))),
        "I like this skirt that she designed", "我 喜欢 她 设计 的 这 条 裙子");
    row("because",
        said(being(i, Predicate::Quality, "happy"), "because",
             on(alone(they, "arrive", Tense::Past), "today")),
        "I am happy because they arrived today", "因为 他们 今天 到 了 ， 所以 我 很 高兴");
    row("when",
        said(act(she, "open", Tense::Past, np("window")), "when", alone(he, "leave", Tense::Past), true),
        "when he left , she opened the window", "他 离开 的 时候 ， 她 打开 了 窗户");
    row("but",
        said(act(i, "invite", Tense::Past, he), "but",
             negated(act(he, "come to", Tense::Past, named("London"), Frame::Goal))),
        "I invited him but he did not come to London", "我 邀请 了 他 ， 但是 他 没有 来 伦敦");
    {
        Clause went = act(we, "go to", Tense::Past, named("China"), Frame::Goal);
        went.companion = np("friend", Our, true);
        went.vehicle = &vehicles()[1];
        went.time = Time{};
        went.time->month = 4;
        went.time->year = 2019;
        row("time, company, vehicle", said(went), "we went to China with our friends by plane in May 2019",
            "我们 2019 年 五月 跟 我们 的 朋友 们 一起 坐 飞机 去 了 中国");
        went = alone(they, "arrive", Tense::Past);
        went.time = Time{};
        went.time->ago = 2;
        went.time->unit = 1;
        row("ago", said(went), "they arrived two weeks ago", "他们 两 个 星期 前 到 了");
        Clause thinks = act(np("nurse"), "think", Tense::Present, {}, Frame::Clausal);
        thinks.content.push_back(being(np("child"), Predicate::Quality, "hungry"));
        row("thinks that", said(thinks), "the nurse thinks that the child is hungry", "护士 觉得 孩子 很 饿");
    }
    return rows;
}

} // namespace

TEST_CASE("grammar") {
    for (const GrammarRow& row : grammarRows()) {
        CAPTURE(row.row);
        const std::string& english = row.english;
        const std::string& chinese = row.chinese;
        const std::string& expectedEnglish = row.expectedEnglish;
        const std::string& expectedChinese = row.expectedChinese;
        REQUIRE(english == expectedEnglish);
        REQUIRE(chinese == expectedChinese);
    }
}

namespace {

struct LinksByHandRow {
    std::string row;
    std::string links;
    std::string expected;
};

std::vector<LinksByHandRow> linksByHandRows() {
    std::vector<LinksByHandRow> rows;
    const auto row = [&](const char* label, const Example& example, const char* links) {
        rows.push_back({label, written(example.links), links});
    };
    using enum Determiner;
    // he bought three books | 他 买 了 三 本 书
    row("numeral", said(act(pronoun(Pronoun::He), "buy", Tense::Past, np("book", Number, true, 3))),
        "0-0 1-1 1?2 2-3 2?4 3?4 3-5");
    // the book that Paul likes is new | 保罗 喜欢 的 书 很 新
    row("relative",
        said(being(related(np("book"), act(named("Paul"), "like", Tense::Present), Clause::Gap::Object),
                   Predicate::Quality, "new")),
        "3-0 4-1 2-2 0?3 1-3 5?4 6?4 6-5");
    // she closed the door of the hospital | 她 关上 了 医院 的 门
    row("of", said(act(pronoun(Pronoun::She), "close", Tense::Past, of(np("door"), np("hospital")))),
        "0-0 1-1 1?2 5?3 6-3 4-4 2?5 3-5");
    // she works in the park | 她 在 公园 里 工作
    row("place", said(at(alone(pronoun(Pronoun::She), "work", Tense::Present), "in", np("park"))),
        "0-0 2-1 3?2 4-2 2-3 1-4");
    // there is a cat on the bed | 床 上 有 一 只 猫
    {
        Clause there = at(being({}, Predicate::Existence), "on", np("bed"));
        there.object = np("cat", Indefinite);
        row("there", said(there), "5?0 6-0 4-1 0?2 1-2 2-3 2?4 3?4 3-5");
    }
    // the dog is smaller than him | 狗 比 他 小
    {
        Clause smaller = being(np("dog"), Predicate::Comparison, "small");
        smaller.standard = pronoun(Pronoun::He);
        row("than", said(smaller), "0?0 1-0 2?1 4-1 5-2 3-3");
    }
    // did she leave ? | 她 离开 了 吗 ？
    row("question", said(ask(alone(pronoun(Pronoun::She), "leave", Tense::Past), Question::YesNo)),
        "1-0 2-1 0?2 2?2 0?3 3?3 3-4");
    return rows;
}

} // namespace

TEST_CASE("links by hand") {
    for (const LinksByHandRow& row : linksByHandRows()) {
        CAPTURE(row.row);
        const std::string& links = row.links;
        const std::string& expected = row.expected;
        REQUIRE(links == expected);
    }
}

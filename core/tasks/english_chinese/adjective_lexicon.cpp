// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/english_chinese/lexicon.h"

namespace attn::english_chinese {

const std::vector<Adjective>& adjectives() {
    constexpr Adjective::Use bare = Adjective::Bare, marked = Adjective::Marked, after = Adjective::Predicate;
    constexpr unsigned objects = Thing | Clothes | Vehicle | Bike;
    constexpr unsigned rooms = Inside | Building;
    static const std::vector<Adjective> table = {
        {"big", "bigger", "大", Animal | Building | Inside | Tall | Fragile | Opening, bare},
        {"small", "smaller", "小", Animal | Building | Inside | Tall | Fragile | Opening, bare},
        {"new", "newer", "新", objects | Text | Building | Surface | Show | Topic, bare},
        {"old", "", "旧", objects | Surface | Opening, bare, false, false},
        {"old", "", "老", Animal, bare, false, false},
        {"good", "", "好", Text | Show | Topic | Work, bare, false, false},
        {"dirty", "dirtier", "脏", Clothes | Fragile | Vehicle, bare},
        {"red", "", "红色", objects | Opening, marked, true, false},
        {"blue", "", "蓝色", objects | Opening, marked, true, false},
        {"green", "", "绿色", objects | Opening, marked, true, false},
        {"black", "", "黑色", Animal | objects, marked, true, false},
        {"white", "", "白色", Animal | objects, marked, true, false},
        {"beautiful", "", "漂亮", Clothes | Sight | Building | Fragile | Town, marked},
        {"cheap", "cheaper", "便宜", objects | Food, marked},
        {"expensive", "", "贵", objects | Food, after},
        {"heavy", "heavier", "重", Thing, after},
        {"long", "longer", "长", Text | Event, after},
        {"interesting", "", "有趣", Text | Show | Topic, marked},
        {"boring", "", "无聊", Text | Show, marked},
        {"important", "", "重要", Text | Topic | Event, marked},
        {"difficult", "", "难", Job | Language, after},
        {"simple", "simpler", "简单", Topic | Job, marked},
        {"useful", "", "有用", Text | Topic | Thing, marked},
        {"strange", "stranger", "奇怪", Animal | Topic | Show, marked},
        {"famous", "", "有名", Sight | Work | Town | Text, marked},
        {"clean", "cleaner", "干净", Clothes | rooms | Fragile, marked},
        {"quiet", "quieter", "安静", Inside | Stop, marked},
        {"safe", "safer", "安全", rooms | Town, marked},
        {"dangerous", "", "危险", Animal | Job, marked},
        {"comfortable", "", "舒服", Clothes | Surface | Inside, marked},
        {"fresh", "fresher", "新鲜", Food, marked},
        {"delicious", "", "好吃", Food, marked},
        {"young", "younger", "年轻", Person, marked},
        {"smart", "smarter", "聪明", Person | Animal, marked},
        {"brave", "braver", "勇敢", Person | Animal, marked},
        {"friendly", "friendlier", "友好", Person, marked},
        {"rich", "richer", "有钱", Person, marked},
        {"tall", "taller", "高", Person | Tall, after},
        {"tired", "", "累", Person, after},
        {"happy", "happier", "高兴", Person, after},
        {"sad", "sadder", "难过", Person, after},
        {"busy", "busier", "忙", Person, after},
        {"hungry", "hungrier", "饿", Person | Animal, after},
        {"nervous", "", "紧张", Person, after},
    };
    return table;
}

} // namespace attn::english_chinese
